"""Opening accounts and asking whose an account is, as a bank offers it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from banks.errors import BankError
from banks.transfers import MAX_KEY_LENGTH, NotTaken, Unknown


class OpeningInvalid(BankError, ValueError):
    """A request which may not even be offered to a bank."""

    sentence = "Đề nghị mở tài khoản không hợp lệ."


class Opening(StrEnum):
    """The bank's word on a request to open an account."""

    PENDING = "PENDING"
    OPENED = "OPENED"
    REFUSED = "REFUSED"


class Holding(StrEnum):
    """The bank's word on an account somebody names."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    RESTRICTED = "RESTRICTED"
    NO_ACCOUNT = "NO_ACCOUNT"


@dataclass(frozen=True, slots=True)
class OpeningRequest:
    """A request to open one account for one person. Its repr never shows the person.

    `request_id` is ours and stays over all attempts. Raises OpeningInvalid when its key would pass 35 characters or a name is missing.
    """

    request_id: str
    attempt: int
    bank_bin: str
    holder_name: str = field(repr=False)
    identity_number: str = field(repr=False)
    birth_date: date | None = field(repr=False)

    def __post_init__(self) -> None:
        if self.attempt < 1 or not self.request_id or len(self.idempotency_key) > MAX_KEY_LENGTH:
            raise OpeningInvalid(f"a key has 1 to {MAX_KEY_LENGTH} characters")
        if not self.holder_name.strip() or not self.identity_number:
            raise OpeningInvalid(f"request {self.request_id}: name or identity number missing")

    @property
    def idempotency_key(self) -> str:
        """Under one key the bank opens at most one account; a new attempt is a new key."""
        return f"{self.request_id}-{self.attempt}"


@dataclass(frozen=True, slots=True)
class OpeningState:
    """What the bank says of one request. The number is "" until the account is open; `request_id` is "" if the request is not ours."""

    bank_reference: str
    request_id: str
    attempt: int
    status: Opening
    bank_bin: str
    account_number: str = field(repr=False)
    holder_name: str = field(repr=False)
    opened_on: date | None
    refusal: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """The bank has the request."""

    state: OpeningState


OpeningOutcome = Taken | NotTaken | Unknown


@dataclass(frozen=True, slots=True)
class HolderAnswer:
    """Whose an account is: the name as the bank prints it, "" when there is no such account."""

    holding: Holding
    holder_name: str = field(repr=False)


class Accounts(Protocol):
    """A bank that opens accounts and answers holder-name enquiries. Opening never raises for one request; reading raises BankError."""

    def open(self, request: OpeningRequest, *, first_use: bool) -> OpeningOutcome:
        """Offer one request. `first_use` is True only if this key was certainly never sent before."""
        ...

    def enquire_opening(self, bank_reference: str) -> OpeningState:
        """Ask for one request. Raises BankUnavailable, BankRefused (resource_missing), BankAnswerUnreadable."""
        ...

    def openings_since(self, since: datetime) -> Iterator[list[OpeningState]]:
        """Pages of up to 100 requests created at or after `since`, newest first, each once. Raises as above."""
        ...

    def verify_holder(self, *, bank_bin: str, account_number: str) -> HolderAnswer:
        """Whose an account is. Raises BankUnavailable, BankRefused, BankAnswerUnreadable."""
        ...
