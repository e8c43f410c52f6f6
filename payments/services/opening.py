"""Opening balance: money of earlier months that the provider still holds for people, taken over when the system starts."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from beneficiaries.models import Enrolment
from beneficiaries.parsers.office_lists import read_unclaimed
from beneficiaries.services.lists import ListIntake
from beneficiaries.services.receive import note_received, row_digest
from payments.models import Cycle, Entitlement
from payments.money import AmountUnreadable, parse_amount
from payments.states import Channel
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


@transaction.atomic
def import_unclaimed(*, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime) -> ListIntake:
    """Take over unclaimed months: each becomes an entitlement nobody carries yet, so the next list carries it over.

    Not arrears: the amount is what was due then, at the rate of then. Raises `FileUnreadable`, `NotAllowed`.
    """
    require(actor, Right.IMPORT_REGISTRY, unit=unit)
    rows = list(read_unclaimed(content))
    if (
        note_received(kind="UNCLAIMED", digests=[row_digest(row.raw) for row in rows], unit=unit, actor=actor, now=now)
        is None
    ):
        return ListIntake(rows=len(rows), applied=0, repeated=True)
    known = {
        enrolment.code: enrolment
        for enrolment in Enrolment.objects.filter(code__in=[row.code for row in rows], unit__path__startswith=unit.path)
    }
    problems: list[str] = []
    applied = 0
    for row in rows:
        try:
            amount = parse_amount(row.amount)
        except AmountUnreadable:
            problems.append(f"Dòng {row.row_number}: không đọc được số tiền.")
            continue
        if row.problem or row.month is None or row.code not in known:
            problems.append(f"Dòng {row.row_number}: {row.problem or 'không có hồ sơ này trên địa bàn.'}")
            continue
        _take_over(known[row.code], month=row.month, amount=amount, now=now)
        applied += 1
    return ListIntake(rows=len(rows), applied=applied, problems=problems)


def _take_over(enrolment: Enrolment, *, month: date, amount: int, now: datetime) -> None:
    cycle, _ = Cycle.objects.get_or_create(month=month, defaults={"listed_on": month, "pay_on": month, "built_at": now})
    Entitlement.objects.create(
        cycle=cycle,
        enrolment=enrolment,
        programme_id=enrolment.programme_id,
        month=month,
        standard_amount=round(Decimal(amount) / enrolment.coefficient),
        coefficient=enrolment.coefficient,
        amount=amount,
        channel=Channel.CASH,
        cash_reason="CASH_NOT_COLLECTED",
    )
