"""Learn from the bank what became of payments: states are fetched in pages; webhooks only ring, and nothing is guessed."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from banks.errors import BankError, BankRefused
from banks.transfers import Status, Transfers, TransferState
from payments.models import BankEvent, FundingAccount, Payment
from payments.services.learning.contradictions import contradict
from payments.services.learning.held_orders import Held, held_by_us, may_move
from payments.services.learning.money_back import doubt_accounts
from payments.states import UNPAID_FINAL, Cause, PaymentStatus, sources
from staff.time_zone import VIETNAM

logger = logging.getLogger(__name__)
CAUSE_OF: dict[Status, Cause] = {
    Status.PROCESSING: Cause.ACCEPTED,
    Status.POSTED: Cause.BANK_POSTED,
    Status.FAILED: Cause.BANK_FAILED,
    Status.CANCELED: Cause.BANK_CANCELLED,
    Status.RETURNED: Cause.BANK_RETURNED,
}
STATUS_OF: dict[Status, PaymentStatus] = {
    Status.PROCESSING: PaymentStatus.PROCESSING,
    Status.POSTED: PaymentStatus.POSTED,
    Status.FAILED: PaymentStatus.FAILED,
    Status.CANCELED: PaymentStatus.CANCELLED,
    Status.RETURNED: PaymentStatus.RETURNED,
}
# What may have become of a transfer since the bank said this of it: a page read earlier contradicts nothing.
LATER: dict[PaymentStatus, tuple[PaymentStatus, ...]] = {
    PaymentStatus.PROCESSING: (PaymentStatus.POSTED, *UNPAID_FINAL),
    PaymentStatus.POSTED: (PaymentStatus.RETURNED,),
}
# What people ended did not end at the bank: an order it shows after all is no old news.
ENDED_BY_US = (Cause.STOP, Cause.NEVER_HAD, Cause.FOUND_WRONG)
NEVER_LISTED = timedelta(days=3)
HANDLE_AT_ONCE = 5000
ASK_AT_ONCE = 200
GIVE_UP_AFTER = 3
ASK_AGAIN_AFTER, ASK_AGAIN_WITHIN = timedelta(seconds=5), timedelta(days=1)
NO_SUCH_ORDER = 404  # nothing the bank would show us; any other refusal is about us, and says nothing of the order


@dataclass
class Learned:
    """How many payments moved, how many answers contradict what we hold, and of which payments (ids).

    `read` are the funding accounts (ids) whose list was read to its end; of any other, nothing follows from what was not seen. `complete` is
    False when there was one: another worker was reading it, or the bank did not answer for it.
    """

    moved: int = 0
    contradictions: int = 0
    contradicted: set[int] = field(default_factory=set)
    read: set[int] = field(default_factory=set)
    complete: bool = True


_ASK_LATER = """
UPDATE payments_bankevent SET tries = least(tries + 1, 1000), ask_again_at = %(now)s + least(%(first)s * power(2, least(tries, 20)), %(last)s)
WHERE id = ANY(%(ids)s)
"""


def fetch_states(*, bank: Transfers, now: datetime) -> Learned:
    """Read, per funding account, the transfers that may have changed, and apply what the bank says.

    Called on a ring and by the clock: both find the same work in the database. While one worker reads an account, others pass it by at once, so
    that however many bells ring, somebody always reads each to its end; what came meanwhile is found at the next ring.
    """
    learned = Learned()
    events = list(
        BankEvent.objects.filter(Q(ask_again_at__isnull=True) | Q(ask_again_at__lte=now), handled_at__isnull=True)
        .order_by(F("looked_at").asc(nulls_first=True), "id")
        .values_list("id", "bank_reference")[:HANDLE_AT_ONCE]
    )
    references = [reference for _, reference in events]
    reading = _reading_from(references=references)
    for account, since in reading:
        with only_reader(account) as alone:
            if alone:
                fetch_account(account, since=since, bank=bank, now=now, learned=learned)
            else:
                learned.complete = False
    if not events:
        return learned
    unread = _rings_of({account.pk for account, _ in reading} - learned.read, references=references)
    failed, unasked = _ask_about_strangers(references, bank=bank, now=now, learned=learned)
    # What can't be learned now is looked for again, after the rings nobody has looked at yet: one silent account holds up no other's rings.
    looked_at = [pk for pk, reference in events if reference in unread or reference in failed]
    handled = [pk for pk, reference in events if reference not in unread | failed | unasked]
    BankEvent.objects.filter(pk__in=looked_at).update(looked_at=now)
    _ask_later([pk for pk, reference in events if reference in failed], now=now)
    BankEvent.objects.filter(pk__in=handled).update(handled_at=now)
    return learned


def _ask_later(event_ids: Sequence[int], *, now: datetime) -> None:
    """An order the bank tells nothing of is asked about ever more rarely, never forgotten: an alarm names it meanwhile."""
    given: dict[str, Any] = {"ids": list(event_ids), "now": now, "first": ASK_AGAIN_AFTER, "last": ASK_AGAIN_WITHIN}
    with connection.cursor() as cursor:
        cursor.execute(_ASK_LATER, given)


@contextmanager
def only_reader(account: FundingAccount) -> Iterator[bool]:
    """Whether this session is the one that reads the account; a session lock, so that no transaction is held while the bank answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('fetch_states'), %s::int)", [account.pk])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('fetch_states'), %s::int)", [account.pk])


def fetch_account(
    account: FundingAccount, *, since: datetime, bank: Transfers, now: datetime, learned: Learned
) -> None:
    """One account the bank does not answer for keeps nobody else's payments from being learned of."""
    try:
        for page in bank.list_since(financial_account=account.bank_account_id, since=since):
            apply_states(states=page, now=now, learned=learned)
    except BankError as error:
        logger.warning("list of account %s not read: %s", account.code, type(error).__name__)
        learned.complete = False
    else:
        learned.read.add(account.pk)


def _rings_of(unread: set[int], *, references: Sequence[str]) -> set[str]:
    """Of these references, those of orders of accounts (ids) whose list could not be read."""
    orders = Payment.objects.filter(batch__funding_account__in=unread, bank_reference__in=references)
    return set(orders.exclude(bank_reference="").values_list("bank_reference", flat=True))


def _ask_about_strangers(
    references: Sequence[str], *, bank: Transfers, now: datetime, learned: Learned
) -> tuple[set[str], set[str]]:
    """Rings for orders we hold no reference of: perhaps one that people had concluded the bank never had (ADR 30).

    Each is asked about by itself, whatever list could not be read. Few at a time, and none after some failures in a row: the bank is in
    trouble then, and the next bell asks on. Returns the references of which the bank told nothing, and those it was not asked about.
    """
    known = set(Payment.objects.filter(bank_reference__in=references).values_list("bank_reference", flat=True))
    strangers = [reference for reference in dict.fromkeys(references) if reference and reference not in known]
    failed: set[str] = set()
    in_a_row = asked = 0
    for reference in strangers[:ASK_AT_ONCE]:
        asked += 1
        try:
            apply_states(states=[bank.enquire(reference)], now=now, learned=learned)
        except BankError as error:
            if not isinstance(error, BankRefused) or error.status != NO_SUCH_ORDER:
                logger.warning("order of a ring not read: %s", type(error).__name__)
                failed.add(reference)
                in_a_row += 1
                if in_a_row == GIVE_UP_AFTER:
                    break
                continue
        in_a_row = 0
    unasked = set(strangers[asked:])
    if failed or unasked:
        learned.complete = False
    return failed, unasked


_WAITING = """
SELECT b.funding_account_id, bool_or(p.bank_created_at IS NULL), min(c.pay_on), min(p.first_used_at), min(p.bank_created_at)
FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN payments_cycle c ON c.id = b.cycle_id
WHERE b.channel = 'ACCOUNT'
  AND ((p.status IN ('SENT', 'PROCESSING') AND b.status = 'RELEASED' AND p.file_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = b.id))
       OR (p.bank_reference = ANY(%(references)s) AND p.bank_reference <> '' AND p.bank_created_at IS NOT NULL))
GROUP BY b.funding_account_id
"""


def _reading_from(*, references: Sequence[str]) -> list[tuple[FundingAccount, datetime]]:
    """The accounts whose transfers may have changed, each with the bank's creation time from which they must be read.

    Work is looked for in open lists only; a return of a closed list is rung by the bank.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"references": [reference for reference in references if reference]})
        found = {
            account: earliest(unlisted=unlisted, pay_on=pay_on, sent_at=sent_at, listed_at=listed_at)
            for account, unlisted, pay_on, sent_at, listed_at in cursor.fetchall()
        }
    accounts = FundingAccount.objects.filter(pk__in=found).order_by("pk")
    return [(account, found[account.pk]) for account in accounts]


def earliest(*, unlisted: bool, pay_on: date, sent_at: datetime | None, listed_at: datetime | None) -> datetime:
    """From when a list must be read so that none of some orders is missed: `listed_at` is the bank's time of the first.

    Of some (`unlisted`) the bank's answer was not recorded: known are only the day they were to be paid, and when we sent the first.
    """
    if not unlisted and listed_at is not None:
        return listed_at
    pay_at = datetime.combine(pay_on, time.min, tzinfo=VIETNAM)
    return min(pay_at, sent_at or pay_at, listed_at or pay_at) - NEVER_LISTED


_APPLY = """
UPDATE payments_payment p SET status = %(target)s::text, cause = %(cause)s, status_at = %(now)s, bank_reference = v.ref, bank_created_at = v.created_at,
       return_code = v.code,
       credited_on = CASE %(target)s::text WHEN 'POSTED' THEN v.status_on WHEN 'RETURNED' THEN coalesce(p.credited_on, v.posted_on) ELSE p.credited_on END,
       returned_on = CASE WHEN %(target)s::text = 'RETURNED' THEN v.status_on ELSE p.returned_on END
FROM (SELECT unnest(%(e2e)s::text[]) AS e2e, unnest(%(attempt)s::int[]) AS attempt, unnest(%(amount)s::bigint[]) AS amount, unnest(%(ref)s::text[]) AS ref,
             unnest(%(created_at)s::timestamptz[]) AS created_at, unnest(%(status_on)s::date[]) AS status_on,
             unnest(%(posted_on)s::date[]) AS posted_on, unnest(%(code)s::text[]) AS code) v
WHERE p.end_to_end_id = v.e2e AND p.attempt = v.attempt AND p.amount = v.amount AND p.status = ANY(%(sources)s)
  AND (p.bank_reference IN ('', v.ref) OR p.file_id IS NOT NULL)
RETURNING p.bank_account_id, v.code
"""


@transaction.atomic
def apply_states(*, states: Iterable[TransferState], now: datetime, learned: Learned) -> None:
    """Apply what the bank says, in any order, repeated or late: the same end comes out. It must be of our order: amount, currency, attempt, reference."""
    # In one order everywhere, so that two workers that learn the same page wait instead of deadlocking.
    ordered = sorted(states, key=lambda state: state.end_to_end_id)
    # Most of what is read is known: a move that would find nothing to move is not tried, for it asks every guard of the table all the same.
    held = held_by_us(ordered)
    moved = 0
    for status, cause in CAUSE_OF.items():
        group = [state for state in ordered if state.status == status and may_move(held, state, cause=cause)]
        if group:
            moved += _move(group, status=status, cause=cause, now=now)
            held = held_by_us(ordered)
    learned.moved += moved
    contradicted = _contradictions(ordered, held=held, now=now)
    learned.contradictions += len(contradicted)
    learned.contradicted.update(contradicted)


def _move(group: Sequence[TransferState], *, status: Status, cause: Cause, now: datetime) -> int:
    """Apply one word of the bank to the payments it is about; returns how many moved."""
    given = {"target": STATUS_OF[status], "cause": cause, "now": now, "sources": list(sources(cause)), **_arrays(group)}
    with connection.cursor() as cursor:
        cursor.execute(_APPLY, given)
        moved = cursor.fetchall()
    if moved and status in (Status.RETURNED, Status.FAILED):
        came_back_on = max(state.status_at for state in group).astimezone(VIETNAM).date()
        doubt_accounts(moved, failed=status is Status.FAILED, now=now, on=came_back_on)
    return len(moved)


def _arrays(states: Sequence[TransferState]) -> dict[str, Any]:
    return {
        "e2e": [state.end_to_end_id for state in states],
        "attempt": [state.attempt for state in states],
        "amount": [state.amount for state in states],
        "ref": [state.bank_reference for state in states],
        "created_at": [state.created_at for state in states],
        "status_on": [state.status_at.astimezone(VIETNAM).date() for state in states],
        "posted_on": [state.posted_at.astimezone(VIETNAM).date() if state.posted_at else None for state in states],
        "code": [state.return_code or "" for state in states],
    }


def _contradictions(states: Sequence[TransferState], *, held: dict[str, Held], now: datetime) -> list[int]:
    """A bank answer against what we hold, or of another order than ours, is a case for a person; its money is not paid again meanwhile."""
    told: dict[tuple[PaymentStatus, bool], list[int]] = {}
    for state in states:
        expected = STATUS_OF[state.status]
        ours = held.get(state.end_to_end_id)
        if ours is None:
            continue
        later = () if ours.cause in ENDED_BY_US else LATER.get(expected, ())
        if not (ours.is_told_by(state) and ours.status in (expected, *later)):
            told.setdefault((expected, ours.file_id is not None), []).append(ours.pk)
    for (expected, in_file), found in told.items():
        # A list of the bank says the same at every reading, a report once: said again, it is news.
        on = f" (báo ngày {now.astimezone(VIETNAM):%d/%m/%Y})" if in_file else ""
        evidence = f"ngân hàng báo: {expected.label}{on}"
        contradict(payment_ids=found, reason="BANK_CONTRADICTS", now=now, evidence=evidence)
    return [pk for found in told.values() for pk in found]


def read_account(*, payment: Payment, bank: Transfers, now: datetime, learned: Learned) -> bool:
    """Read afresh the account a payment is debited from, from before it was sent; whether the list shows its id. Raises BankError."""
    account = payment.batch.funding_account
    if account is None:
        raise ValueError("a payment in cash has no account at the bank")
    pay_on = payment.batch.cycle.pay_on
    since = earliest(unlisted=True, pay_on=pay_on, sent_at=payment.first_used_at, listed_at=None)
    shown = False
    for page in bank.list_since(financial_account=account.bank_account_id, since=since):
        shown = shown or any(state.end_to_end_id == payment.end_to_end_id for state in page)
        apply_states(states=page, now=now, learned=learned)
    return shown
