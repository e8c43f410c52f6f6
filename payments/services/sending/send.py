"""Send released payments to the bank, each once: the intent is committed before the call, and no transaction is open while the bank answers."""

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from banks.transfers import Accepted, NotTaken, Outcome, Transfer, Transfers, Unknown
from beneficiaries.services.numbers import NumberUnreadable, reveal_account_number
from payments.models import Payment
from payments.services.learning.cases import open_payment_cases
from payments.services.sending.asleep import ended_when_asleep
from payments.services.sending.books import Standing, books_are_read, books_standing
from payments.services.sending.books_started import compared_since_start
from payments.services.sending.lanes import note_answers, shut_lanes, take_probe
from payments.services.sending.pace import Pace
from payments.services.sending.succession import FREE_OF_DOUBT
from payments.states import Cause, PaymentStatus

CHUNK = 200
LEASE_MARGIN = 0.25  # of the lease: a call begins only while this much of it is left, longer than one call may take
RECORD_EVERY = 100
SHARE_OF_SLOW = 4  # a slow bank holds a quarter of a sender's calls while others wait
RECORD_AFTER_SECONDS = 0.3
REST = timedelta(seconds=2)  # what the bank did not take now is not offered again at once

# List by list, the oldest first: what waits on lists that are paused, frozen or sent by file is never walked past, a million of them either.
_READY = f"""
FROM (SELECT b.id FROM payments_paymentbatch b JOIN payments_fundingaccount f ON f.id = b.funding_account_id AND f.sends_by = 'API'
      WHERE b.status = 'RELEASED' AND NOT b.paused AND b.channel = 'ACCOUNT'
        AND NOT EXISTS (SELECT 1 FROM payments_frozenlist z WHERE z.batch_id = b.id)
      ORDER BY b.id) open_list
CROSS JOIN LATERAL (
    SELECT p.id FROM payments_payment p JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
    WHERE p.batch_id = open_list.id AND p.status = 'READY' AND p.hold_code = '' AND (p.lease_until IS NULL OR p.lease_until < %(now)s)
      AND a.bank_bin <> ALL(%(shut)s) AND (%(only)s = '' OR a.bank_bin = %(only)s) AND {FREE_OF_DOUBT}
    ORDER BY p.id LIMIT %(limit)s FOR UPDATE OF p SKIP LOCKED
) p
"""
_UNANSWERED = """
FROM payments_payment p JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
WHERE p.status = 'SENT' AND p.lease_until < %(now)s AND p.first_used_at > %(replay_from)s AND p.inconclusive_at IS NULL
  AND a.bank_bin <> ALL(%(shut)s) AND (%(only)s = '' OR a.bank_bin = %(only)s)
"""
_CLAIM = f"""
WITH picked AS (SELECT p.id {_READY} LIMIT %(limit)s), claimed AS (
    UPDATE payments_payment p SET status = 'SENT', cause = 'CLAIM', status_at = %(now)s, first_used_at = %(now)s, inconclusive_at = NULL,
           lease_until = %(until)s, lease_by = %(by)s
    FROM picked WHERE p.id = picked.id RETURNING p.*
)
"""
_RETAKE = f"""
WITH picked AS (SELECT p.id {_UNANSWERED} ORDER BY p.id LIMIT %(limit)s FOR UPDATE OF p SKIP LOCKED), claimed AS (
    UPDATE payments_payment p SET lease_until = %(until)s, lease_by = %(by)s FROM picked WHERE p.id = picked.id RETURNING p.*
)
"""
_TRANSFERS = """
SELECT c.id, c.end_to_end_id, c.attempt, c.amount, f.bank_account_id, a.bank_bin, n.sealed, n.digest, c.payee_name, cy.month
FROM claimed c
JOIN payments_paymentbatch b ON b.id = c.batch_id JOIN payments_cycle cy ON cy.id = b.cycle_id
JOIN payments_fundingaccount f ON f.id = b.funding_account_id
JOIN beneficiaries_bankaccount a ON a.id = c.bank_account_id JOIN beneficiaries_accountnumber n ON n.id = a.number_id
ORDER BY c.batch_id, c.id
"""  # sent in the order they were claimed, whatever way the joins went: the same seed tells the same story
REPLAY_FOR = timedelta(hours=20)  # the bank may forget a key after 24 h
ASLEEP_SECONDS = 3600  # who slept that long before a call never makes it: well before the bank has forgotten the key


@dataclass
class Sending:
    """What became of what this call sent; `unknown` stays SENT until it is enquired."""

    accepted: int = 0
    not_taken: int = 0
    held: int = 0
    unknown: int = 0


@dataclass
class _Answers:
    """Outcomes not recorded yet; recorded in groups, one statement per cause."""

    accepted: list[Accepted] = field(default_factory=list)
    not_taken: list[tuple[Transfer, NotTaken]] = field(default_factory=list)
    unknown: list[tuple[Transfer, Unknown]] = field(default_factory=list)
    health: list[tuple[str, Outcome]] = field(default_factory=list)
    since: float = field(default_factory=lambda: time.monotonic())

    def add(self, transfer: Transfer, outcome: Outcome) -> None:
        """What was not sent at all stays SENT under its lease, and is taken up again after it."""
        self.health.append((transfer.bank_bin, outcome))
        if isinstance(outcome, Accepted):
            self.accepted.append(outcome)
        elif isinstance(outcome, NotTaken):
            self.not_taken.append((transfer, outcome))
        elif isinstance(outcome, Unknown):
            self.unknown.append((transfer, outcome))

    @property
    def due(self) -> bool:
        held = len(self.accepted) + len(self.not_taken) + len(self.unknown)
        return held >= RECORD_EVERY or (held > 0 and time.monotonic() - self.since > RECORD_AFTER_SECONDS)


def send_ready_payments(*, bank: Transfers, clock: Callable[[], datetime], limit: int | None = None) -> Sending:
    """Send READY payments of released lists, neither paused nor frozen, until none is left (or about `limit` were claimed).

    Running it twice, or in ten workers, sends each once. SENT is committed before the bank is called, so a crash leaves payments to
    enquire about, never payments to pay twice.
    """
    return _offer(bank=bank, clock=clock, claim=_claim_ready, first_use=True, limit=limit)


def replay_unknown_payments(*, bank: Transfers, clock: Callable[[], datetime], limit: int = 1000) -> Sending:
    """Offer again, under the same key, what was sent and never answered. The bank answers what it did then; it can't pay twice."""
    return _offer(bank=bank, clock=clock, claim=_retake_unknown, first_use=False, limit=limit)


def _offer(
    *,
    bank: Transfers,
    clock: Callable[[], datetime],
    claim: Callable[[datetime, str, list[str]], list[Transfer]],
    first_use: bool,
    limit: int | None,
) -> Sending:
    sending, answers, deadlines = Sending(), _Answers(), dict[int, float]()
    pace = Pace(slow_at_once=max(1, settings.BANK_CONCURRENCY // SHARE_OF_SLOW), clock=time.monotonic)
    holder = f"{socket.gethostname()[:16]}:{os.getpid()}:{secrets.token_hex(4)}"
    taken = 0

    def claimed() -> Iterator[tuple[Transfer, bool]]:
        """Claims the next chunk when the last one is used up, or only slow banks' are left of it: a bank is never waited for by others' orders."""
        nonlocal taken
        while True:
            transfer = pace.next()
            if transfer is None and (limit is None or taken < limit) and pace.looks_for_others():
                awake()  # before the clock is read: who sleeps over the claim itself judges keys by an hour long gone
                began = time.monotonic()
                chunk = claim(clock(), holder, pace.slow() if pace.has_waiting else [])
                taken += len(chunk)
                deadlines.update(
                    (one.payment_id, began + settings.SEND_LEASE_SECONDS * (1 - LEASE_MARGIN)) for one in chunk
                )
                pace.add(chunk)
                transfer = pace.next()
            transfer = transfer or pace.next_slow()
            if transfer is None:
                return
            yield transfer, first_use

    def lease_holds(transfer: Transfer) -> bool:
        awake()
        # None is left when its own lease ran out in the queue, it was taken up again behind itself, and one of the two was answered.
        holds = time.monotonic() < deadlines.get(transfer.payment_id, 0.0)
        if holds:
            pace.calls(transfer)
        return holds

    with ended_when_asleep(seconds=ASLEEP_SECONDS) as awake:
        for transfer, outcome in bank.send_many(claimed(), may_send=lease_holds):
            deadlines.pop(transfer.payment_id, None)
            pace.answered(transfer)
            answers.add(transfer, outcome)
            if answers.due:
                _record(answers, sending=sending, now=clock(), first_use=first_use, holder=holder)
                note_answers(answers.health, now=clock())
                answers = _Answers()
    _record(answers, sending=sending, now=clock(), first_use=first_use, holder=holder)
    note_answers(answers.health, now=clock())
    # A claim that books not compared yet were refused claims nothing; so the question costs whoever did send no statement.
    if not taken and books_standing() is Standing.NOT_COMPARED and compared_since_start(bank=bank, now=clock()):
        return _offer(bank=bank, clock=clock, claim=claim, first_use=first_use, limit=limit)
    return sending


def _claim_ready(now: datetime, holder: str, without: list[str]) -> list[Transfer]:
    return _take(_CLAIM, now=now, holder=holder, without=without, extra={}, first_use=True)


def _retake_unknown(now: datetime, holder: str, without: list[str]) -> list[Transfer]:
    extra = {"replay_from": now - REPLAY_FOR}
    return _take(_RETAKE, now=now, holder=holder, without=without, extra=extra, first_use=False)


def _take(
    statement: str, *, now: datetime, holder: str, without: list[str], extra: dict[str, Any], first_use: bool
) -> list[Transfer]:
    if not books_are_read():  # what waits may have left before the backup they were restored from
        return []
    shut = shut_lanes(now=now)
    if shut.everything and first_use:  # what was sent before the cut-off is still found out about
        return []
    until = now + timedelta(seconds=settings.SEND_LEASE_SECONDS)
    given = {
        "limit": CHUNK,
        "now": now,
        "until": until,
        "by": holder,
        "shut": shut.banks + without,
        "only": "",
        **extra,
    }
    work = _READY if first_use else _UNANSWERED
    # Noted before the claim and by itself: who sleeps with claimed orders holds no lane.
    probes = [bank for bank in shut.probes if _waits(work, given | {"shut": [], "only": bank})]
    # An order never offered tells how the bank is; a replay may only repeat what was said.
    if not first_use and not shut.everything:
        probes = [bank for bank in probes if not _waits(_READY, given | {"shut": [], "only": bank})]
    probes = [bank for bank in probes if take_probe(bank_bin=bank, now=now)]
    with transaction.atomic():
        rows = _rows(statement, given)
        for bank in probes:
            rows += _rows(statement, given | {"limit": 1, "shut": [], "only": bank})
        transfers: list[Transfer] = []
        unreadable: dict[str, list[int]] = {}
        for row in rows:
            try:
                transfers.append(_transfer(row))
            except NumberUnreadable as error:
                unreadable.setdefault(error.code, []).append(row["id"])
        if first_use:  # on a replay the bank may hold the order sent before: then it stays SENT
            _hold_unreadable(unreadable, now=now)
    return transfers


def _waits(work: str, given: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 {work} LIMIT 1", given)
        return cursor.fetchone() is not None


def _rows(statement: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement + _TRANSFERS, given)
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _transfer(row: dict[str, Any]) -> Transfer:
    """The order for the bank. Raises `NumberUnreadable` for an account number that can't be told."""
    number = reveal_account_number(row["sealed"], bank_bin=row["bank_bin"], digest=row["digest"])
    return Transfer(
        end_to_end_id=row["end_to_end_id"],
        attempt=row["attempt"],
        amount=row["amount"],
        financial_account=row["bank_account_id"],
        bank_bin=row["bank_bin"],
        account_number=number,
        holder_name=row["payee_name"],
        description=f"Tro cap thang {row['month']:%m/%Y}",
        payment_id=row["id"],
    )


def _hold_unreadable(found: Mapping[str, Sequence[int]], *, now: datetime) -> None:
    """Nothing was sent for these, and the others go: somebody altered the number under a signed list, or its key is gone; a person must look."""
    for code, ids in found.items():
        Payment.objects.filter(pk__in=ids).apply(
            Cause.NOT_TAKEN, now=now, lease_until=None, first_used_at=None, hold_code=code
        )
        open_payment_cases(payment_ids=ids, reason=code.upper(), now=now)


@transaction.atomic
def _record(answers: _Answers, *, sending: Sending, now: datetime, first_use: bool, holder: str) -> None:
    """One statement per kind of answer. An answer older than what an event already told changes nothing."""
    if answers.accepted:
        states = sorted((answer.state for answer in answers.accepted), key=lambda state: state.end_to_end_id)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE payments_payment p SET status = 'PROCESSING', cause = 'ACCEPTED', status_at = %s, bank_reference = v.ref, bank_created_at = v.at "
                "FROM (SELECT unnest(%s::text[]) AS e2e, unnest(%s::int[]) AS attempt, unnest(%s::text[]) AS ref, unnest(%s::timestamptz[]) AS at) v "
                "WHERE p.end_to_end_id = v.e2e AND p.attempt = v.attempt AND p.status = 'SENT'",
                [
                    now,
                    [s.end_to_end_id for s in states],
                    [s.attempt for s in states],
                    [s.bank_reference for s in states],
                    [s.created_at for s in states],
                ],
            )
        sending.accepted += len(states)
    if answers.not_taken:
        _record_not_taken(answers.not_taken, sending=sending, now=now, holder=holder)
    if answers.unknown and not first_use:
        # Only an answer from the bank's store ends a key: any other may be followed by one who slept with the order in hand (ADR 23).
        # And only the key it was offered under: one who slept with an earlier answer ends nothing of a later attempt.
        ended: dict[int, list[int]] = {}
        for transfer, answer in answers.unknown:
            if answer.stored:
                ended.setdefault(transfer.attempt, []).append(transfer.payment_id)
        for attempt, ids in ended.items():
            Payment.objects.filter(pk__in=ids, attempt=attempt, status=PaymentStatus.SENT).update(inconclusive_at=now)
    sending.unknown += len(answers.unknown)


def _record_not_taken(
    refusals: list[tuple[Transfer, NotTaken]], *, sending: Sending, now: datetime, holder: str
) -> None:
    """Back to READY; a refusal of the order itself is held for a person, under a new key when that is solved.

    Only what this sender still holds goes back: if its lease ran out meanwhile, another may have offered the order, and the bank taken it.
    """
    held_by_us = Payment.objects.filter(lease_by=holder)
    retry = [transfer.payment_id for transfer, refusal in refusals if refusal.retryable]
    sending.not_taken += held_by_us.filter(pk__in=retry).apply(
        Cause.NOT_TAKEN, now=now, lease_until=now + REST, lease_by="", first_used_at=None
    )
    for transfer, refusal in refusals:
        if refusal.retryable:
            continue
        held = held_by_us.filter(pk=transfer.payment_id, attempt=transfer.attempt).apply(
            Cause.NOT_TAKEN,
            now=now,
            lease_until=None,
            lease_by="",
            first_used_at=None,
            hold_code=refusal.code[:60],
            attempt=transfer.attempt + 1,
        )
        if held:
            open_payment_cases(
                payment_ids=[transfer.payment_id], reason="ORDER_REFUSED", now=now, evidence=refusal.code
            )
        sending.held += held
