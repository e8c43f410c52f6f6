"""A bank in memory for tests and trials: keeps the contract of `Transfers`, fails exactly where it is told to."""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum

from banks.errors import BankRefused
from banks.transfers import (
    Accepted,
    NotSent,
    NotTaken,
    Outcome,
    Status,
    Transfer,
    TransferState,
    Unknown,
)

PAGE_SIZE = 100
HELD = frozenset({Status.PROCESSING, Status.POSTED})  # money that left the funding account


class Fault(StrEnum):
    """What happens to one call."""

    LOST_AFTER_TAKING = "LOST_AFTER_TAKING"
    LOST_BEFORE_TAKING = "LOST_BEFORE_TAKING"
    CONNECTION_REFUSED = "CONNECTION_REFUSED"
    RATE_LIMITED = "RATE_LIMITED"
    STORED_ERROR = (
        "STORED_ERROR"  # at the first call the bank failed, took nothing, and answers the key with that for good
    )


class FakeTransfers:
    """A `Transfers` with a ledger that tests read through `taken`. `balances`: funding account -> đồng."""

    def __init__(self, *, balances: Mapping[str, int], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._available = dict(balances)
        self._now = now
        self._by_key: dict[str, tuple[Transfer, str]] = {}
        self._states: dict[str, TransferState] = {}
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._lock = threading.Lock()

    @property
    def taken(self) -> list[TransferState]:
        """Every transfer the bank holds, oldest first: the judge of "paid at most once"."""
        return list(self._states.values())

    def fail_next(self, end_to_end_id: str, *faults: Fault) -> None:
        """Let the next calls for one transfer fail, in this order."""
        self._faults[end_to_end_id].extend(faults)

    def move(self, bank_reference: str, *, to: Status, return_code: str | None = None) -> TransferState:
        """Let a transfer end: POSTED, FAILED, CANCELED or RETURNED."""
        with self._lock:
            state = self._known(bank_reference)
            if state.status in HELD and to not in HELD:
                self._available[state.financial_account] += state.amount
            posted_at = self._now() if to is Status.POSTED else state.posted_at
            moved = replace(state, status=to, status_at=self._now(), return_code=return_code, posted_at=posted_at)
            self._states[bank_reference] = moved
            return moved

    def execute_again(self, bank_reference: str) -> TransferState:
        """The bank's own mistake: the same order a second time, under another reference and no key of ours."""
        with self._lock:
            state = replace(self._known(bank_reference), bank_reference=f"obp_fake{len(self._states) + 1:08d}")
            self._states[state.bank_reference] = state
            self._available[state.financial_account] -= state.amount
            return state

    def forget_keys(self) -> None:
        """A day has gone by: an order offered again under an old key is a new order."""
        with self._lock:
            self._by_key.clear()

    def post_all(self) -> int:
        """Post whatever is processing; return how many."""
        processing = [state for state in self.taken if state.status is Status.PROCESSING]
        for state in processing:
            self.move(state.bank_reference, to=Status.POSTED)
        return len(processing)

    def send(self, transfer: Transfer, *, first_use: bool) -> Outcome:
        """See `Transfers.send`."""
        with self._lock:
            faults = self._faults[transfer.end_to_end_id]
            fault = faults.popleft() if faults else None
            if fault is Fault.LOST_BEFORE_TAKING:
                return Unknown(code="timeout")
            if fault is Fault.CONNECTION_REFUSED:
                return _not_taken("connection_refused", first_use=first_use)
            if fault is Fault.RATE_LIMITED:
                return _not_taken("rate_limit", first_use=first_use)
            if fault is Fault.STORED_ERROR:
                return Unknown(code="http_500", stored=not first_use)
            outcome = self._take(transfer, first_use=first_use)
            return Unknown(code="timeout") if fault is Fault.LOST_AFTER_TAKING else outcome

    def send_many(
        self, transfers: Iterable[tuple[Transfer, bool]], *, may_send: Callable[[Transfer], bool] | None = None
    ) -> Iterator[tuple[Transfer, Outcome]]:
        """See `Transfers.send_many`; here one after the other."""
        for transfer, first_use in transfers:
            allowed = may_send is None or may_send(transfer)
            yield transfer, self.send(transfer, first_use=first_use) if allowed else NotSent()

    def enquire(self, bank_reference: str) -> TransferState:
        """See `Transfers.enquire`."""
        return self._known(bank_reference)

    def list_since(
        self, *, financial_account: str, since: datetime, until: datetime | None = None
    ) -> Iterator[list[TransferState]]:
        """See `Transfers.list_since`."""
        found = [
            state
            for state in reversed(self.taken)
            if state.financial_account == financial_account
            and state.created_at >= since.replace(microsecond=0)
            and (until is None or state.created_at.replace(microsecond=0) <= until)
        ]
        for start in range(0, len(found), PAGE_SIZE):
            yield found[start : start + PAGE_SIZE]

    def balance(self, financial_account: str) -> int:
        """See `Transfers.balance`; money of a processing transfer is already set aside."""
        if financial_account not in self._available:
            raise BankRefused(code="resource_missing", message="no such financial account", status=404)
        return self._available[financial_account]

    def _take(self, transfer: Transfer, *, first_use: bool) -> Outcome:
        if (known := self._by_key.get(transfer.idempotency_key)) is not None:
            same = known[0] == transfer
            return Accepted(state=self._states[known[1]]) if same else Unknown(code="idempotency_error")
        if transfer.financial_account not in self._available:
            return _not_taken("resource_missing", first_use=first_use, retryable=False)
        if self._available[transfer.financial_account] < transfer.amount:
            return _not_taken("insufficient_funds", first_use=first_use)
        now = self._now().replace(microsecond=0)
        state = TransferState(
            bank_reference=f"obp_fake{len(self._states) + 1:08d}",
            end_to_end_id=transfer.end_to_end_id,
            attempt=transfer.attempt,
            status=Status.PROCESSING,
            amount=transfer.amount,
            currency="VND",
            created_at=now,
            status_at=now,
            return_code=None,
            financial_account=transfer.financial_account,
        )
        self._by_key[transfer.idempotency_key] = (transfer, state.bank_reference)
        self._states[state.bank_reference] = state
        self._available[transfer.financial_account] -= transfer.amount
        return Accepted(state=state)

    def _known(self, bank_reference: str) -> TransferState:
        if bank_reference not in self._states:
            raise BankRefused(code="resource_missing", message="no such outbound payment", status=404)
        return self._states[bank_reference]


def _not_taken(code: str, *, first_use: bool, retryable: bool = True) -> NotTaken | Unknown:
    return NotTaken(code=code, message="", retryable=retryable) if first_use else Unknown(code=code)
