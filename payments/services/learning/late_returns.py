"""Money that came back days after it was credited, when no ring told of it: by night the bank's lists of the last weeks are read again, a part a round."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Min

from banks.errors import BankAnswerUnreadable, BankError
from banks.transfers import Transfers
from payments.models import FundingAccount, Heartbeat
from payments.services.learning.any_order import in_any_order
from payments.services.learning.learn import Learned, apply_states, only_reader
from payments.states import Channel, PaymentStatus

logger = logging.getLogger(__name__)
RETURNED_WITHIN = timedelta(days=45)  # what comes back later is found by the statement, as a difference
ONCE_IN = timedelta(hours=12)  # a list that was read to its end is not read again the same night
ROUND_SECONDS = 60.0  # whoever reads them learns of nothing else meanwhile


def fetch_late_returns(*, bank: Transfers, now: datetime, hurries: Callable[[], bool] | None = None) -> Learned:
    """Read, per funding account, the transfers since the oldest one that was credited and may still come back; apply what the bank says.

    A ring that was lost costs a day, never a return: nothing is in flight any more, so no other reading would look. A round ends after
    `ROUND_SECONDS`, or when `hurries` says yes, and the next goes on where it ended; one that the bank does not answer in goes on there too.
    An account that another worker reads is left for the next round.
    """
    until = time.monotonic() + ROUND_SECONDS
    hurries = hurries or (lambda: time.monotonic() > until)
    learned = Learned()
    credited = {
        "batches__channel": Channel.ACCOUNT,
        "batches__payments__status": PaymentStatus.POSTED,
        "batches__payments__file": None,
        "batches__payments__bank_created_at__gte": now - RETURNED_WITHIN,
    }
    accounts = FundingAccount.objects.exclude(pk__in=_read_tonight(now=now)).filter(**credited)
    for account in in_any_order(accounts.annotate(since=Min("batches__payments__bank_created_at")), now=now):
        if hurries():
            learned.complete = False
            break
        with only_reader(account) as alone:
            if alone:
                _read_on(account, since=account.since, bank=bank, now=now, learned=learned, hurries=hurries)
            else:
                learned.complete = False
    return learned


def _read_on(
    account: FundingAccount,
    *,
    since: datetime,
    bank: Transfers,
    now: datetime,
    learned: Learned,
    hurries: Callable[[], bool],
) -> None:
    """From where the round before ended, or from the newest, back to `since`; where this one ends is kept page by page."""
    # Where an earlier reading ended before all that may still come back, nothing is left of it.
    left = Heartbeat.objects.filter(name=_reached(account.pk), at__gte=since)
    begun = reached = left.values_list("at", flat=True).first()
    try:
        for page in bank.list_since(financial_account=account.bank_account_id, since=since, until=begun):
            apply_states(states=page, now=now, learned=learned)
            oldest = min(state.created_at for state in page)
            # Its second is read again, as a page may have ended within it; so a round goes on until it has got past one.
            if reached is None or oldest < reached:
                reached = oldest
                Heartbeat.objects.update_or_create(name=_reached(account.pk), defaults={"at": reached})
            if hurries() and reached != begun:
                learned.complete = False
                return
    except BankError as error:
        logger.warning("list of account %s not read: %s", account.code, type(error).__name__)
        learned.complete = False
        # Where nothing but what nobody can read is left, it is read to its end.
        if not isinstance(error, BankAnswerUnreadable) or reached != begun:
            return
    else:
        learned.read.add(account.pk)
    Heartbeat.objects.filter(name=_reached(account.pk)).delete()
    Heartbeat.objects.update_or_create(name=f"{_READ}{account.pk}", defaults={"at": now})


_READ = "returns-read:"


def _reached(account_id: int) -> str:
    return f"returns-reached:{account_id}"


def _read_tonight(*, now: datetime) -> list[int]:
    read = Heartbeat.objects.filter(name__startswith=_READ, at__gt=now - ONCE_IN).values_list("name", flat=True)
    return [int(name.removeprefix(_READ)) for name in read]
