"""What happens to a payment after it was taken: posted, failed, or sent back days later, at the time it was due."""

from __future__ import annotations

import sqlite3

from mockbank.bank import Bank
from mockbank.books import Booking, beneficiary_account_no, book, release_holds, transaction_number
from mockbank.clock import bank_date, bank_days_later
from mockbank.events import record_events
from mockbank.faults import Rule, Subject
from mockbank.file_books import came_in_files, note_news
from mockbank.openings import decide_due
from mockbank.payments import FAILED, POSTED, RETURNED, SELECT_PAYMENT, Payment
from mockbank.schema import SUSPENSE_NO
from mockbank.truth import DECLINED, MISSING, OPEN
from mockbank.truth import RETURN_CODES as CODE_OF_STATUS

RETURN_AFTER_BANK_DAYS = 2
CHUNK = 200
# A return falls at least a day after its posting, so work due within one day may run as one chunk and stay in order.
_CHUNK_HORIZON_SECONDS = 86_400.0


class Moves:
    """The effects of one chunk, collected and then written with one statement per kind."""

    def __init__(self, connection: sqlite3.Connection, bank: Bank) -> None:
        self._connection = connection
        self._bank = bank
        self._bookings: list[Booking] = []
        self._holds: list[tuple[int, int]] = []
        self._events: list[tuple[str, int, int]] = []
        self._news: list[tuple[int, str]] = []
        self._updates: list[tuple[object, ...]] = []

    def post(self, payment: Payment, *, at: int, reached: bool, fault: Rule | None = None) -> None:
        """Debit the payer; the money reaches the beneficiary, or waits in suspense when it will be sent back."""
        self._debit(payment, at=at, reached=reached, fault=fault)
        self._update(payment, status=POSTED, posted_at=at)
        self._events.append((POSTED, at, payment.seq))

    def post_then_return(self, payment: Payment, *, at: int, code: str, reason: str) -> None:
        self._debit(payment, at=at, reached=False, fault=None)
        back_at = bank_days_later(at, RETURN_AFTER_BANK_DAYS)
        self._update(payment, status=POSTED, posted_at=at, code=code, reason=reason, step="return", next_at=back_at)
        self._events.append((POSTED, at, payment.seq))

    def return_at_once(self, payment: Payment, *, at: int, code: str, reason: str) -> None:
        """Debit and credit both appear in the books; the payment was never posted."""
        self._debit(payment, at=at, reached=False, fault=None)
        self._credit(payment, at=at)
        self._update(payment, status=RETURNED, returned_at=at, code=code, reason=reason)
        self._events.append((RETURNED, at, payment.seq))

    def return_posted(self, payment: Payment, *, at: int, code: str | None = None, reason: str | None = None) -> None:
        self._credit(payment, at=at)
        self._update(
            payment, status=RETURNED, posted_at=payment.posted_at, returned_at=at, code=code or payment.return_code,
            reason=reason,
        )  # fmt: skip
        self._events.append((RETURNED, at, payment.seq))

    def fail(self, payment: Payment, *, at: int) -> None:
        self._holds.append((payment.account_no, payment.amount))
        self._news.append((payment.seq, "failed"))
        self._update(payment, status=FAILED, failed_at=at)
        self._events.append((FAILED, at, payment.seq))

    def _debit(self, payment: Payment, *, at: int, reached: bool, fault: Rule | None) -> None:
        contra = SUSPENSE_NO
        if reached:
            contra = beneficiary_account_no(
                self._connection, routing=payment.routing_number, number=payment.account_number,
                name=payment.holder_name, now=at,
            )  # fmt: skip
        amount = payment.amount + (fault.delta if fault else 0)
        self._book(payment, kind="debit", amount=-amount, at=at, contra=contra)
        self._holds.append((payment.account_no, payment.amount))

    def _credit(self, payment: Payment, *, at: int) -> None:
        number = transaction_number("debit", payment.seq)
        row = self._connection.execute(
            "SELECT account_no, amount FROM entries WHERE transaction_number = ? AND account_no <> ?",
            (number, payment.account_no),
        ).fetchone()
        contra, amount = row if row else (SUSPENSE_NO, payment.amount)
        self._book(payment, kind="return", amount=amount, at=at, contra=contra)

    def _book(self, payment: Payment, *, kind: str, amount: int, at: int, contra: int) -> None:
        number = transaction_number(kind, payment.seq)
        self._news.append((payment.seq, kind))
        self._bookings.append(
            Booking(
                number=number,
                id=self._bank.ids.make("txn", number),
                account_no=payment.account_no,
                kind=kind,
                payment_seq=payment.seq,
                amount=amount,
                booked_at=at,
                reference=None,
                description=payment.description,
                contra_no=contra,
            )
        )

    def _update(
        self,
        payment: Payment,
        *,
        status: str,
        posted_at: int | None = None,
        failed_at: int | None = None,
        returned_at: int | None = None,
        code: str | None = None,
        reason: str | None = None,
        step: str | None = None,
        next_at: int | None = None,
    ) -> None:
        self._updates.append((status, posted_at, failed_at, returned_at, code, reason, step, next_at, payment.seq))

    def write(self) -> None:
        self._connection.executemany(
            "UPDATE payments SET status = ?, posted_at = ?, failed_at = ?, returned_at = ?, return_code = ?,"
            " return_reason = coalesce(?, return_reason), next_step = ?, next_at = ?, next_wall = NULL WHERE seq = ?",
            self._updates,
        )
        book(self._connection, self._bookings)
        release_holds(self._connection, self._holds)
        self._tell()

    def _tell(self) -> None:
        """What came in a file is reported in files; the rest by events."""
        seqs = [seq for *_, seq in self._events] + [seq for seq, _ in self._news]
        if not seqs:
            return
        by_file = came_in_files(self._connection, min(seqs), max(seqs))
        record_events(self._connection, [event for event in self._events if event[2] not in by_file])
        if by_file:
            note_news(self._connection, [news for news in self._news if news[0] in by_file])


def _settle(payment: Payment, *, at: int, bank: Bank, moves: Moves) -> None:
    status = bank.truth.status(
        routing_number=payment.routing_number, account_number=payment.account_number, on=bank_date(at)
    )
    fault = bank.faults.strike("settlement", subject_of(payment)) if bank.faults.rules else None
    if fault is not None and fault.fault == "fail":
        moves.fail(payment, at=at)
    elif fault is not None and fault.fault == "return":
        moves.post_then_return(payment, at=at, code=fault.code, reason=fault.code)
    elif status == OPEN:
        moves.post(payment, at=at, reached=True, fault=fault)
    elif status == DECLINED:
        moves.fail(payment, at=at)
    elif status == MISSING:
        moves.return_at_once(payment, at=at, code=CODE_OF_STATUS[MISSING], reason=MISSING)
    else:
        moves.post_then_return(payment, at=at, code=CODE_OF_STATUS[status], reason=status)


def subject_of(payment: Payment) -> Subject:
    """What fault rules see of a payment, at settlement and when its webhooks are sent."""
    return Subject(
        key=payment.idempotency_key or payment.id,
        account_number=payment.account_number,
        routing_number=payment.routing_number,
        end_to_end_id=payment.end_to_end_id,
    )


def settle_due(connection: sqlite3.Connection, *, bank: Bank, limit: int = CHUNK) -> int:
    """Run up to `limit` steps that are due, oldest first, dated when they were due; return how many ran.

    Due means: by the bank's clock, or (a frozen clock would hold payments for ever) by the wall's.
    """
    now = bank.clock.now()
    rows = connection.execute(
        SELECT_PAYMENT + "WHERE next_at <= ? ORDER BY next_at, payments.seq LIMIT ?", (now, limit)
    ).fetchall()
    if not rows:
        rows = connection.execute(
            SELECT_PAYMENT + "WHERE next_wall <= ? ORDER BY next_wall, payments.seq LIMIT ?", (bank.clock.wall(), limit)
        ).fetchall()
    if not rows:
        return 0
    payments = [Payment._make(row) for row in rows]
    horizon = (payments[0].next_at or 0.0) + _CHUNK_HORIZON_SECONDS
    moves = Moves(connection, bank)
    done = 0
    for payment in payments:
        due = payment.next_at or now
        if due > horizon:
            break
        at = max(int(min(due, now)), payment.created)
        if payment.next_step == "return":
            moves.return_posted(payment, at=at)
        else:
            _settle(payment, at=at, bank=bank, moves=moves)
        done += 1
    moves.write()
    return done


async def settle_all_due(bank: Bank) -> int:
    """Run everything that is due, a chunk per transaction, so that requests are answered in between."""
    total = 0
    while done := await bank.commits.submit(lambda connection: settle_due(connection, bank=bank)):
        total += done
    return total + await bank.commits.submit(lambda connection: decide_due(connection, bank=bank))
