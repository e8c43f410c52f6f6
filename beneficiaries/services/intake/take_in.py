"""Write rows of a registry as people, enrolments, decisions and accounts, and keep every row as received."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from beneficiaries.linkage.names import name_key, sort_key
from beneficiaries.linkage.signers import signer_as_kept
from beneficiaries.models import (
    BankAccount,
    Beneficiary,
    BenefitCategory,
    Case,
    Decision,
    Enrolment,
    Outcome,
    PayeeKind,
    ReceivedFile,
    RegistryRow,
    rule_of,
)
from beneficiaries.parsers.registry import RegistryEntry
from beneficiaries.services.accounts.banks import account_fault, account_named
from beneficiaries.services.accounts.change_account import begin_changes
from beneficiaries.services.intake.assess_registry import AssessedRow
from beneficiaries.services.intake.named_payees import ask_about_payees
from beneficiaries.services.intake.receive import ROW
from beneficiaries.services.numbers import keep_account_numbers, keep_identity_numbers
from staff.bulk import copy_rows, draw_ids
from staff.encryption import seal
from staff.models import AdministrativeUnit
from staff.services.working_days import working_days_after


def take_in(
    rows: Sequence[AssessedRow], *, file: ReceivedFile, unit: AdministrativeUnit, take_over: bool, now: datetime
) -> int:
    """Add what is new among `rows` (a whole list or a piece of one) and keep them all; return how many enrolments were added.

    `take_over`: whether the sender may say which month was paid last, so that an account counts as proven.
    """
    fresh = [row.entry for row in rows if row.outcome is Outcome.NEW]
    enrolment_ids = _add(fresh, file=file, unit=unit, take_over=take_over, now=now)
    _open_cases(fresh, enrolment_ids=enrolment_ids, unit=unit, now=now)
    doubts = [(row.enrolment_id or enrolment_ids.get(row.entry.code), row.doubt) for row in rows]
    ask_about_payees({pk: doubt for pk, doubt in doubts if pk and doubt}, now=now)
    copy_rows(
        RegistryRow._meta.db_table,
        ("file_id", "row_number", "row_digest", "sealed", "errors", "rejected", "enrolment_id"),
        (
            (
                file.pk,
                row.entry.row_number,
                row.digest,
                seal(json.dumps(row.entry.raw, default=str, ensure_ascii=False).encode(), purpose=ROW),
                json.dumps([error.as_json() for error in row.entry.errors], ensure_ascii=False),
                row.entry.rejected,
                enrolment_ids.get(row.entry.code),
            )
            for row in rows
        ),
    )
    return len(fresh)


def _open_cases(
    fresh: Sequence[RegistryEntry], *, enrolment_ids: dict[str, int], unit: AdministrativeUnit, now: datetime
) -> None:
    """An account at a bank nobody can name is not kept; somebody must ask, and nobody is unpaid for it."""
    faults = {
        enrolment_ids[entry.code]: fault
        for entry in fresh
        if (fault := account_fault(bank=entry.bank, number=entry.account))
    }
    today = timezone.localdate(now)
    Case.objects.bulk_create(
        [
            Case(
                kind=Case.Kind.ACCOUNT,
                beneficiary_id=beneficiary,
                enrolment_id=enrolment,
                unit=unit,
                reason=faults[enrolment].code,
                subject=faults[enrolment].code,
                evidence=[faults[enrolment].evidence],
                opened_at=now,
                due_on=working_days_after(today, rule_of(Case.Kind.ACCOUNT, faults[enrolment].code).days),
            )
            for enrolment, beneficiary in Enrolment.objects.filter(pk__in=faults).values_list("id", "beneficiary_id")
        ],
        ignore_conflicts=True,
    )


def _add(
    entries: list[RegistryEntry], *, file: ReceivedFile, unit: AdministrativeUnit, take_over: bool, now: datetime
) -> dict[str, int]:
    if not entries:
        return {}
    numbers = keep_identity_numbers({entry.number for entry in entries if entry.number})
    beneficiary_ids = _add_beneficiaries(entries, numbers=numbers, unit=unit)
    enrolment_ids = dict(zip((entry.code for entry in entries), draw_ids(Enrolment, len(entries)), strict=True))
    _add_enrolments(entries, beneficiary_ids=beneficiary_ids, enrolment_ids=enrolment_ids, unit=unit)
    copy_rows(
        Decision._meta.db_table,
        ("enrolment_id", "kind", "number", "signed_on", "signer", "effective_month", "reason"),
        (
            (
                enrolment_ids[entry.code],
                "GRANT",
                entry.decision_number,
                entry.decision_date,
                signer_as_kept(entry.decision_signer),
                entry.starts,
                "",
            )
            for entry in entries
            if entry.decision_number and entry.decision_date
        ),
    )
    _add_accounts(entries, beneficiary_ids=beneficiary_ids, file=file, take_over=take_over, now=now)
    return enrolment_ids


def _add_beneficiaries(
    entries: list[RegistryEntry], *, numbers: dict[str, int], unit: AdministrativeUnit
) -> dict[str, int]:
    """One person per number, name and birth year within the commune; a row without such proof is a person of its own."""
    known = {
        (number, key, year): pk
        for pk, number, key, year in Beneficiary.objects.filter(unit=unit, number__in=numbers.values()).values_list(
            "id", "number_id", "name_key", "birth_year"
        )
    }
    fresh_ids = iter(draw_ids(Beneficiary, len(entries)))
    by_code: dict[str, int] = {}
    rows = []
    for entry in entries:
        key = name_key(entry.name)
        number = numbers.get(entry.number) if entry.number else None
        year = entry.birth.year if entry.birth else None
        same = known.get((number, key, year)) if number and year else None
        if same is None:
            same = next(fresh_ids)
            full = entry.birth.full if entry.birth else None
            rows.append(
                (
                    same,
                    entry.name,
                    key,
                    sort_key(entry.name),
                    full,
                    year,
                    entry.sex,
                    number,
                    unit.pk,
                    entry.hamlet[:60],
                    "UNCHECKED",
                )
            )
            if number and year:
                known[(number, key, year)] = same
        by_code[entry.code] = same
    copy_rows(
        Beneficiary._meta.db_table,
        (
            "id",
            "full_name",
            "name_key",
            "sort_key",
            "birth_date",
            "birth_year",
            "sex",
            "number_id",
            "unit_id",
            "hamlet",
            "identity_status",
        ),
        rows,
    )
    return by_code


def _add_enrolments(
    entries: list[RegistryEntry],
    *,
    beneficiary_ids: dict[str, int],
    enrolment_ids: dict[str, int],
    unit: AdministrativeUnit,
) -> None:
    categories = {
        code: (pk, programme)
        for code, pk, programme in BenefitCategory.objects.values_list("neutral_code", "id", "programme_id")
    }
    copy_rows(
        Enrolment._meta.db_table,
        (
            "id",
            "code",
            "beneficiary_id",
            "category_id",
            "programme_id",
            "unit_id",
            "coefficient",
            "starts_month",
            "paid_through_month",
            "payee_kind",
            "payee_name",
            "payee_paper_until",
        ),
        (
            (
                enrolment_ids[entry.code],
                entry.code,
                beneficiary_ids[entry.code],
                *categories[entry.category],
                unit.pk,
                entry.coefficient,
                entry.starts,
                entry.paid_through,
                entry.payee_kind,
                "" if entry.payee_kind == PayeeKind.OWN else entry.payee_name,
                entry.payee_until,
            )
            for entry in entries
        ),
    )


def _add_accounts(
    entries: list[RegistryEntry],
    *,
    beneficiary_ids: dict[str, int],
    file: ReceivedFile,
    take_over: bool,
    now: datetime,
) -> None:
    """The account that was being paid when the registry was taken over: proven by the month it was last credited.

    Only who may take over opening balances can say so; from a ward alone an account is no more than named, and must be confirmed.
    Whoever was known with another account before gets this one only when a second person says so.
    """
    with_account = [
        (entry, *named) for entry in entries if (named := account_named(bank=entry.bank, number=entry.account))
    ]
    numbers = keep_account_numbers((bank_bin, digits) for _, bank_bin, digits in with_account)
    rows: dict[tuple[int, int], tuple[object, ...]] = {}
    for entry, bank_bin, digits in with_account:
        beneficiary, number = beneficiary_ids[entry.code], numbers[(bank_bin, digits)]
        rows[(beneficiary, number)] = (
            beneficiary,
            number,
            bank_bin,
            # In whose name a payee's account is said to be, as a slip says it too: whoever receives later is held against it.
            "" if entry.payee_kind == PayeeKind.OWN else entry.payee_name,
            entry.payee_kind,
            "REGISTRY",
            "OPENED",
            "" if take_over else "ACCOUNT_PENDING",
            entry.paid_through if take_over else None,
        )
    mine = BankAccount.objects.filter(beneficiary__in=set(beneficiary_ids.values()))
    known = set(mine.values_list("beneficiary_id", "number_id"))
    provided = {beneficiary for beneficiary, _ in known}
    copy_rows(
        BankAccount._meta.db_table,
        (
            "beneficiary_id",
            "number_id",
            "bank_bin",
            "holder_name",
            "holder_kind",
            "source",
            "status",
            "reason",
            "last_credited_month",
        ),
        (row for key, row in rows.items() if key not in known),
    )
    if provided and file.received_by is not None:
        added = mine.filter(beneficiary__in=provided).values_list("pk", "beneficiary_id", "number_id")
        begin_changes(
            account_ids=[pk for pk, beneficiary, number in added if (beneficiary, number) in rows.keys() - known],
            actor=file.received_by,
            now=now,
        )
