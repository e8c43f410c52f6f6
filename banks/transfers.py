"""One credit transfer as a bank sees it, what can become of it, and what every bank that takes transfers offers."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from banks.errors import TransferInvalid

MAX_KEY_LENGTH = 35  # ISO 20022 Max35Text, so that one key serves the API and the files alike


class Status(StrEnum):
    """The bank's word on a transfer it took. POSTED may still become RETURNED, days later."""

    PROCESSING = "PROCESSING"
    POSTED = "POSTED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One order to pay `amount` đồng into one account. Its repr never shows who is paid, nor into which account.

    Raises TransferInvalid when the amount is not positive or the key would pass 35 characters.
    """

    end_to_end_id: str
    attempt: int
    amount: int
    financial_account: str
    bank_bin: str
    account_number: str = field(repr=False)
    holder_name: str = field(repr=False)
    description: str = field(repr=False)
    payment_id: int

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise TransferInvalid(f"payment {self.payment_id}: amount must be positive")
        if self.attempt < 1:
            raise TransferInvalid(f"payment {self.payment_id}: attempts count from 1")
        if not self.end_to_end_id or len(self.idempotency_key) > MAX_KEY_LENGTH:
            raise TransferInvalid(f"payment {self.payment_id}: key must have 1 to {MAX_KEY_LENGTH} characters")

    @property
    def idempotency_key(self) -> str:
        """Under one key the bank pays at most once; a new attempt is a new key."""
        return f"{self.end_to_end_id}-{self.attempt}"


@dataclass(frozen=True, slots=True)
class TransferState:
    """What the bank says of one transfer; `amount` in đồng is the bank's figure, which the caller compares with ours.

    `posted_at` is when it was credited, also of one that came back afterwards. `end_to_end_id` is "" and `attempt` 0 when the bank holds a
    transfer that does not carry our ids.
    """

    bank_reference: str
    end_to_end_id: str
    attempt: int
    status: Status
    amount: int
    currency: str
    created_at: datetime
    status_at: datetime
    return_code: str | None
    financial_account: str
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The bank has the transfer, under the reference in `state`."""

    state: TransferState


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The bank certainly does not have the transfer. `retryable`: the same order may be taken later, unchanged."""

    code: str
    message: str
    retryable: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """The bank may have the transfer: enquire or replay under the same key, never pay again.

    `stored`: the bank said that it answers from what it keeps under this key, so that whoever still holds the order, asleep with it in
    hand, can execute nothing under the key any more.
    """

    code: str
    stored: bool = False


@dataclass(frozen=True, slots=True)
class NotSent:
    """The caller's `may_send` said no right before the call, so nothing was sent."""


Outcome = Accepted | NotTaken | Unknown | NotSent


class Transfers(Protocol):
    """A bank that takes credit transfers. Sending never raises for one transfer; reading raises BankError."""

    def send(self, transfer: Transfer, *, first_use: bool) -> Outcome:
        """Offer one transfer. `first_use` is True only if this key was certainly never sent before."""
        ...

    def send_many(
        self, transfers: Iterable[tuple[Transfer, bool]], *, may_send: Callable[[Transfer], bool] | None = None
    ) -> Iterator[tuple[Transfer, Outcome]]:
        """Offer (transfer, first_use) pairs concurrently and yield outcomes as they come, in any order.

        `transfers` is consumed in the caller's thread, `may_send` is called in a worker thread right before each call.
        """
        ...

    def enquire(self, bank_reference: str) -> TransferState:
        """Ask for one transfer. Raises BankUnavailable, BankRefused (resource_missing), BankAnswerUnreadable."""
        ...

    def list_since(
        self, *, financial_account: str, since: datetime, until: datetime | None = None
    ) -> Iterator[list[TransferState]]:
        """Pages of up to 100 transfers created at or after `since`, and not after the second of `until`, newest first, each once. Raises as above.

        A transfer nobody can read is left out, and BankAnswerUnreadable raised after the last page: then the list was not read whole.
        """
        ...

    def balance(self, financial_account: str) -> int:
        """Đồng available in a funding account. Raises as `enquire` does."""
        ...
