"""Who draws a pension or a social-insurance benefit: the office's list is counted, ours among them are kept, and a right it excludes is asked about.

Nothing is withheld by it: only a decision ends a right. Source of the rule: Decree 176/2025/NĐ-CP (social pension: none, or a
lower one), Decree 20/2021/NĐ-CP art. 5 clause 5 (80 without a pension or monthly benefit).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from beneficiaries.errors.files import FileIsEmpty
from beneficiaries.models import (
    IDENTITY_NUMBER,
    Beneficiary,
    CaseKind,
    IdentityNumber,
    InsuranceBenefit,
    InsuranceFeed,
    InsuranceKind,
    InsuranceTotal,
    ReceivedFile,
)
from beneficiaries.parsers.faults import about, of_row
from beneficiaries.parsers.insurance import COLUMNS, InsuranceRow, read_insurance
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.intake.lists import ListIntake
from beneficiaries.services.intake.receive import note_received, row_digest
from staff.encryption import search_digest
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

TWICE = "người này đã có ở dòng trên cùng loại chế độ; mời giữ một dòng."
# Of every unit the newest list holds; of a person the list of the nearest unit that sent one.
CURRENT = """
WITH newest AS (
    SELECT DISTINCT ON (f.unit_id) f.id, u.path FROM beneficiaries_insurancefeed f JOIN staff_administrativeunit u ON u.id = f.unit_id
    ORDER BY f.unit_id, f.as_of DESC, f.id DESC
), drawn AS (
    SELECT i.number_id, i.kind, i.amount, i.from_month, n.path FROM beneficiaries_insurancebenefit i JOIN newest n ON n.id = i.feed_id
    WHERE i.kind IN ('PENSION', 'MONTHLY')
)"""
_EXCLUDED = (
    CURRENT
    + """, found AS (
SELECT DISTINCT ON (e.beneficiary_id, e.id) e.beneficiary_id, e.id AS enrolment_id, NULL::bigint AS against_id, e.unit_id,
       'DRAWS_INSURANCE' AS reason, 'insurance:' || e.id AS subject,
       jsonb_build_array(
           CASE d.kind WHEN 'PENSION' THEN 'hưởng lương hưu' ELSE 'hưởng trợ cấp bảo hiểm xã hội hằng tháng' END
               || ' từ tháng ' || to_char(d.from_month, 'MM/YYYY'),
           'mức ' || translate(to_char(d.amount, 'FM999,999,999,990'), ',', '.') || ' đ một tháng, mức trợ cấp '
               || translate(to_char(s.due, 'FM999,999,999,990'), ',', '.') || ' đ') AS evidence
FROM drawn d
JOIN beneficiaries_beneficiary b ON b.id IN (
    SELECT x.id FROM beneficiaries_beneficiary x WHERE x.number_id = d.number_id
    UNION SELECT y.id FROM beneficiaries_identityrecord r JOIN beneficiaries_beneficiary y ON y.identity_id = r.id WHERE r.number_id = d.number_id)
JOIN staff_administrativeunit u ON u.id = b.unit_id AND starts_with(u.path, d.path)
JOIN beneficiaries_enrolment e ON e.beneficiary_id = b.id AND (e.ended_month IS NULL OR e.ended_month > %(on)s)
JOIN beneficiaries_benefitcategory c ON c.id = e.category_id AND c.beside_insurance <> 'ALLOWED'
CROSS JOIN LATERAL (
    SELECT round(a.amount * e.coefficient)::bigint AS due FROM beneficiaries_standardamount a
    WHERE a.programme_id = e.programme_id AND a.valid_from <= greatest(%(on)s, e.starts_month) ORDER BY a.valid_from DESC LIMIT 1) s
WHERE c.beside_insurance = 'NEVER' OR d.amount >= s.due
ORDER BY e.beneficiary_id, e.id, d.amount DESC
)"""
)


@transaction.atomic
def import_insurance(
    *, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime, on: date | None = None
) -> ListIntake:
    """Count the list of everybody paid in `unit`, keep those who are ours, ask about rights it excludes. `on`: the day it is of, else today.

    The newest list of a unit takes the place of the one before; a bad row stops nothing. Raises `FileUnreadable`, `NotAllowed`.
    """
    require(actor, Right.IMPORT_REGISTRY, unit=unit)
    rows = list(read_insurance(content))
    if not rows:
        raise FileIsEmpty
    problems = [of_row(row.row_number, problem) for row in rows for problem in row.problems]
    fine, repeated = _once([row for row in rows if not row.problems])
    problems += [of_row(number, about(COLUMNS["identity"], TWICE)) for number in repeated]
    as_of = on or timezone.localdate(now)
    file = note_received(
        kind=ReceivedFile.Kind.INSURANCE,
        digests=[row_digest(row.raw) for row in rows],
        unit=unit,
        actor=actor,
        now=now,
        rejected=len(problems),
        about=as_of.isoformat(),
    )
    if file is None or InsuranceFeed.objects.filter(file=file).exists():
        return ListIntake(rows=len(rows), applied=0, problems=problems, repeated=True)
    feed = InsuranceFeed.objects.create(file=file, unit=unit, as_of=as_of)
    _keep(feed, fine, unit=unit)
    ask_about_insurance(now=now)
    return ListIntake(rows=len(rows), applied=len(fine), problems=problems)


def _once(rows: Sequence[InsuranceRow]) -> tuple[list[InsuranceRow], list[int]]:
    kept: dict[tuple[str, str], InsuranceRow] = {}
    repeated = [row.row_number for row in rows if kept.setdefault((row.identity_number, row.kind), row) is not row]
    return list(kept.values()), repeated


def _keep(feed: InsuranceFeed, rows: Sequence[InsuranceRow], *, unit: AdministrativeUnit) -> None:
    digests = {row.identity_number: search_digest(row.identity_number, purpose=IDENTITY_NUMBER) for row in rows}
    ids = dict(_ours(unit).filter(digest__in=list(digests.values())).values_list("digest", "id"))
    known = {bytes(digest): pk for digest, pk in ids.items()}
    ours = [(row, known[digests[row.identity_number]]) for row in rows if digests[row.identity_number] in known]
    InsuranceBenefit.objects.bulk_create(
        (
            InsuranceBenefit(feed=feed, number_id=pk, kind=row.kind, amount=row.amount, from_month=row.from_month)
            for row, pk in ours
            if row.from_month is not None
        ),
        batch_size=2000,
    )
    people, mine = Counter(row.kind for row in rows), Counter(row.kind for row, _ in ours)
    sums = {kind: sum(row.amount for row in rows if row.kind == kind) for kind in InsuranceKind.values}
    InsuranceTotal.objects.bulk_create(
        InsuranceTotal(feed=feed, kind=kind, people=people[kind], amount=sums[kind], ours=mine[kind])
        for kind in InsuranceKind.values
    )


def _ours(unit: AdministrativeUnit) -> QuerySet[IdentityNumber]:
    """Numbers of people of our registries below the unit: as typed, or as the population data have them."""
    people = Beneficiary.objects.filter(unit__path__startswith=unit.path)
    return IdentityNumber.objects.filter(
        Q(pk__in=people.values("number")) | Q(pk__in=people.values("identity__number"))
    )


@transaction.atomic
def ask_about_insurance(*, now: datetime) -> int:
    """Open a case for everyone whose right the newest lists exclude; returns how many are new."""
    return raise_cases(kind=CaseKind.DUPLICATE, found=_EXCLUDED, given={"on": timezone.localdate(now)}, now=now)


def drawing(numbers: Sequence[str]) -> set[str]:
    """Those of the numbers of whom a list says that they draw a pension or a monthly benefit."""
    digests = {search_digest(number, purpose=IDENTITY_NUMBER): number for number in numbers}
    newest = InsuranceFeed.objects.order_by("unit_id", "-as_of", "-pk").distinct("unit_id").values("pk")
    drawn = InsuranceBenefit.objects.filter(
        feed__in=newest, kind__in=(InsuranceKind.PENSION, InsuranceKind.MONTHLY), number__digest__in=list(digests)
    )
    return {digests[bytes(digest)] for digest in drawn.values_list("number__digest", flat=True)}
