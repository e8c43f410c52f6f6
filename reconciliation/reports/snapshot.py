"""Freeze a report's figures: after this, PDF, workbook and JSON are written from the snapshot alone."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.conf import settings

from beneficiaries.models import BenefitCategory, Programme
from reconciliation.models import ReportSnapshot
from reconciliation.reports.breakdowns import (
    data_quality,
    funds,
    open_work,
    opening_steps,
    persons_by_sex_and_age,
    registers_of,
)
from reconciliation.reports.comparison import compare_with_earlier
from reconciliation.reports.counting import Counted, Counts, Row, added, count_everything, filled
from reconciliation.reports.definition_versions import SCHEMA
from reconciliation.reports.definitions import RATES, definitions_as_json
from reconciliation.reports.differences import find_differences
from reconciliation.reports.frozen_view import frozen_view
from reconciliation.reports.known_then import history_end, known_then
from reconciliation.reports.letterhead import agency_of
from reconciliation.reports.reasons import explain_gap
from reconciliation.reports.sentences import period_kind, rate_percent
from reconciliation.reports.small_groups import merge_small_groups
from staff.models import AdministrativeUnit, SealCheck, User
from staff.services.sealing import last_seal_digest

_GROUP_KEYS = ("beneficiaries", "accounts", "paid_cashless", "account_money", "cash_money")


@frozen_view()
def take_snapshot(
    *, unit: AdministrativeUnit, from_on: date, to_on: date, now: datetime, actor: User | None = None
) -> ReportSnapshot:
    """Count everything below `unit` for the cycles of the period, as of 24:00 of `to_on` in Vietnam, and keep it.

    The digest covers figures, definitions and names of agencies, not the moment of counting: counting unchanged data again gives it again.
    Raises ValueError for a period that ends before it starts.
    """
    if to_on < from_on:
        raise ValueError("to_on lies before from_on")
    kind = period_kind(from_on=from_on, to_on=to_on)
    figures = count_figures(unit=unit, from_on=from_on, to_on=to_on, kind=kind, known_at=now)
    check = SealCheck.objects.order_by("-pk").first()
    return ReportSnapshot.objects.create(
        kind=kind, unit=unit, from_on=from_on, to_on=to_on, figures=figures, ties_out=not figures["differences"], digest=digest_of(figures),
        seal_digest=last_seal_digest(), seal_checked_at=check.checked_at if check else None,
        seal_findings=check.finding_count if check else None, history_id=history_end(), created_at=now, created_by=actor,
    )  # fmt: skip


def digest_of(figures: dict[str, Any]) -> str:
    """SHA-256, hexadecimal, over the canonical JSON: sorted keys, no spaces, UTF-8."""
    return hashlib.sha256(canonical_json(figures).encode()).hexdigest()


def canonical_json(figures: dict[str, Any]) -> str:
    """The one way the figures are written down when they are digested."""
    return json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@frozen_view()
def count_figures(
    *, unit: AdministrativeUnit, from_on: date, to_on: date, kind: str, known_at: datetime | None = None
) -> dict[str, Any]:
    """The figures a snapshot taken now would freeze, all of one moment; writes nothing that stays. `known_at`: when an earlier one was taken."""
    counted = count_everything(scope=unit.path, from_on=from_on, to_on=to_on, known_at=known_at)
    units = _units(unit, counted, to_on=to_on)
    total: Counts = added(list(counted.communes.values()))
    gap = explain_gap(counted.missed)
    registers = registers_of(counted)
    values = total | registers | {"paid_money": total["account_money"] + total["cash_money"]}
    return {
        "schema": SCHEMA,
        "kind": kind,
        "unit": {"code": unit.code, "name": unit.name, "kind": unit.kind},
        "period": {"from": from_on.isoformat(), "to": to_on.isoformat()},
        "as_of": f"{to_on.isoformat()}T24:00:00+07:00",
        "agency": agency_of(unit),
        "target": {"setter": settings.TARGET_SETTER, "percent": str(settings.COVERAGE_TARGET_PERCENT)},
        "definitions": definitions_as_json(),
        "headline": total,
        "rates": {
            rate.key: {
                "numerator": values[rate.numerator],
                "denominator": values[rate.denominator],
                "percent": rate_percent(values[rate.numerator], values[rate.denominator]),
            }
            for rate in RATES
        },
        "units": units,
        "programmes": _programmes(counted),
        "gap": gap,
        "registers": registers,
        "registers_by_unit": counted.registers,
        "statement": counted.statement,
        "cash_results": counted.cash_results,
        "persons": persons_by_sex_and_age(counted),
        "opening": opening_steps(unit=unit, on=to_on),
        "quality": data_quality(counted),
        "funds": funds(counted),
        "budget": counted.budget,
        "work": open_work(counted),
        "comparison": compare_with_earlier(
            unit=unit, kind=kind, from_on=from_on, to_on=to_on, total=total, known_at=known_at
        ),
        "differences": find_differences(total=total, units=units, checks=counted.differences, gap_people=gap["people"]),
    }


@frozen_view()
def count_as_known(snapshot: ReportSnapshot) -> dict[str, Any]:
    """The figures of a snapshot counted again from the rows as they were known when it was taken; what the bank says of its days, as it is known now."""
    with known_then(snapshot.history_id):
        return count_figures(
            unit=snapshot.unit,
            from_on=snapshot.from_on,
            to_on=snapshot.to_on,
            kind=snapshot.kind,
            known_at=snapshot.created_at,
        )


def _units(unit: AdministrativeUnit, counted: Counted, *, to_on: date) -> list[Row]:
    """Units below (and with) `unit` in the order of their codes, each with the sum of its communes; those of another time only with figures."""
    rows: list[Row] = []
    below = list(AdministrativeUnit.objects.filter(path__startswith=unit.path).order_by("path"))
    paths = {each.code: each.path for each in below}
    for each in below:
        parts = [counts for code, counts in counted.communes.items() if paths[code].startswith(each.path)]
        current = (each.valid_from is None or each.valid_from <= to_on) and (
            each.valid_to is None or each.valid_to > to_on
        )
        if parts or current:
            parent = each.path.split("/")[-3] if each.pk != unit.pk else ""
            rows.append({"code": each.code, "name": each.name, "kind": each.kind, "parent": parent, **added(parts)})
    return rows


def _programmes(counted: Counted) -> list[Row]:
    """One row per programme with its categories, sensitive ones by neutral code alone, small ones merged."""
    categories = {category.code: category for category in BenefitCategory.objects.all()}
    rows: list[Row] = []
    for programme in Programme.objects.order_by("code"):
        own = [row for row in counted.groups if row["programme"] == programme.code]
        if not own:
            continue
        whole = next((row for row in own if row["category"] is None), {})
        groups = [_group(categories[row["category"]], row) for row in own if row["category"] is not None]
        rows.append(
            {
                "code": programme.code, "name": programme.name, "budget_source": programme.budget_source,
                **{key: whole.get(key, 0) for key in _GROUP_KEYS},
                "groups": [{key: group[key] for key in ("code", "name", *_GROUP_KEYS)} for group in merge_small_groups(groups)],
            }
        )  # fmt: skip
    return rows


def _group(category: BenefitCategory, row: Row) -> Row:
    name = f"Nhóm {category.neutral_code}" if category.sensitive else category.name
    return {"code": category.neutral_code, "name": name, "sensitive": category.sensitive, **filled(row)}
