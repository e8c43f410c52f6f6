"""The four scores of the ground rule, per commune and programme and day, and who signed for them. The definitions are these and no others:

files     live enrolments of the commune in the programme at the end of the day
correct   (đúng)  the person agrees with identity data: MATCHED
complete  (đủ)    number, full birth date, hamlet and a decision are all there
cleaned   (sạch)  the number, where there is one, is well formed and fits sex and birth year (an old card no longer does from 2025), the name
                  has two words or more, and neither person nor enrolment is suspected to be a duplicate
live      (sống)  confirmed alive within `LIVE_WITHIN_DAYS`: by a verdict "khớp đúng", or linked to a resident who is not dead in that time
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, Sum
from django.utils.timezone import localdate

from beneficiaries.errors import NothingToSignFor, SignedAlready, SignedForAnotherLevel, UnitsBelowNotSigned
from beneficiaries.linkage.numbers import doubts_of
from beneficiaries.models import Beneficiary, CaseKind, QualityScore, QualitySignOff, SignOffLevel
from beneficiaries.models.quality import COUNTS
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.numbers import NumberAltered, reveal_identity_number
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

OLD_CARDS_END = date(2025, 1, 1)  # Law on Identity 26/2023/QH15, art. 46

_MEASURE = """
WITH people AS (
    SELECT b.id, b.identity_status, b.number_id, b.same_as_id, b.birth_date, b.hamlet, b.full_name,
           CASE WHEN b.identity_status <> 'CONFLICT' THEN r.deceased_on END AS deceased_on,
           b.id = ANY(%(ill_formed)s::bigint[]) AS ill_formed,
           EXISTS (SELECT 1 FROM beneficiaries_case c WHERE c.beneficiary_id = b.id AND c.kind = 'DUPLICATE' AND c.status IN ('OPEN', 'PROPOSED', 'ESCALATED'))
               OR b.same_as_id IS NOT NULL AND EXISTS (
                   SELECT 1 FROM beneficiaries_enrolment e JOIN beneficiaries_enrolment f ON f.programme_id = e.programme_id
                   WHERE e.beneficiary_id = b.id AND f.beneficiary_id = b.same_as_id AND e.ended_month IS NULL AND f.ended_month IS NULL) AS twice,
           (SELECT m.band = 'REVIEWED' FROM beneficiaries_identitymatch m WHERE m.beneficiary_id = b.id ORDER BY m.id DESC LIMIT 1) AS by_people,
           (SELECT max(m.decided_at) FROM beneficiaries_identitymatch m WHERE m.beneficiary_id = b.id AND m.identity_id = b.identity_id) AS linked_at,
           v.outcome, v.answered_on
    FROM beneficiaries_beneficiary b
    LEFT JOIN beneficiaries_identityrecord r ON r.id = b.identity_id
    LEFT JOIN LATERAL (SELECT outcome, answered_on FROM beneficiaries_verdict v WHERE v.beneficiary_id = b.id AND v.answered_on <= %(on)s
                       ORDER BY v.answered_on DESC, v.id DESC LIMIT 1) v ON true
), judged AS (
    SELECT e.unit_id, e.programme_id,
           p.identity_status = 'MATCHED' AS correct,
           p.number_id IS NOT NULL AND p.birth_date IS NOT NULL AND p.hamlet <> ''
               AND EXISTS (SELECT 1 FROM beneficiaries_decision d WHERE d.enrolment_id = e.id) AS complete,
           NOT p.ill_formed AND NOT p.twice AND p.full_name ~ '\\S[ '']\\S' AS cleaned,
           p.deceased_on IS NULL AND p.outcome IS DISTINCT FROM 'DECEASED'
               AND (p.outcome = 'MATCHES' AND p.answered_on > %(since)s OR p.identity_status = 'MATCHED' AND p.linked_at::date > %(since)s) AS live,
           p.identity_status = 'MATCHED' AND p.by_people AS solved,
           p.identity_status IN ('REVIEW', 'CONFLICT', 'UNCHECKED') AND p.number_id IS NOT NULL AS open,
           p.number_id IS NULL AS without_number, p.identity_status = 'NOT_FOUND' AS not_found, p.twice,
           p.deceased_on IS NOT NULL OR p.outcome IS NOT DISTINCT FROM 'DECEASED' AS dead
    FROM beneficiaries_enrolment e JOIN people p ON p.id = e.beneficiary_id
    WHERE e.starts_month <= %(on)s AND (e.ended_month IS NULL OR e.ended_month > %(on)s)
)
INSERT INTO beneficiaries_qualityscore
    (taken_on, unit_id, programme_id, files, correct, complete, cleaned, live, solved_mismatches, open_mismatches,
     without_number, not_found, duplicates, deceased)
SELECT %(on)s, unit_id, programme_id, count(*), count(*) FILTER (WHERE correct), count(*) FILTER (WHERE complete), count(*) FILTER (WHERE cleaned),
       count(*) FILTER (WHERE live), count(*) FILTER (WHERE solved), count(*) FILTER (WHERE open), count(*) FILTER (WHERE without_number),
       count(*) FILTER (WHERE not_found), count(*) FILTER (WHERE twice), count(*) FILTER (WHERE dead)
FROM judged GROUP BY unit_id, programme_id
ON CONFLICT (taken_on, unit_id, programme_id) DO NOTHING
"""
_ALTERED = """
WITH found AS (
    SELECT b.id AS beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, b.unit_id, 'NUMBER_ALTERED' AS reason, '' AS subject,
           jsonb_build_array('số định danh lưu trong hệ thống không còn là số đã ghi') AS evidence
    FROM beneficiaries_beneficiary b WHERE b.id = ANY(%(people)s)
)"""


@transaction.atomic
def measure_quality(*, now: datetime) -> int:
    """Count today's figures of every commune and programme; returns the rows added. A day is counted once: repeating adds nothing.

    Numbers are opened in memory to be checked, a thousand at a time, and written nowhere.
    """
    on = localdate(now)
    if QualityScore.objects.filter(taken_on=on).exists():
        return 0
    ill_formed, altered = _looked_through(on=on, extra_codes=settings.EXTRA_REGISTRATION_CODES)
    if altered:
        raise_cases(kind=CaseKind.IDENTITY, found=_ALTERED, given={"people": altered}, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            _MEASURE, {"on": on, "since": on - timedelta(days=settings.LIVE_WITHIN_DAYS), "ill_formed": ill_formed}
        )
        return int(cursor.rowcount)


def _looked_through(*, on: date, extra_codes: Collection[str]) -> tuple[list[int], list[int]]:
    """People (ids) whose number is not well formed, and among them those whose kept number is not the one its digest stands for."""
    people = Beneficiary.objects.filter(number__isnull=False, enrolments__isnull=False).distinct()
    rows = people.values_list("pk", "birth_year", "sex", "number__sealed", "number__digest").iterator(chunk_size=1000)
    ill_formed, altered = [], []
    for pk, birth_year, sex, sealed, digest in rows:
        try:
            digits = reveal_identity_number(sealed, digest=digest)
        except NumberAltered:
            altered.append(pk)
            digits = ""
        if not _well_formed(digits, birth_year=birth_year, sex=sex, on=on, extra_codes=extra_codes):
            ill_formed.append(pk)
    return ill_formed, altered


def _well_formed(digits: str, *, birth_year: int | None, sex: str, on: date, extra_codes: Collection[str]) -> bool:
    if len(digits) == 9:
        return on < OLD_CARDS_END
    return len(digits) == 12 and not any(doubts_of(digits, birth_year=birth_year, sex=sex, extra_codes=extra_codes))


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over a unit and all below it on one day; the keys are `files` and those of `COUNTS`."""

    taken_on: date
    sums: dict[str, int]


def figures_over_time(*, unit: AdministrativeUnit, programme: str, days: int) -> list[Figures]:
    """The last `days` counted days of a unit, newest first; of one programme (its code) or of all ("")."""
    scores = QualityScore.objects.filter(unit__path__startswith=unit.path)
    if programme:
        scores = scores.filter(programme__code=programme)
    rows = scores.values("taken_on").order_by("-taken_on").annotate(**_sums())[:days]
    return [Figures(taken_on=row["taken_on"], sums=_counts(dict(row))) for row in rows]


@transaction.atomic
def sign_off(*, unit: AdministrativeUnit, taken_on: date, note: str, actor: User, now: datetime) -> QualitySignOff:
    """The unit answers for its figures of that day; a higher unit only after every commune below it, and every unit between that
    `SIGN_OFF_BETWEEN` named when the database was last migrated, has, and by somebody who signed for none of them. The figures are kept with it.

    Raises `NotAllowed`, `NothingToSignFor`, `SignedAlready`, `UnitsBelowNotSigned`, `SignedForAnotherLevel`; the database holds all but the first too.
    """
    require(actor, Right.SIGN_OFF_DATA, unit=unit)
    AdministrativeUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    scores = QualityScore.objects.filter(taken_on=taken_on, unit__path__startswith=unit.path)
    sums = _counts(scores.aggregate(**_sums()))
    if not sums["files"]:
        raise NothingToSignFor
    signed = QualitySignOff.objects.filter(taken_on=taken_on)
    if signed.filter(unit=unit).exists():
        raise SignedAlready
    done = set(signed.values_list("unit", flat=True))
    if codes := [one.code for one in _below(unit, taken_on=taken_on) if one.pk not in done]:
        raise UnitsBelowNotSigned(conflicts=codes)
    if above_or_below := signed_at_other_levels(unit=unit, taken_on=taken_on, actor=actor):
        raise SignedForAnotherLevel(conflicts=[one.code for one in above_or_below])
    return QualitySignOff.objects.create(
        taken_on=taken_on, unit=unit, signed_by=actor, signed_at=now, note=note, figures=sums
    )


def signed_at_other_levels(*, unit: AdministrativeUnit, taken_on: date, actor: User) -> list[AdministrativeUnit]:
    """Units above or below `unit` the actor signed for that day, by code: whoever did answers for no other level of the same figures."""
    theirs = QualitySignOff.objects.filter(taken_on=taken_on, signed_by=actor).select_related("unit")
    return [
        one.unit for one in theirs.order_by("unit__code") if _one_holds_the_other(one.unit, unit) and one.unit != unit
    ]


def _one_holds_the_other(one: AdministrativeUnit, other: AdministrativeUnit) -> bool:
    return one.path.startswith(other.path) or other.path.startswith(one.path)


@dataclass(frozen=True, slots=True)
class SignedUnit:
    """A unit with figures of a day (`sums`, with all below it) and who answered for them; None: nobody yet. `own`: the one looked at."""

    unit: AdministrativeUnit
    own: bool
    sums: dict[str, int]
    signed_by: str | None
    signed_at: datetime | None
    note: str


def _below(unit: AdministrativeUnit, *, taken_on: date) -> list[AdministrativeUnit]:
    """Whose signatures a higher unit waits for, by code: those with figures of the day, and the levels between that sign too."""
    measured = QualityScore.objects.filter(taken_on=taken_on, unit__path__startswith=unit.path).values("unit")
    communes = AdministrativeUnit.objects.filter(pk__in=measured).exclude(pk=unit.pk)
    above = {code for path in communes.values_list("path", flat=True) for code in path.split("/")[1:-2]}
    between = AdministrativeUnit.objects.filter(
        kind__in=SignOffLevel.objects.values("kind"), code__in=above, path__startswith=unit.path
    ).exclude(pk=unit.pk)
    return sorted({*communes, *between}, key=lambda one: one.code)


def signed_units(*, unit: AdministrativeUnit, taken_on: date) -> list[SignedUnit]:
    """The unit itself and every one below it that is to sign for that day, those nobody signed for first."""
    scores = QualityScore.objects.filter(taken_on=taken_on, unit__path__startswith=unit.path)
    sums = {row["unit__path"]: _counts(dict(row)) for row in scores.values("unit__path").annotate(**_sums())}
    signed = {
        one.unit_id: one
        for one in QualitySignOff.objects.filter(taken_on=taken_on, unit__path__startswith=unit.path).select_related(
            "signed_by"
        )
    }
    between = [one.pk for one in _below(unit, taken_on=taken_on)]
    wanted = Q(path__in=sums) | Q(pk__in={unit.pk, *signed, *between})
    units = AdministrativeUnit.objects.filter(wanted).order_by("code")
    rows = [
        SignedUnit(
            unit=one,
            own=one.pk == unit.pk,
            sums={
                name: sum(of_place[name] for path, of_place in sums.items() if path.startswith(one.path))
                for name in ("files", *COUNTS)
            },
            signed_by=signed[one.pk].signed_by.full_name if one.pk in signed else None,
            signed_at=signed[one.pk].signed_at if one.pk in signed else None,
            note=signed[one.pk].note if one.pk in signed else "",
        )
        for one in units
    ]
    return sorted(rows, key=lambda row: row.signed_at is not None)


def _sums() -> dict[str, Any]:
    return {f"sum_{name}": Sum(name) for name in ("files", *COUNTS)}


def _counts(row: dict[str, Any]) -> dict[str, int]:
    return {name: row[f"sum_{name}"] or 0 for name in ("files", *COUNTS)}
