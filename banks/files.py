"""How one gives a bank files of orders, and gets its reports: what every bank that takes files offers."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ReportKind(StrEnum):
    """What a report is."""

    STATUS = "pain.002.001.12"
    BOOKINGS = "camt.054.001.08"


@dataclass(frozen=True, slots=True)
class Received:
    """The bank has the file under its message id; what becomes of its orders follows in reports."""


@dataclass(frozen=True, slots=True)
class FileNotTaken:
    """The bank certainly does not have the file. `retryable`: the same file may be taken later, unchanged."""

    code: str
    retryable: bool


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The bank holds a file of this message id already: enquire, it may be ours."""


@dataclass(frozen=True, slots=True)
class FileUnknown:
    """The bank may have the file: enquire by message id, never give the orders under another one."""

    code: str


UploadOutcome = Received | FileNotTaken | Duplicate | FileUnknown


@dataclass(frozen=True, slots=True)
class MessageState:
    """A file the bank holds: how many orders it counted and their sum in đồng, None while it has not looked."""

    message_id: str
    count: int | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """One report as the bank gave it; `sequence` grows per funding account and never repeats."""

    sequence: int
    kind: ReportKind
    content: bytes


class Files(Protocol):
    """A bank that takes files. Uploading never raises; reading raises BankError."""

    def upload(self, *, message_id: str, content: bytes, first_use: bool) -> UploadOutcome:
        """Give the bank a pain.001. `first_use` is True only if this message id was certainly never uploaded before."""
        ...

    def enquire(self, message_id: str) -> MessageState | None:
        """Ask for a file by its message id; None when the bank says it does not have it. Raises BankUnavailable, BankAnswerUnreadable."""
        ...

    def reports(self, *, financial_account: str, after: int) -> Iterator[Report]:
        """Reports with a sequence above `after`, oldest first, to the newest there is. Raises as `enquire` does, and BankRefused."""
        ...
