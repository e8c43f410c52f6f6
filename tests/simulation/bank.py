"""The bank of the simulation: its own books, its own stored replies, and trouble exactly where the schedule puts it.

Answers are judged by the product's own `judge_answer`, so what an answer proves is the real client's word, not the simulation's.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from banks.connection import Answer
from banks.errors import BankRefused, BankUnavailable
from banks.stripe_answers import judge_answer, not_taken, read_state
from banks.transfers import NotSent, Outcome, Transfer, TransferState, Unknown

KEYS_KEPT_FOR = timedelta(hours=24)
LIVE = ("processing", "posted")
PUT_IN = 8_000_000  # đồng, into each account
AHEAD = 3  # orders the client holds at a time, as its threads would

# What may happen to one call that creates an order.
CREATE_FAULTS = (
    "lost_before",  # the order never arrives, nor does an answer
    "lost_after",  # executed, the answer is lost
    "late",  # taken after our time-out; until then its key is in progress
    "refused_connection",
    "rate_limited",
    "error_before",  # 500 without executing, stored under the key
    "error_after",  # executed, answered and stored as 500
    "truncated",  # executed, half an answer
    "refused_order",  # 400, stored under the key
    "unavailable",  # 503, not stored
)


@dataclass
class Order:
    """One order in the bank's books; `history` is every status it ever had, with the time."""

    reference: str
    transfer: Transfer
    created_at: datetime
    status: str = "processing"
    return_code: str | None = None
    history: list[tuple[str, datetime]] = field(default_factory=list)
    in_file: bool = False  # given in a file: told in reports, never by API or event
    debited_at: datetime | None = None  # the account was debited, whatever the API says of the order (ADR 40)
    given_back_at: datetime | None = None

    @property
    def kept(self) -> bool:
        """Whether the account stays debited for an order that the API calls failed or cancelled."""
        return self.debited_at is not None and self.given_back_at is None and self.status in ("failed", "canceled")

    @property
    def live(self) -> bool:
        """Whether the payee has, or is about to have, the money."""
        return self.status in LIVE

    def document(self) -> dict[str, Any]:
        """As the API shows it."""
        times = {f"{status}_at": int(at.timestamp()) for status, at in self.history}
        return {
            "id": self.reference,
            "status": self.status,
            "amount": self.transfer.amount,
            "currency": "vnd",
            "created": int(self.created_at.timestamp()),
            "financial_account": self.transfer.financial_account,
            "metadata": {"end_to_end_id": self.transfer.end_to_end_id, "attempt": self.transfer.attempt},
            "status_transitions": times,
            "returned_details": {"code": self.return_code} if self.return_code else None,
        }


@dataclass
class _Stored:
    """The first reply of an execution, replayed under its key until the key is forgotten."""

    transfer: Transfer
    answer: Answer
    at: datetime


class SimulatedBank:
    """A `Transfers`. `point` is called wherever a caller may be interrupted; `now` is the simulated clock."""

    def __init__(self, *, balances: dict[str, int], now: Callable[[], datetime], point: Callable[[str], None]) -> None:
        self.available = dict(balances)
        self.orders: list[Order] = []
        self.events: list[tuple[str, str, str]] = []  # (event id, type, reference), in the order they happened
        self.create_faults: deque[str] = deque()
        self.silent: dict[str, int] = {}  # funding account -> reads left unanswered
        self.outage = False
        self.page_size = 100
        self.turned = False  # whether the client's threads hand orders over in another order than claimed
        self.offered: Callable[[Transfer], None] = lambda transfer: None  # told of each call about to be made
        self._now, self._point = now, point
        self._stored: dict[str, _Stored] = {}
        self._late: dict[str, tuple[Transfer, datetime]] = {}
        self._lost: dict[str, Transfer] = {}  # orders that never arrived, by their payment
        self.surfaced: list[Order] = []
        self.put_in: list[tuple[str, datetime]] = []  # what the Treasury put into every account since the first day
        self.taken_out: tuple[int, datetime] | None = None

    # What the product calls -----------------------------------------------------------------------------------------

    def send(self, transfer: Transfer, *, first_use: bool) -> Outcome:
        """See `Transfers.send`."""
        self._point("before the call")
        answer = self._create(transfer)
        self._point("after the call")
        if isinstance(answer, str):
            lost = answer != "refused_connection"
            return Unknown(code=answer) if lost else not_taken(answer, first_use=first_use, retryable=True)
        return judge_answer(answer, transfer=transfer, first_use=first_use)

    def send_many(
        self, transfers: Iterable[tuple[Transfer, bool]], *, may_send: Callable[[Transfer], bool] | None = None
    ) -> Iterator[tuple[Transfer, Outcome]]:
        """See `Transfers.send_many`: a few orders are held at a time, and leave in either order."""
        held: list[tuple[Transfer, bool]] = []
        incoming = iter(transfers)
        while True:
            while len(held) < AHEAD and (pair := next(incoming, None)) is not None:
                held.append(pair)
            if not held:
                return
            transfer, first_use = held.pop(-1 if self.turned else 0)
            self._point("before the lease is looked at")
            allowed = may_send is None or may_send(transfer)
            if allowed:
                self.offered(transfer)
            yield transfer, self.send(transfer, first_use=first_use) if allowed else NotSent()

    def enquire(self, bank_reference: str) -> TransferState:
        """See `Transfers.enquire`."""
        self._point("before an enquiry")
        self.refuse_while_silent("enquire")
        for order in self.orders:
            if order.reference == bank_reference and not order.in_file:
                return read_state(order.document())
        raise BankRefused(code="resource_missing", message="no such outbound payment", status=404)

    def list_since(
        self, *, financial_account: str, since: datetime, until: datetime | None = None
    ) -> Iterator[list[TransferState]]:
        """See `Transfers.list_since`: newest first, a cursor after each page, and the bank goes on between two pages."""
        after: int | None = None
        while True:
            self._point("before a page")
            self.refuse_while_silent(financial_account)
            found = [
                (at, order)
                for at, order in enumerate(self.orders)
                if order.transfer.financial_account == financial_account
                and not order.in_file
                and order.created_at.replace(microsecond=0) >= since.replace(microsecond=0)
                and (until is None or order.created_at.replace(microsecond=0) <= until)
                and (after is None or at < after)
            ]
            page = found[::-1][: self.page_size]
            if page:
                after = page[-1][0]
                states = [read_state(order.document()) for _, order in page]
                self._point("after a page")
                yield states
            if len(found) <= self.page_size:
                return

    def balance(self, financial_account: str) -> int:
        """See `Transfers.balance`."""
        self._point("before the balance")
        self.refuse_while_silent(financial_account)
        return self.available[financial_account]

    # What happens at the bank ---------------------------------------------------------------------------------------

    def take_what_is_late(self) -> None:
        """Execute the late orders that are due by now."""
        for key, (transfer, due) in list(self._late.items()):
            if due <= self._now():
                del self._late[key]
                self._execute(transfer)

    def surface(self, end_to_end_id: str) -> bool:
        """Execute, days late, an order that seemed never to have arrived. Not one whose key the bank has answered for, or whose payment it holds."""
        transfer = self._lost.pop(end_to_end_id, None)
        if transfer is None or transfer.idempotency_key in {**self._stored, **self._late}:
            return False
        if any(order.transfer.end_to_end_id == end_to_end_id for order in self.orders):
            return False
        self._execute(transfer)
        self.surfaced += self.orders[-1:] if self.orders[-1:] and self.orders[-1].transfer == transfer else []
        return True

    def may_surface(self, end_to_end_id: str) -> bool:
        """Whether an order of this payment that seems never to have arrived may still be found."""
        return end_to_end_id in self._lost

    def on_its_way(self, end_to_end_id: str) -> bool:
        """Whether an order of this payment is in the pipe, not executed yet."""
        return any(transfer.end_to_end_id == end_to_end_id for transfer, _ in self._late.values())

    def take_from_file(self, transfer: Transfer) -> Order:
        """Execute an order of a file."""
        self.available[transfer.financial_account] -= transfer.amount
        order = Order(f"obp_{len(self.orders) + 1:06d}", transfer, self._now(), in_file=True)
        self.orders.append(order)
        self._note(order)
        return order

    def move(self, order: Order, status: str, *, return_code: str | None = None) -> bool:
        """Let an order end, or send a posted one back; what can't happen does not. Whether it did."""
        ends = order.status == "processing" and status in ("posted", "failed", "canceled", "returned")
        if not ends and not (order.status == "posted" and status == "returned"):
            return False
        if order.live and status not in LIVE and (order.debited_at is None or status == "returned"):
            self.available[order.transfer.financial_account] += order.transfer.amount
        order.status, order.return_code = status, return_code
        self._note(order)
        return True

    def debit(self, order: Order) -> None:
        """The account is debited while the order is under way; that nothing gives it back is what the API won't say."""
        if order.status == "processing" and not order.in_file:
            order.debited_at = order.debited_at or self._now()

    def give_back(self, order: Order) -> None:
        """What an order that failed had been debited for comes back to the account."""
        if order.kept:
            order.given_back_at = self._now()
            self.available[order.transfer.financial_account] += order.transfer.amount

    def put_into_all(self, reference: str) -> None:
        """Every account has `PUT_IN` more."""
        self.put_in.append((reference, self._now()))
        for account in self.available:
            self.available[account] += PUT_IN

    def leave_only(self, amount: int) -> None:
        """Somebody else takes from every account what is above `amount` đồng."""
        self.taken_out = (amount, self._now())
        self.available = {account: min(amount, held) for account, held in self.available.items()}

    def calm(self) -> None:
        """No more trouble."""
        self.create_faults.clear()
        self.silent.clear()
        self.outage = False

    def _create(self, transfer: Transfer) -> Answer | str:
        """The answer, or the name of what happened to it."""
        fault = self.create_faults.popleft() if self.create_faults else ""
        if self.outage or fault == "refused_connection":
            return "refused_connection"
        if fault == "lost_before":
            self._lost.setdefault(transfer.end_to_end_id, transfer)
        if fault in ("lost_before", "rate_limited", "unavailable"):
            replies = {"rate_limited": _error(429, "rate_limit"), "unavailable": _error(503, "unavailable")}
            return replies.get(fault, "timeout")
        if transfer.idempotency_key in self._late:
            return _error(409, "idempotency_key_in_use")
        stored = self._stored_reply(transfer)
        if stored is not None:
            return "timeout" if fault == "lost_after" else stored
        if fault == "late":
            self._late[transfer.idempotency_key] = (transfer, self._now() + timedelta(seconds=55))
            return "timeout"
        if fault == "error_before":
            return self._store(transfer, _error(500, "internal_error"))
        if fault == "refused_order":
            return self._store(transfer, _error(400, "payment_refused"))
        answer = self._execute(transfer, answered_as=_error(500, "internal_error") if fault == "error_after" else None)
        if fault == "truncated":
            return Answer(status=200, headers={}, body=answer.body[: len(answer.body) // 2])
        return "timeout" if fault == "lost_after" else answer

    def _stored_reply(self, transfer: Transfer) -> Answer | None:
        stored = self._stored.get(transfer.idempotency_key)
        if stored is None or self._now() - stored.at >= KEYS_KEPT_FOR:
            return None
        if stored.transfer != transfer:
            return _error(400, "idempotency_error", kind="idempotency_error")
        return Answer(stored.answer.status, {"Idempotent-Replayed": "true"}, stored.answer.body)

    def _execute(self, transfer: Transfer, *, answered_as: Answer | None = None) -> Answer:
        if self.available[transfer.financial_account] < transfer.amount:
            return self._store(transfer, _error(400, "insufficient_funds"))
        self.available[transfer.financial_account] -= transfer.amount
        order = Order(f"obp_{len(self.orders) + 1:06d}", transfer, self._now())
        self.orders.append(order)
        self._note(order)
        document = Answer(status=200, headers={}, body=json.dumps(order.document()).encode())
        return self._store(transfer, answered_as or document)

    def _store(self, transfer: Transfer, answer: Answer) -> Answer:
        self._stored[transfer.idempotency_key] = _Stored(transfer, answer, self._now())
        return answer

    def _note(self, order: Order) -> None:
        order.history.append((order.status, self._now()))
        if order.in_file:
            return
        kind = f"treasury.outbound_payment.{order.status}"
        self.events.append((f"evt_{len(self.events) + 1:06d}", kind, order.reference))

    def refuse_while_silent(self, what: str) -> None:
        """Raise `BankUnavailable` while the bank does not answer about `what`: an account, "enquire" or "files"."""
        left = self.silent.get(what, 0)
        if left:
            self.silent[what] = left - 1
        if self.outage or left:
            raise BankUnavailable("silent")


def _error(status: int, code: str, *, kind: str = "invalid_request_error") -> Answer:
    body = json.dumps({"error": {"type": kind, "code": code, "message": code}}).encode()
    return Answer(status=status, headers={}, body=body)
