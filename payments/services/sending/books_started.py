"""After each start of the database server, before anything leaves: do our books know the newest orders the bank has? (ADR 100)

A data directory that was copied as files, a snapshot of a disk put back, tells the same server and place as the one it is of. It can't be told
from within; but it was started since, and the bank has orders of which it does not know that they left.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Exists, Max, Min, OuterRef, Q

from banks.errors import BankAnswerUnreadable, BankError, BankRefused, BankUnavailable
from banks.transfers import Transfers, TransferState
from payments.models import BooksPlace, BooksStart, FundingAccount, Payment, PaymentBatch
from payments.services.learning.held_orders import Held, held_by_us
from payments.services.learning.learn import NEVER_LISTED
from payments.services.sending.books import Standing, books_standing, server_started_at
from payments.services.sending.unread_accounts import note_unread, why_unread
from payments.states import BatchStatus, PaymentStatus, SendsBy
from staff.time_zone import VIETNAM

logger = logging.getLogger(__name__)
# The bank's own time of the newest order we recorded, less what its machines may differ by: what it took later our books know, or are old.
BANKS_CLOCKS_DIFFER = timedelta(seconds=2)
CLOCKS_DIFFER = timedelta(days=1)
NO_SUCH_ACCOUNT = 404
NEVER_LEFT = (PaymentStatus.DRAFT, PaymentStatus.READY)

# Lists that are open, and the newest that were closed: an earlier moment only reads more. Not later than we last claimed any: what the bank
# is asked about on a copy moves its own time further, but nothing sets out there.
_NEWEST_RECORDED = """
SELECT least(max(p.bank_created_at), max(p.first_used_at) FILTER (WHERE p.bank_created_at IS NOT NULL))
FROM payments_payment p WHERE p.file_id IS NULL AND p.batch_id IN (
    SELECT id FROM payments_paymentbatch WHERE funding_account_id = %(account)s AND channel = 'ACCOUNT' AND status = 'RELEASED'
    UNION ALL (SELECT id FROM payments_paymentbatch WHERE funding_account_id = %(account)s AND channel = 'ACCOUNT' AND status = 'CLOSED'
               ORDER BY status_at DESC LIMIT 50))
"""


def compared_since_start(*, bank: Transfers, now: datetime) -> bool:
    """Whether our books may send; where the server was started since they were last compared with the bank's newest orders, compares them.

    Mostly one short statement. After a start, one page of the bank's list per funding account, more only where orders were under way; one
    process asks, others find its answer at the next bell. While the bank tells of one account nothing, nothing is sent from any: what left
    that one is known to it alone, and may wait on a list of another (ADR 104). `unread_accounts` says which and why.
    """
    standing = books_standing()
    if standing is not Standing.NOT_COMPARED:
        return standing is Standing.READ
    with _alone() as alone:
        if alone and books_standing() is Standing.NOT_COMPARED:
            _compare(bank=bank, now=now)
    return books_standing() is Standing.READ


def _compare(*, bank: Transfers, now: datetime) -> None:
    started = server_started_at()
    last = BooksStart.objects.exclude(read_until=None).order_by("-pk").first()
    until = last.read_until if last else None
    unread: dict[int, str] = {}
    for account in _accounts():
        try:
            if _knows_the_newest(account, bank=bank, explained_until=until):
                continue
        except BankError as error:
            unread[account.pk] = why_unread(error)
            logger.warning("newest orders of account %s not read: %s", account.code, unread[account.pk])
            if isinstance(error, BankUnavailable):  # others' lists are the same bank's
                break
            continue
        note_unread({}, now=now)
        logger.error("the bank has orders of account %s that these books do not know to have left", account.code)
        BooksStart.objects.create(started_at=started, compared_at=now, agreed=False, account=account.code)
        return
    note_unread(unread, now=now)
    if not unread:
        BooksStart.objects.create(started_at=started, compared_at=now, agreed=True)


def _accounts() -> list[FundingAccount]:
    """Whatever sends by API, or did: of what goes by file or through a provider the bank has no list."""
    sent = Payment.objects.filter(batch__funding_account=OuterRef("pk"), file=None).exclude(bank_reference="")
    asked = FundingAccount.objects.filter(Q(sends_by=SendsBy.API) | Exists(sent))
    released = PaymentBatch.objects.filter(funding_account=OuterRef("pk"), status=BatchStatus.RELEASED)
    return list(asked.filter(Q(closed_at=None) | Exists(released)).order_by("code"))


def _knows_the_newest(account: FundingAccount, *, bank: Transfers, explained_until: datetime | None) -> bool:
    """Raises `BankError`. What was there when somebody last read the bank to its end (`explained_until`) was judged then."""
    shows_ours = False
    try:
        for page in bank.list_since(financial_account=account.bank_account_id, since=_read_from(account)):
            beside_ours = list(_beside_ours(page))
            if any(
                _is_news(state, held)
                for state, held in beside_ours
                if explained_until is None or state.created_at > explained_until
            ):
                return False
            shows_ours = shows_ours or any(held is not None for _, held in beside_ours)
    except BankRefused as refusal:
        if refusal.status != NO_SUCH_ACCOUNT:  # an account the bank does not have paid nobody
            raise
    except BankAnswerUnreadable:
        # One strange entry among orders we know would stop the province for as long as it is listed; after a copy many would be news.
        if not shows_ours:
            raise
        logger.error("the list of account %s has entries nobody can read; all others are known", account.code)
    return True


def _read_from(account: FundingAccount) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_RECORDED, {"account": account.pk})
        recorded: datetime | None = cursor.fetchone()[0]
    if recorded is None:
        sent = Payment.objects.filter(batch__funding_account=account, file=None)
        newest = sent.exclude(bank_created_at=None).aggregate(at=Max("bank_created_at"), used=Max("first_used_at"))
        recorded = min(filter(None, newest.values()), default=None)
    if recorded is not None:
        return recorded - BANKS_CLOCKS_DIFFER
    # Nothing of ours left before there were books, nor long before the day the first list was for.
    made = BooksPlace.objects.earliest("read_at").read_at - CLOCKS_DIFFER
    first: date | None = PaymentBatch.objects.filter(funding_account=account).aggregate(on=Min("cycle__pay_on"))["on"]
    return min(made, datetime.combine(first, time.min, tzinfo=VIETNAM) - NEVER_LISTED) if first else made


def _beside_ours(states: Sequence[TransferState]) -> Iterator[tuple[TransferState, Held | None]]:
    """Orders under a key of ours: asked after the bank's list was read, for we note that an order leaves before it leaves.

    Ours tell their attempt. What carries an id alone was typed at the bank, or sent by another's software.
    """
    ours = [state for state in states if state.end_to_end_id and state.attempt]
    held = held_by_us(ours)
    return ((state, held.get(state.end_to_end_id)) for state in ours)


def _is_news(state: TransferState, held: Held | None) -> bool:
    """Whether the bank has what our books never had, or have waiting, or under an attempt they have not come to."""
    if held is None or held.attempt < state.attempt:
        return True
    return held.attempt == state.attempt and held.status in NEVER_LEFT


@contextmanager
def _alone() -> Iterator[bool]:
    """A session lock, so that no transaction is held while the bank answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('compare_books'))")
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('compare_books'))")
