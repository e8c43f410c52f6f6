"""Money that came back days after it was credited, when no ring told of it: once a night the bank's lists of the last weeks are read again."""

from datetime import datetime, timedelta

from django.db.models import Min

from banks.transfers import Transfers
from payments.models import FundingAccount
from payments.services.learning.learn import Learned, fetch_account, only_reader
from payments.states import Channel, PaymentStatus

RETURNED_WITHIN = timedelta(days=45)  # what comes back later is found by the statement, as a difference


def fetch_late_returns(*, bank: Transfers, now: datetime) -> Learned:
    """Read, per funding account, the transfers since the oldest one that was credited and may still come back; apply what the bank says.

    A ring that was lost costs a day, never a return: nothing is in flight any more, so no other reading would look. An account that another
    worker reads, or the bank does not answer for, is left for the next night.
    """
    learned = Learned()
    credited = {
        "batches__channel": Channel.ACCOUNT,
        "batches__payments__status": PaymentStatus.POSTED,
        "batches__payments__file": None,
        "batches__payments__bank_created_at__gte": now - RETURNED_WITHIN,
    }
    accounts = FundingAccount.objects.filter(**credited).annotate(since=Min("batches__payments__bank_created_at"))
    for account in accounts.order_by("pk"):
        with only_reader(account) as alone:
            if alone:
                fetch_account(account, since=account.since, bank=bank, now=now, learned=learned)
            else:
                learned.complete = False
    return learned
