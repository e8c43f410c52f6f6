"""After the database was restored from a backup: what had left since then, the bank knows and our books do not (ADR 93).

A payment that stands as waiting may have been executed long ago. Within a day the bank would answer its key from its store; later it has
forgotten the key, and whoever is sent then is paid twice. So the bank's list is read to its end before a worker is started.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Exists, Max, Min, OuterRef, Q

from banks.errors import BankError, BankRefused
from banks.transfers import Transfers, TransferState
from beneficiaries.models import BankAccount
from beneficiaries.services.numbers import UNREADABLE, last_four_of
from payments.models import FundingAccount, HandOver, Payment, PaymentBatch, PaymentFile
from payments.services.learning.held_orders import CURRENCY
from payments.services.learning.learn import Learned, apply_states
from payments.services.sending.succession import HOLD
from payments.services.signing.pause import set_paused
from payments.states import UNPAID_FINAL, BatchStatus, Cause, Channel, FileStatus, PaymentStatus, SendsBy
from staff.models import User
from staff.rights import Right, require
from staff.services.units import the_province
from staff.time_zone import VIETNAM

logger = logging.getLogger(__name__)
READ_BACK = timedelta(days=31)
ENDED = (PaymentStatus.POSTED, *UNPAID_FINAL)

# The very order: id, attempt, amount and account. What a slip or an altered number holds, what a provider has, and what replaces something in
# doubt is left to people, as is every list somebody froze.
_SET_OUT = f"""
UPDATE payments_payment p SET status = '{PaymentStatus.SENT}', cause = '{Cause.CLAIM}', status_at = %(now)s, first_used_at = v.at,
       lease_until = %(now)s, lease_by = '', hold_code = '', inconclusive_at = NULL
FROM (SELECT unnest(%(e2e)s::text[]) AS e2e, unnest(%(attempt)s::int[]) AS attempt, unnest(%(amount)s::bigint[]) AS amount,
             unnest(%(at)s::timestamptz[]) AS at) v
WHERE p.end_to_end_id = v.e2e AND p.attempt = v.attempt AND p.amount = v.amount AND p.status = '{PaymentStatus.READY}'
  AND p.hold_code IN ('', '{HOLD}') AND p.file_id IS NULL AND p.bank_reference = ''
  AND EXISTS (SELECT 1 FROM payments_paymentbatch b WHERE b.id = p.batch_id AND b.status = '{BatchStatus.RELEASED}'
              AND b.channel = '{Channel.ACCOUNT}' AND b.funding_account_id = %(account)s)
  AND NOT EXISTS (SELECT 1 FROM payments_frozenlist z WHERE z.batch_id = p.batch_id)
  AND NOT EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = p.batch_id)
  AND NOT EXISTS (SELECT 1 FROM payments_succession s JOIN payments_payment q ON q.id = s.predecessor_id WHERE s.successor_id = p.id
                  AND (q.confirmed_at IS NULL OR q.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED')))
"""


@dataclass
class Reread:
    """One funding account (`code`) after its list was read.

    `set_out`: payments that had left, though our books had them waiting. `held`: payments the bank tells otherwise, each with a case.
    `strangers`: orders of which our books have nothing, made or released since the backup. `read` is False when the bank did not answer to
    the end: then nothing is known; `refused` is the status with which it said that it will not. `newest_at`: the bank's time of the newest order.
    """

    code: str
    orders: int = 0
    set_out: int = 0
    moved: int = 0
    held: int = 0
    strangers: list[TransferState] = field(default_factory=list)
    newest_at: datetime | None = None
    read: bool = False
    refused: int | None = None


def keys_open_the_numbers() -> bool:
    """Whether the newest account number can be read: with another key of the same name every order would be held as altered."""
    account = BankAccount.objects.exclude(number=None).select_related("number").order_by("-pk").first()
    return account is None or last_four_of(account) != UNREADABLE


def books_end_at() -> datetime | None:
    """From here on the bank may hold orders our books do not know of; None where nothing was sent and nothing waits.

    The last time anything of ours set out, which is older than the backup (nothing sets out while books are not read, and what is learned
    moves it no further), or the first day on which anything that has no end yet was to be paid, whichever is earlier: an order is looked
    for from the day it was for, as everywhere (`earliest`).
    """
    moved: datetime | None = Payment.objects.aggregate(at=Max("first_used_at"))["at"]
    due: date | None = Payment.objects.exclude(status__in=ENDED).aggregate(on=Min("batch__cycle__pay_on"))["on"]
    if due is None:
        return moved
    paid_on = datetime.combine(due, time.min, tzinfo=VIETNAM)
    return min(moved or paid_on, paid_on)


def reread_bank(
    *, actor: User, since: datetime, bank: Transfers, clock: Callable[[], datetime]
) -> tuple[list[Reread], list[PaymentBatch]]:
    """Bring payments to where the bank has them; to be run before anything is sent, and again after lists were signed anew.

    `since`: when the books end (`books_end_at`), or earlier; orders are looked for from a month before: to read
    some hundred pages more costs minutes, an order that was missed costs its payment. Answers what was found per account, and the
    lists that were paused: those whose orders go by file or through a provider, of which the bank's list says nothing. Running it again
    changes nothing while nothing happens. Raises `NotAllowed`.
    """
    require(actor, Right.SETTLE_UNKNOWN, unit=the_province())
    paused = _pause_what_cannot_be_asked_about(actor=actor, now=clock())
    since -= READ_BACK
    return [_read(account, since=since, bank=bank, clock=clock) for account in _accounts(since=since)], paused


def _accounts(*, since: datetime) -> list[FundingAccount]:
    """Whatever may have sent by API since then: what goes by file or through a provider only where it sent by API before."""
    sent = Payment.objects.filter(batch__funding_account=OuterRef("pk"), file=None).exclude(bank_reference="")
    asked = FundingAccount.objects.filter(Q(sends_by=SendsBy.API) | Exists(sent))
    return list(asked.exclude(closed_at__lt=since).order_by("code"))


def _pause_what_cannot_be_asked_about(*, actor: User, now: datetime) -> list[PaymentBatch]:
    waiting = Payment.objects.filter(batch=OuterRef("pk"), status=PaymentStatus.READY)
    otherwise = ~Q(channel=Channel.ACCOUNT, funding_account__sends_by=SendsBy.API)
    kept = Exists(HandOver.objects.filter(batch=OuterRef("pk")))
    built = PaymentFile.objects.filter(batch=OuterRef("pk"), status__in=(FileStatus.BUILT, FileStatus.UPLOADING))
    lists = PaymentBatch.objects.filter(
        Q(Exists(waiting)) & otherwise & ~kept | Q(Exists(built)), status=BatchStatus.RELEASED, paused=False
    )
    found = list(lists.order_by("pk"))
    for batch in found:
        set_paused(batch_id=batch.pk, paused=True, actor=actor, now=now)
    return found


def pause_lists_of(*, codes: Sequence[str], actor: User, now: datetime) -> list[PaymentBatch]:
    """Hold back what waits on accounts whose orders the bank does not tell, and answer the lists; they go on one by one, by somebody's word."""
    waiting = Payment.objects.filter(batch=OuterRef("pk"), status=PaymentStatus.READY)
    of_them = PaymentBatch.objects.filter(funding_account__code__in=codes, status=BatchStatus.RELEASED, paused=False)
    found = list(of_them.filter(Exists(waiting)).order_by("pk"))
    for batch in found:
        set_paused(batch_id=batch.pk, paused=True, actor=actor, now=now)
    return found


def _read(account: FundingAccount, *, since: datetime, bank: Transfers, clock: Callable[[], datetime]) -> Reread:
    found = Reread(code=account.code)
    learned = Learned()
    try:
        for page in bank.list_since(financial_account=account.bank_account_id, since=since):
            _take_in(page, account=account, now=clock(), found=found, learned=learned)
    except BankRefused as refusal:
        logger.warning("list of account %s refused: %s", account.code, refusal.status)
        found.refused = refusal.status
    except BankError as error:
        logger.warning("list of account %s not read: %s", account.code, type(error).__name__)
    else:
        found.read = True
    found.moved, found.held = learned.moved, len(learned.contradicted)
    return found


@transaction.atomic
def _take_in(
    page: Sequence[TransferState], *, account: FundingAccount, now: datetime, found: Reread, learned: Learned
) -> None:
    """What had left sets out in our books too, by the words of whoever sends; then the bank's word moves it as it moves any other."""
    ours = sorted((state for state in page if state.currency == CURRENCY), key=lambda state: state.end_to_end_id)
    with connection.cursor() as cursor:
        cursor.execute(
            _SET_OUT,
            {
                "now": now,
                "account": account.pk,
                "e2e": [state.end_to_end_id for state in ours],
                "attempt": [state.attempt for state in ours],
                "amount": [state.amount for state in ours],
                "at": [state.created_at for state in ours],
            },
        )
        found.set_out += cursor.rowcount
    apply_states(states=page, now=now, learned=learned)
    ids = [state.end_to_end_id for state in page]
    known = set(Payment.objects.filter(end_to_end_id__in=ids).values_list("end_to_end_id", flat=True))
    found.orders += len(page)
    found.newest_at = max([state.created_at for state in page] + ([found.newest_at] if found.newest_at else []))
    found.strangers += [state for state in page if state.end_to_end_id not in known]
