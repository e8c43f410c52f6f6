"""Move payments by a provider's word: one statement per outcome, guarded by where each payment stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import connection

from banks.transfers import Status, TransferState
from beneficiaries.parsers.workbook import fold_heading
from payments.models import Finding, Payment, PaymentBatch, ResultLine
from payments.services.learning.contradictions import note_contradictions, uncontradicted
from payments.services.learning.learn import Learned, apply_states
from payments.services.providers.judge import Judged
from payments.services.sending.succession import hold_successors
from payments.states import Cause, Channel, PaymentStatus
from staff.time_zone import VIETNAM

Outcome = ResultLine.Outcome
_COLLECTED = """
UPDATE payments_payment p SET status = 'POSTED', cause = 'COLLECTED', status_at = %s, credited_on = v.paid_on
FROM (SELECT unnest(%s::bigint[]) AS id, unnest(%s::date[]) AS paid_on) v WHERE p.id = v.id AND p.status = 'PROCESSING'
"""
# Words of providers for why a transfer came back, and the bank's code for the same.
_CODES = {
    "taikhoandadong": "account_closed",
    "taikhoandong": "account_closed",
    "taikhoanbikhoa": "account_frozen",
    "taikhoanphongtoa": "account_frozen",
    "saitenchutaikhoan": "incorrect_account_holder_name",
    "saisotaikhoan": "invalid_account_number",
    "khongcotaikhoan": "no_account",
}


@dataclass(frozen=True)
class Moved:
    """How many payments moved by each outcome."""

    paid: int
    not_collected: int
    returned: int


def move(rows: Sequence[Judged], *, batch: PaymentBatch, now: datetime) -> Moved:
    """Apply rows that may move their payment; old news moves nothing. What certainly left nothing is confirmed by the provider's signed list."""
    if batch.channel == Channel.CASH:
        return _move_cash(rows, now=now)
    return _move_transfers(rows, batch=batch, now=now)


def _ids(rows: Sequence[Judged], *outcomes: str) -> list[int]:
    return [one.line.payment.pk for one in rows if one.line and one.row.outcome in outcomes]


def _move_cash(rows: Sequence[Judged], *, now: datetime) -> Moved:
    paid_on = {one.line.payment.pk: one.row.happened_on for one in rows if one.line and one.row.outcome == Outcome.PAID}
    with connection.cursor() as cursor:
        cursor.execute(_COLLECTED, [now, list(paid_on), list(paid_on.values())])
        paid = int(cursor.rowcount)
    absent, back = (
        Payment.objects.filter(pk__in=_ids(rows, outcome)).apply(
            Cause.NOT_COLLECTED, now=now, confirmed_at=now, return_code="not_collected"
        )
        for outcome in (Outcome.NOT_COLLECTED, Outcome.RETURNED)
    )
    return Moved(paid, absent, back)


def _move_transfers(rows: Sequence[Judged], *, batch: PaymentBatch, now: datetime) -> Moved:
    """A provider's word about a transfer is taken as a bank's: what came back for the account's sake also unverifies the account."""
    statuses = dict(Payment.objects.filter(batch=batch).values_list("pk", "status"))
    rows = _without_what_a_letter_answered(rows, batch=batch)
    learned = [Learned(), Learned()]
    for outcomes, told in (((Outcome.PAID,), learned[0]), ((Outcome.RETURNED, Outcome.NOT_COLLECTED), learned[1])):
        states = [
            _state(one, batch=batch, credited=statuses[one.line.payment.pk] == PaymentStatus.POSTED, now=now)
            for one in rows
            if one.line and one.row.outcome in outcomes and statuses[one.line.payment.pk] in _OPEN_TO[outcomes[0]]
        ]
        if states:
            apply_states(states=states, now=now, learned=told)
    back = Payment.objects.filter(
        pk__in=_ids(rows, Outcome.RETURNED, Outcome.NOT_COLLECTED),
        status__in=(PaymentStatus.FAILED, PaymentStatus.RETURNED),
        confirmed_at__isnull=True,
    )
    uncontradicted(back).update(confirmed_at=now)  # the same list sent again answers no question it raised
    return Moved(learned[0].moved, 0, learned[1].moved)


def _without_what_a_letter_answered(rows: Sequence[Judged], *, batch: PaymentBatch) -> list[Judged]:
    """A word said before two people found that the money arrived (ADR 44) is no return: said again, it contradicts the letter, and moves nothing."""
    found = set(Payment.objects.filter(batch=batch, cause=Cause.FOUND_ARRIVED).values_list("pk", flat=True))
    about = {one.digest for one in rows if one.line and one.line.payment.pk in found}
    known = {bytes(digest) for digest in ResultLine.objects.filter(digest__in=about).values_list("digest", flat=True)}
    return [one for one in rows if one.digest not in known]


# What a provider's word may still move; anything else is the same word again, or a contradiction.
_OPEN_TO = {
    Outcome.PAID: (PaymentStatus.PROCESSING,),
    Outcome.RETURNED: (PaymentStatus.PROCESSING, PaymentStatus.POSTED),
}


def _state(one: Judged, *, batch: PaymentBatch, credited: bool, now: datetime) -> TransferState:
    if one.line is None or batch.funding_account is None:
        raise ValueError("only a transfer on the list has a state")
    payment, day = one.line.payment, one.row.happened_on
    paid = one.row.outcome == Outcome.PAID
    code = "" if paid else _CODES.get(fold_heading(one.row.reason), "other")
    return TransferState(
        bank_reference="",
        end_to_end_id=payment.end_to_end_id,
        attempt=payment.attempt,
        status=Status.POSTED if paid else Status.RETURNED if credited else Status.FAILED,
        amount=payment.amount,
        currency="VND",
        created_at=now,
        status_at=datetime.combine(day, time(12), tzinfo=VIETNAM) if day else now,
        return_code=code or None,
        financial_account=batch.funding_account.bank_account_id,
    )


def contradicted(rows: Sequence[Judged], *, now: datetime) -> dict[int, str]:
    """Payments of which a list before said otherwise (id → how they stand): a case for a person, their money not carried on meanwhile."""
    stand = {payment.pk: payment for payment in Payment.objects.filter(pk__in=_ids(rows, *Outcome.values))}
    said = _days_said(_paid_on_no_day(stand))
    found = {
        pk: stand[pk].status
        for one in rows
        if one.line and not _agrees(one, payment=stand[pk := one.line.payment.pk], said=said.get(one.line.payment.pk))
    }
    if found:
        Payment.objects.filter(pk__in=found).update(confirmed_at=None)
        note_contradictions(
            payment_ids=found,
            reason="CASH_RESULT_CONTRADICTS",
            now=now,
            evidence=f"báo lại ngày {now.astimezone(VIETNAM):%d/%m/%Y}",
        )
        hold_successors(now=now)
    return found


def _paid_on_no_day(payment_ids: Iterable[int]) -> set[int]:
    """Those that a letter made paid, which named no day: the day we wrote is the one it was confirmed on, or the statement's."""
    arrived = Finding.objects.filter(
        outcome=Finding.Outcome.ARRIVED, confirmed_at__isnull=False, arrived_on__isnull=True
    )
    named = arrived.filter(payment__in=list(payment_ids), payment__cause=Cause.FOUND_ARRIVED)
    return {*named.values_list("payment_id", flat=True)}


def _days_said(payment_ids: Iterable[int]) -> dict[int, set[date | None]]:
    """The days on which lists taken as they were said each of these was paid; none where no list said so yet."""
    days: dict[int, set[date | None]] = {pk: set() for pk in payment_ids}
    taken = ResultLine.objects.filter(payment__in=list(days), outcome=Outcome.PAID, problem="")
    for pk, day in taken.values_list("payment_id", "happened_on"):
        days[pk].add(day)
    return days


def _agrees(one: Judged, *, payment: Payment, said: set[date | None] | None) -> bool:
    """Whether the payment stands as the row says, or stood so once: a transfer credited on that very day may have come back since.

    Paid on another day than the one it was credited on, or came back from, is a second payment of it, or a first that nobody told of. The day of
    a payment that a letter made paid without naming one is ours, and says nothing against any: there the days lists `said` are one day.
    """
    if one.row.outcome != Outcome.PAID:
        return payment.status in (PaymentStatus.FAILED, PaymentStatus.RETURNED)
    if payment.status == PaymentStatus.POSTED and said is not None:
        return said <= {one.row.happened_on}
    stood_paid = payment.status in (PaymentStatus.POSTED, PaymentStatus.RETURNED)
    return stood_paid and payment.credited_on == one.row.happened_on
