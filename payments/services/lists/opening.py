"""Opening balance: money of earlier months that the provider still holds for people, taken over when the system starts."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from beneficiaries.models import Enrolment, Reason, StandardAmount
from beneficiaries.parsers.faults import of_row, unfit
from beneficiaries.parsers.office_lists import read_unclaimed
from beneficiaries.services.intake.lists import NO_SUCH_FILE, ListIntake
from beneficiaries.services.intake.receive import note_received, row_digest
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
    require(actor, Right.TAKE_OVER, unit=unit)
    rows = list(read_unclaimed(content))
    known = {
        enrolment.code: enrolment
        for enrolment in Enrolment.objects.filter(code__in=[row.code for row in rows], unit__path__startswith=unit.path)
    }
    problems: list[str] = []
    fine: list[tuple[Enrolment, date, int]] = []
    seen: set[tuple[str, date | None]] = set()
    for row in rows:
        try:
            amount = parse_amount(row.amount)
        except AmountUnreadable:
            said = row.problems or (unfit("Số tiền", row.raw["amount"], write="mời ghi số đồng, ví dụ 500.000."),)
            problems += [of_row(row.row_number, problem) for problem in said]
            continue
        enrolment = known.get(row.code)
        problem = next(iter(row.problems), "") or _objection(enrolment, month=row.month, amount=amount)
        if not problem and (row.code, row.month) in seen:
            problem = "cột “Tháng”: tháng này của hồ sơ đã có ở dòng trên."
        seen.add((row.code, row.month))
        if problem or enrolment is None or row.month is None:
            problems += [of_row(row.row_number, each) for each in row.problems or (problem,)]
            continue
        fine.append((enrolment, row.month, amount))
    digests = [row_digest(row.raw) for row in rows]
    if (
        note_received(kind="UNCLAIMED", digests=digests, unit=unit, actor=actor, now=now, rejected=len(problems))
        is None
    ):
        return ListIntake(rows=len(rows), applied=0, repeated=True)
    for enrolment, month, amount in fine:
        _take_over(enrolment, month=month, amount=amount, now=now)
    return ListIntake(rows=len(rows), applied=len(fine), problems=problems)


def _objection(enrolment: Enrolment | None, *, month: date | None, amount: int) -> str:
    """Why a balance is not taken over, or "": it must be of a month before our first list, not paid, once, and not above what was due."""
    if enrolment is None:
        return NO_SUCH_FILE
    if month is None or enrolment.paid_through_month is None or not enrolment.paid_through_month < month:
        return "cột “Tháng”: tháng này không nằm sau tháng đã chi trả của hồ sơ."
    if Cycle.objects.filter(
        opening=False, month__lte=month
    ).exists() or month > enrolment.paid_through_month + timedelta(days=366):
        return "cột “Tháng”: tháng này không thuộc kỳ trước khi bắt đầu dùng hệ thống."
    if Entitlement.objects.filter(enrolment=enrolment, month=month).exists():
        return "cột “Tháng”: tháng này của hồ sơ đã được nạp."
    standard = (
        StandardAmount.objects.filter(programme_id=enrolment.programme_id, valid_from__lte=month)
        .order_by("valid_from")
        .last()
    )
    if standard is None or amount > round(standard.amount * enrolment.coefficient):
        return "cột “Số tiền”: số tiền lớn hơn mức được hưởng của tháng đó."
    return ""


def _take_over(enrolment: Enrolment, *, month: date, amount: int, now: datetime) -> None:
    cycle, _ = Cycle.objects.get_or_create(
        month=month, defaults={"listed_on": month, "pay_on": month, "built_at": now, "opening": True}
    )
    Entitlement.objects.create(
        cycle=cycle,
        enrolment=enrolment,
        programme_id=enrolment.programme_id,
        month=month,
        standard_amount=round(Decimal(amount) / enrolment.coefficient),
        coefficient=enrolment.coefficient,
        amount=amount,
        channel=Channel.CASH,
        cash_reason=Reason.CASH_NOT_COLLECTED,
    )
