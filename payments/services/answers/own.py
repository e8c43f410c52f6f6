"""The last months of one person, each entitlement under the payment that carries it now."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from beneficiaries.models import Beneficiary, Case, Enrolment, Programme, Reason
from beneficiaries.services.accounts.banks import bank_name
from beneficiaries.services.life_events.now import Life, life_of
from beneficiaries.services.numbers import last_four_of
from payments.models import Cycle, Deduction, Entitlement, Payment, RowNote
from payments.services.answers import wording
from payments.services.answers.shape import Answer, Outcome
from payments.services.learning.money_back import ACCOUNT_REASON
from payments.services.learning.not_seen import asked_about, is_being_asked
from payments.services.lists.calendar import next_payment
from payments.services.lists.row_notes import left_for_next_month
from payments.services.providers.points import point_for
from payments.states import UNPAID_FINAL, Cause, Channel, PaymentStatus
from staff.services.working_days import WorkingDays, read_working_days

MONTHS_SHOWN = 6
MAX_ENTITLEMENTS = 200
ANSWER_WITHIN = 5  # working days, for the bank as for the commune
PAY_AGAIN_WITHIN = 10


def own_answers(*, beneficiary: Beneficiary, now: datetime) -> list[Answer]:
    """Everything due to the person in the last `MONTHS_SHOWN` cycles, newest first; each entitlement stands in exactly one answer.

    A month that was carried over stands under the payment that carries it now. `beneficiary` is the record kept for the person; what was
    enrolled under a duplicate of it counts too.
    """
    # Asked apart: joined with OR, the database would read the entitlements of everybody.
    records = list(
        Beneficiary.objects.filter(Q(pk=beneficiary.pk) | Q(same_as=beneficiary)).values_list("pk", flat=True)
    )
    entitlements = Entitlement.objects.filter(enrolment__beneficiary__in=records, withdrawn_in=None).select_related(
        "cycle", "payment__batch__cycle", "payment__bank_account__number"
    )
    taken = Deduction.objects.filter(payment=OuterRef("payment"), decision__enrolment__beneficiary__in=records)
    in_all = Subquery(taken.values("payment").annotate(total=Sum("amount")).values("total"))
    groups: dict[tuple[date, int | None, str], list[Entitlement]] = defaultdict(list)
    deducted: dict[int | None, int] = {}
    newest_first = entitlements.annotate(deducted=Coalesce(in_all, 0)).order_by("-cycle__month", "pk")
    for entitlement in newest_first[:MAX_ENTITLEMENTS]:
        deducted[entitlement.payment_id] = entitlement.deducted
        groups[_cycle_of(entitlement).month, entitlement.payment_id, entitlement.not_payable_reason].append(entitlement)
    shown = sorted({month for month, _, _ in groups}, reverse=True)[:MONTHS_SHOWN]
    # Asked only where it could be the reason: most people are told without it, in two queries.
    stopped = any(group[0].payment and group[0].payment.cause == Cause.STOP for group in groups.values())
    life = life_of([beneficiary.pk])[beneficiary.pk] if stopped else Life(deceased_on=None, notice_on=None)
    payments = [group[0].payment for group in groups.values() if group[0].payment]
    arrived = [payment for payment in payments if payment.status == PaymentStatus.POSTED]
    teller = _Teller(
        beneficiary=beneficiary,
        life=life,
        left=left_for_next_month([payment.pk for payment in payments]) if stopped else {},
        asked=asked_about(arrived) if arrived else {},
        records=records,
        deducted=deducted,
        newest=max(shown, default=None),
        answered={entitlement.month for group in groups.values() for entitlement in group},
        now=now,
    )
    return [teller.tell(groups[key]) for month in shown for key in groups if key[0] == month]


class _Teller:
    """Puts one group of entitlements of one person into words."""

    def __init__(
        self,
        *,
        beneficiary: Beneficiary,
        life: Life,
        left: Mapping[int, RowNote],
        asked: Mapping[int, Case],
        records: Collection[int],
        deducted: Mapping[int | None, int],
        newest: date | None,
        answered: Collection[date],
        now: datetime,
    ) -> None:
        self.beneficiary = beneficiary
        self.life = life
        self.left = left
        self.asked = asked
        self.records = records
        self.deducted = deducted
        self.newest = newest
        self.answered = answered
        self.today = timezone.localdate(now)
        self.calendar: WorkingDays | None = None  # read with the first answer that names a term; most name none
        self.now = now

    def tell(self, entitlements: Sequence[Entitlement]) -> Answer:
        """The answer for entitlements that share a payment or, without one, a reason."""
        payment = entitlements[0].payment
        cycle = _cycle_of(entitlements[0])
        outcome, reason, sentence, next_step = self._choose(payment, cycle, entitlements)
        payable = [] if entitlements[0].not_payable_reason else entitlements
        gross, deducted = (
            sum(entitlement.amount for entitlement in payable),
            self.deducted[payment.pk] if payment else 0,
        )
        words = self._words(payment, cycle, entitlements, said=sentence + next_step)
        words["amount"] = wording.amount_words(gross, deducted=deducted)
        return Answer(
            month=cycle.month,
            months=sorted({entitlement.month for entitlement in entitlements}),
            outcome=outcome,
            amount=gross - deducted,
            deducted=deducted,
            reason=reason,
            paid_on=payment.credited_on if payment and outcome is Outcome.PAID else None,
            bank=words["bank"] if words["last_four"] else "",
            account_last_four=words["last_four"],
            sentence=wording.say(sentence, words),
            next_step=wording.say(next_step, words),
        )

    def _choose(
        self, payment: Payment | None, cycle: Cycle, entitlements: Sequence[Entitlement]
    ) -> tuple[Outcome, str, str, str]:
        """Outcome, reason, sentence and next step, the last two as templates."""
        if reason := entitlements[0].not_payable_reason:
            return (Outcome.NOT_PAID, reason, *wording.SENTENCES[reason])
        if payment is None or payment.status == PaymentStatus.DRAFT:
            late = self.today > cycle.pay_on
            return Outcome.SCHEDULED, "", wording.LATE if late else wording.SCHEDULED, wording.NOTHING_TO_DO
        in_cash = payment.batch.channel == Channel.CASH
        if payment.status == PaymentStatus.POSTED:
            said, next_step = wording.ARRIVED[Channel.CASH if in_cash else Channel.ACCOUNT]
            asked = self.asked.get(payment.pk)
            if asked is not None:
                next_step = self._of_asking(asked)
            return Outcome.PAID, "", said, next_step
        if payment.status in UNPAID_FINAL:
            return (Outcome.NOT_PAID, *self._why_not(payment))
        if in_cash:
            # A month carried over keeps the reason of its own time; the newest row comes first and says why it is cash now.
            reason = next((entitlement.cash_reason for entitlement in entitlements if entitlement.cash_reason), "")
            return (Outcome.IN_CASH, reason, *wording.SENTENCES.get(reason, (wording.IN_CASH, "{cash}")))
        if payment.status == PaymentStatus.SENT and payment.lease_until is not None and payment.lease_until < self.now:
            return (Outcome.ON_THE_WAY, Reason.UNKNOWN.value, *wording.SENTENCES[Reason.UNKNOWN])
        return Outcome.ON_THE_WAY, "", wording.ON_THE_WAY, wording.NOTHING_TO_DO

    def _of_asking(self, asked: Case) -> str:
        """A day that has passed is promised to nobody."""
        if not is_being_asked(asked):
            return wording.SEEN_NEXT
        late = asked.due_on is not None and asked.due_on < self.today
        return wording.NOT_SEEN_LATE if late else wording.NOT_SEEN_NEXT

    def _why_not(self, payment: Payment) -> tuple[str, str, str]:
        """One reason and its two sentences for a payment that left nothing with the person."""
        account = payment.bank_account
        if payment.cause == Cause.NOT_COLLECTED:
            reason = Reason.CASH_NOT_COLLECTED.value
        elif payment.status == PaymentStatus.RETURNED:
            return Reason.RETURNED.value, wording.RETURNED, wording.RETURNED_NEXT
        elif payment.cause != Cause.STOP:
            reason = ACCOUNT_REASON.get(payment.return_code, Reason.DECLINED.value)
        elif self.life.deceased_on is not None:
            reason = Reason.DECEASED.value
        elif self.life.notice_on is not None:
            reason = Reason.DEATH_NOTICE.value
        elif payment.pk in self.left:
            return Reason.NEXT_MONTH.value, *wording.LEFT[self.left[payment.pk].ground]
        elif account is not None and account.reason:
            reason = account.reason
        else:
            return Reason.IDENTITY_CHECK.value, wording.STOPPED, wording.STOPPED_NEXT
        return (reason, *wording.SENTENCES[reason])

    def _due(self, known_since: date, days: int) -> str:
        self.calendar = self.calendar or read_working_days()
        return wording.day(self.calendar.after(known_since, days))

    def _words(
        self, payment: Payment | None, cycle: Cycle, entitlements: Sequence[Entitlement], *, said: str
    ) -> dict[str, str]:
        account = payment.bank_account if payment else None
        # What an earlier month still owes is arrears in the list that found it; on a later list it was carried over.
        arrears = frozenset(
            entitlement.month
            for entitlement in entitlements
            if entitlement.corrects_id or entitlement.month < entitlement.cycle.month == cycle.month
        )
        months = [entitlement.month for entitlement in entitlements]
        known_since = timezone.localdate(payment.status_at) if payment else self.today
        returned = payment is not None and payment.status == PaymentStatus.RETURNED
        words = {
            "you": wording.address(birth_year=self.beneficiary.birth_year, on=self.today),
            "commune": self.beneficiary.unit.name,
            "phone": settings.HOTLINE,
            "months": wording.month_words(months, current=cycle.month, arrears=arrears),
            "bank": bank_name(account.bank_bin) if account else self._payer(payment),
            "last_four": last_four_of(account) if account else "",
            "since": wording.day(cycle.pay_on),
            "due": self._due(known_since, PAY_AGAIN_WITHIN if returned else ANSWER_WITHIN) if "{due}" in said else "",
            "paid_on": wording.day(payment.credited_on if payment else None),
            "sent_on": wording.day(_sent_on(payment)),
            "returned_on": wording.day(payment.returned_on if payment else None),
            "short_reason": wording.SHORT_REASONS.get(payment.return_code if payment else "", wording.NO_REASON_GIVEN),
            "cash": "",
            **self._asked(payment),
            "next": self._next(cycle, payment, entitlements) if "{next}" in said else "",
        }
        if (
            payment
            and payment.batch.channel == Channel.CASH
            and payment.status in (PaymentStatus.READY, PaymentStatus.PROCESSING)
        ):
            words["cash"] = wording.CASH.format(**words, **self._where(payment, cycle, commune=words["commune"]))
        return words

    def _payer(self, payment: Payment | None) -> str:
        return wording.PROVIDER if payment and payment.batch.channel == Channel.CASH else "ngân hàng"

    def _asked(self, payment: Payment | None) -> dict[str, str]:
        """The days of an enquiry the person asked for."""
        asked = self.asked.get(payment.pk) if payment else None
        if asked is None:
            return {}
        answered_on = timezone.localdate(asked.decided_at) if asked.decided_at else None
        return {
            "asked_on": wording.day(timezone.localdate(asked.opened_at)),
            "answer_by": wording.day(asked.due_on),
            "answered_on": wording.day(answered_on),
        }

    def _next(self, cycle: Cycle, payment: Payment | None, entitlements: Sequence[Entitlement]) -> str:
        """When the next month is paid, said once, with the newest; "" to whoever receives nothing any more.

        Whoever was left for it is told of the first list that can carry it: a month paid ahead has one too, one that is made already has not.
        """
        left = payment is not None and payment.pk in self.left
        once = left and any(entitlement.kind != Entitlement.Kind.REGULAR for entitlement in entitlements)
        if not left and cycle.month != self.newest:
            return ""
        after = max(cycle.month, self.newest or cycle.month)
        month, pay_on = next_payment(after=after, answered=() if left else self.answered)
        if not once and not _receives(self.records, month=month):
            return ""
        said = wording.NEXT_PAYMENT if pay_on >= self.today else wording.NEXT_IS_LATE
        return said.format(month=f"{month.month}/{month.year}", day=wording.day(pay_on))

    def _where(self, payment: Payment, cycle: Cycle, *, commune: str) -> dict[str, str]:
        """The paying point and its days, as the provider that has the list told them, else the commune's and the first day."""
        point = point_for(payment=payment, person=self.beneficiary)
        if point is None:
            return {"point": wording.POINT.format(commune=commune), "days": f"từ ngày {wording.day(cycle.pay_on)}"}
        place = ", ".join(filter(None, (point.name, point.address)))
        return {"point": f"{place},", "days": point.opens or f"từ ngày {wording.day(cycle.pay_on)}"}


def _receives(records: Collection[int], *, month: date) -> bool:
    """Whether any monthly right of theirs runs on in `month`: neither ended, nor suspended by then, nor sent to another commune."""
    rights = Enrolment.objects.filter(beneficiary__in=records, programme__kind=Programme.Kind.REGULAR)
    runs_on = Q(ended_month=None) | Q(ended_month__gt=month), Q(suspended_month=None) | Q(suspended_month__gt=month)
    return rights.filter(*runs_on, moved_to=None, starts_month__lte=month).exists()


def _cycle_of(entitlement: Entitlement) -> Cycle:
    return entitlement.payment.batch.cycle if entitlement.payment else entitlement.cycle


def _sent_on(payment: Payment | None) -> date | None:
    """The day the money left: when it was credited, else when the bank took it, else when it was first offered."""
    if payment is None:
        return None
    at = payment.bank_created_at or payment.first_used_at
    return payment.credited_on or (timezone.localdate(at) if at else None)
