"""Confirm that a payment left nothing with the person: only then may its money go another way."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db.models import Min

from banks.errors import BankError, BankUnavailable
from banks.transfers import Transfers, TransferState
from payments.models import FundingAccount, Payment, PaymentQuerySet, Succession
from payments.services.learning.any_order import in_any_order
from payments.services.learning.contradictions import uncontradicted
from payments.services.learning.learn import GIVE_UP_AFTER, STATUS_OF, Learned, apply_states, earliest
from payments.services.sending.succession import FRESH
from payments.states import UNPAID_FINAL, BatchStatus, Cause, Channel, PaymentStatus

logger = logging.getLogger(__name__)


def confirm_unpaid(*, bank: Transfers, now: datetime, hurries: Callable[[], bool] | None = None) -> int:
    """Ask the bank afresh about every payment that left nothing, before its money may be paid another way. Returns how many were confirmed.

    One that the bank now tells differently is not confirmed; it is a contradiction and goes to a person. One without a reference (stopped
    after it had been offered) is confirmed when the bank's list does not show it. The rest is left for another time when the bank stays silent
    a few times in a row, and with `hurries` as soon as that says yes, or the bank is silent once.
    """
    confirmed = silent = 0
    patience = GIVE_UP_AFTER if hurries is None else 1
    waiting = Payment.objects.filter(status__in=UNPAID_FINAL, confirmed_at__isnull=True, batch__channel=Channel.ACCOUNT)
    if not waiting.exists():  # mostly there is nothing: one short question instead of two long ones
        return 0
    # What went in a file is confirmed by the bank's reports, what a provider pays by its lists: our bank's list shows neither.
    waiting = uncontradicted(waiting.filter(file__isnull=True, batch__hand_over=None))
    for payment in in_any_order(waiting.exclude(bank_reference=""), now=now):
        if hurries is not None and hurries():
            return confirmed
        try:
            state = bank.enquire(payment.bank_reference)
        except BankError as error:
            logger.warning("payment %s not confirmed: %s", payment.pk, type(error).__name__)
            silent = silent + 1 if isinstance(error, BankUnavailable) else 0
            if silent == patience:
                return confirmed
            continue
        silent = 0
        if _says_the_same(state, payment):
            same = Payment.objects.filter(pk=payment.pk, status=payment.status, attempt=payment.attempt)
            confirmed += uncontradicted(same).update(confirmed_at=now)
        else:
            apply_states(states=[state], now=now, learned=Learned())
    return confirmed + _confirm_absent(waiting.filter(bank_reference=""), bank=bank, now=now)


def _says_the_same(state: TransferState, payment: Payment) -> bool:
    """Of this very order, and as it stands."""
    of_it = (state.bank_reference, state.amount, state.attempt) == (
        payment.bank_reference,
        payment.amount,
        payment.attempt,
    )
    return of_it and STATUS_OF[state.status] == payment.status


def confirm_afresh(*, bank: Transfers, now: datetime) -> int:
    """Read the bank's list again for what people ended, while the payment that replaces it is about to go out. Returns how many still are absent.

    Half the time such a reading is good for, so that the payment waits for nothing; when the list can't be read it does wait (ADR 30).
    """
    about_to_go = Succession.objects.filter(
        successor__status=PaymentStatus.READY, successor__hold_code="", successor__batch__status=BatchStatus.RELEASED
    )
    ended = Payment.objects.filter(
        cause=Cause.NEVER_HAD, confirmed_at__lt=now - FRESH / 2, pk__in=about_to_go.values("predecessor")
    )
    return _confirm_absent(ended, bank=bank, now=now) if ended.exists() else 0


def _confirm_absent(waiting: PaymentQuerySet, *, bank: Transfers, now: datetime) -> int:
    confirmed = 0
    for account in FundingAccount.objects.filter(batches__payments__in=waiting).distinct():
        ours = waiting.filter(batch__funding_account=account)
        first = ours.aggregate(pay_on=Min("batch__cycle__pay_on"), at=Min("status_at"), used=Min("first_used_at"))
        if first["pay_on"] is None:  # meanwhile somebody else has told what became of them
            continue
        since = earliest(unlisted=True, pay_on=first["pay_on"], sent_at=first["used"], listed_at=first["at"])
        learned = Learned()
        listed: set[str] = set()
        try:
            for page in bank.list_since(financial_account=account.bank_account_id, since=since):
                listed.update(state.end_to_end_id for state in page)
                apply_states(states=page, now=now, learned=learned)
        except BankError as error:
            logger.warning("list of account %s not read: %s", account.code, type(error).__name__)
            continue
        absent = [pk for pk, key in ours.values_list("pk", "end_to_end_id") if key not in listed]
        still = Payment.objects.filter(pk__in=absent, status__in=UNPAID_FINAL)
        confirmed += uncontradicted(still).update(confirmed_at=now)
    return confirmed
