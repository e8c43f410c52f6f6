"""A bank in memory that opens accounts: keeps the contract of `Accounts`, fails exactly where it is told to."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from banks.accounts import HolderAnswer, Holding, Opening, OpeningOutcome, OpeningRequest, OpeningState, Taken
from banks.errors import BankRefused
from banks.fake import PAGE_SIZE, Fault
from banks.transfers import NotTaken, Unknown


class FakeAccounts:
    """An `Accounts` whose books tests read through `taken`. Requests stay pending until `decide`."""

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._by_key: dict[str, tuple[OpeningRequest, str]] = {}
        self._states: dict[str, OpeningState] = {}
        self._holders: dict[tuple[str, str], HolderAnswer] = {}
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)

    @property
    def taken(self) -> list[OpeningState]:
        """Every request the bank holds, oldest first: the judge of "opened at most once"."""
        return list(self._states.values())

    def fail_next(self, request_id: str, *faults: Fault) -> None:
        """Let the next calls for one request fail, in this order."""
        self._faults[request_id].extend(faults)

    def know(self, *, bank_bin: str, account_number: str, holder_name: str, holding: Holding = Holding.OPEN) -> None:
        """An account that exists."""
        self._holders[bank_bin, account_number] = HolderAnswer(holding, holder_name)

    def decide(self, *, refuse: str = "", holder_name: str = "") -> int:
        """Open whatever is pending, or refuse it; return how many."""
        pending = [state for state in self.taken if state.status is Opening.PENDING]
        for state in pending:
            number = f"77{len(self._holders) + 1:010d}"
            self._states[state.bank_reference] = (
                replace(state, status=Opening.REFUSED, refusal=refuse)
                if refuse
                else replace(
                    state,
                    status=Opening.OPENED,
                    account_number=number,
                    holder_name=holder_name or state.holder_name,
                    opened_on=self._now().date(),
                )
            )
            if not refuse:
                self.know(bank_bin=state.bank_bin, account_number=number, holder_name=holder_name or state.holder_name)
        return len(pending)

    def open(self, request: OpeningRequest, *, first_use: bool) -> OpeningOutcome:
        """See `Accounts.open`."""
        faults = self._faults[request.request_id]
        fault = faults.popleft() if faults else None
        if fault is Fault.LOST_BEFORE_TAKING:
            return Unknown(code="timeout")
        if fault in (Fault.CONNECTION_REFUSED, Fault.RATE_LIMITED):
            code = fault.lower()
            return NotTaken(code=code, message="", retryable=True) if first_use else Unknown(code=code)
        outcome = self._take(request)
        return Unknown(code="timeout") if fault is Fault.LOST_AFTER_TAKING else outcome

    def enquire_opening(self, bank_reference: str) -> OpeningState:
        """See `Accounts.enquire_opening`."""
        if bank_reference not in self._states:
            raise BankRefused(code="resource_missing", message="no such account opening", status=404)
        return self._states[bank_reference]

    def openings_since(self, since: datetime) -> Iterator[list[OpeningState]]:
        """See `Accounts.openings_since`."""
        found = [s for s in reversed(self.taken) if s.created_at >= since.replace(microsecond=0)]
        for start in range(0, len(found), PAGE_SIZE):
            yield found[start : start + PAGE_SIZE]

    def verify_holder(self, *, bank_bin: str, account_number: str) -> HolderAnswer:
        """See `Accounts.verify_holder`."""
        return self._holders.get((bank_bin, account_number), HolderAnswer(Holding.NO_ACCOUNT, ""))

    def _take(self, request: OpeningRequest) -> OpeningOutcome:
        if (known := self._by_key.get(request.idempotency_key)) is not None:
            return Taken(self._states[known[1]]) if known[0] == request else Unknown(code="idempotency_error")
        state = OpeningState(
            bank_reference=f"aco_fake{len(self._states) + 1:08d}",
            request_id=request.request_id,
            attempt=request.attempt,
            status=Opening.PENDING,
            bank_bin=request.bank_bin,
            account_number="",
            holder_name=request.holder_name.upper(),
            opened_on=None,
            refusal="",
            created_at=self._now().replace(microsecond=0),
        )
        self._by_key[request.idempotency_key] = (request, state.bank_reference)
        self._states[state.bank_reference] = state
        return Taken(state)
