"""SWIFT MT940: messages are cut apart here, each is read by the `mt-940` library, and nothing it passes over goes unnoticed.

The library reads the tags; what counts for money is checked against the raw text: as many lines as there are `:61:`, and balances that
chain over the pages of one statement.
"""

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any, BinaryIO, Final

import mt940

from reconciliation.parsers.errors import (
    AmountNotWhole,
    BalanceMissing,
    CurrencyNotSupported,
    FormatNotSupported,
    StatementIncomplete,
    StatementRefused,
    StatementTooLarge,
    StatementUnreadable,
)
from reconciliation.parsers.interface import DEFAULT_MAX_BYTES, ParsedLine, ParsedStatement, StatementReading
from reconciliation.parsers.mt940_details import Details, read_details
from reconciliation.parsers.values import VIETNAM

CURRENCY: Final = "VND"
MOST_BYTES: Final = 200 * 1024 * 1024
# A message ends with a line "-" (or the block's "-}"); banks that leave that out begin the next one with another :20:.
_MESSAGE: Final = re.compile(r"^:20:.*?(?=^:20:|^-\}?\s*$|\Z)", re.MULTILINE | re.DOTALL)
_ENTRY: Final = re.compile(r"^:61:", re.MULTILINE)
_TAG: Final = re.compile(r"^:([0-9]{2}[A-Z]?):", re.MULTILINE)
_RETURNED: Final = frozenset({"NRTI", "NRTR", "NRTN"})
_NO_REFERENCE: Final = frozenset({"", "NONREF", "NOTPROVIDED"})
# The library's own cutting up of :86: is for German banks alone; ours is in mt940_details.
_AS_WRITTEN: Final[dict[str, list[Any]]] = {"post_transaction_details": []}
# Where the reference of :61: is longer than its sixteen characters: an account's number, or an end-to-end id.
_LONG_REFERENCES: Final[dict[int | str, Any]] = {61: mt940.tags.StatementGLS()}
_LIBRARY_ERRORS: Final = (RuntimeError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, IndexError)


# The library logs what it could not read, and that is people's names and accounts.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)


class Mt940Parser:
    """The `StatementParser` of MT940. A file is held in memory, so it is bounded by `MOST_BYTES` too: MT940 has no long files."""

    def read(self, source: BinaryIO, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Iterator[StatementReading]:
        """See `StatementParser.read`. Pages of one statement (`:60M:`, `:62M:`) are joined."""
        bound = min(max_bytes, MOST_BYTES)
        content = source.read(bound + 1)
        if len(content) > bound:
            raise StatementTooLarge(f"more than {bound} bytes")
        text = _decode(content).replace("\r\n", "\n").replace("\r", "\n")
        pages = [_read_page(found[0]) for found in _MESSAGE.finditer(text)]
        if not pages:
            raise FormatNotSupported("no :20:")
        if sum(len(page.lines) for page in pages) != len(_ENTRY.findall(text)):
            raise StatementUnreadable("a :61: outside every message")
        for statement in _statements(pages):
            head, lines = _join(statement)
            yield StatementReading(head, iter([[line] for line in lines]))


class _Page:
    """One message as the library reads it, with what it must not have lost."""

    def __init__(self, text: str) -> None:
        tags = _TAG.findall(text)
        try:
            try:
                read, lines = _parse(text)
            except RuntimeError:
                read, lines = _parse(text, tags=_LONG_REFERENCES)
            self.lines = [_read_line(line.data, ordinal=at) for at, line in enumerate(lines, start=1)]
        except StatementRefused:
            raise
        except _LIBRARY_ERRORS as error:
            raise StatementUnreadable(f"MT940: {type(error).__name__}") from error
        if len(self.lines) != tags.count("61"):
            raise StatementUnreadable("MT940: not every :61: could be read")
        data: dict[str, Any] = read.data
        self.first, self.last = "60M" not in tags, "62M" not in tags
        self.account = str(data.get("account_identification") or "").strip()
        self.number = str(data.get("statement_number") or "").strip()
        self.reference = str(data.get("transaction_reference") or "").strip()
        self.opening, self.opened_on = _balance(data, "opening")
        self.closing, self.closed_on = _balance(data, "closing")


def _parse(text: str, *, tags: dict[int | str, Any] | None = None) -> tuple[Any, list[Any]]:
    read = mt940.models.Transactions(processors=_AS_WRITTEN, tags=tags)
    return read, list(read.parse(text))


def _statements(pages: list[_Page]) -> Iterator[list[_Page]]:
    """The pages of each statement: of one account and number, up to where the next one opens finally. Some banks number nothing."""
    for _, alike in groupby(pages, key=lambda page: (page.account, page.number)):
        statement: list[_Page] = []
        for page in alike:
            if statement and statement[-1].last and page.first:
                yield statement
                statement = []
            statement.append(page)
        yield statement


def _read_page(text: str) -> _Page:
    page = _Page(text)
    if not page.account:
        raise StatementUnreadable("no :25:")
    return page


def _join(pages: list[_Page]) -> tuple[ParsedStatement, list[ParsedLine]]:
    """One statement from its pages, which must be all of them and follow on one another."""
    if not pages[0].first or not pages[-1].last:
        raise StatementIncomplete(":60F: or :62F: is missing")
    for before, after in pairwise(pages):
        if before.last or after.first or before.closing != after.opening:
            raise StatementUnreadable("pages do not follow on one another")
    lines = [line for page in pages for line in page.lines]
    head, tail = pages[0], pages[-1]
    number = int(head.number) if head.number.isascii() and head.number.isdigit() else 0
    return (
        ParsedStatement(
            format="mt940",
            statement_id=head.reference or f"{head.account}/{head.number}",
            account=head.account,
            currency=CURRENCY,
            sequence_number=number or None,
            from_on=head.opened_on,
            to_on=tail.closed_on,
            opening=head.opening,
            closing=tail.closing,
            created_at=datetime(tail.closed_on.year, tail.closed_on.month, tail.closed_on.day, tzinfo=VIETNAM),
            declared_entries=None,
        ),
        [replace(line, ordinal=at, entry_ordinal=at) for at, line in enumerate(lines, start=1)],
    )


def _balance(data: dict[str, Any], which: str) -> tuple[int, date]:
    found = next(
        (data[key] for kind in ("final", "intermediate") if (key := f"{kind}_{which}_balance") in data), None
    ) or data.get(f"{which}_balance")
    if found is None:
        raise BalanceMissing("no :60F:" if which == "opening" else "no :62F:")
    if found.amount.currency != CURRENCY:
        raise CurrencyNotSupported(str(found.amount.currency)[:3])
    return _dong(found.amount.amount), _day(found.date)


def _read_line(data: dict[str, Any], *, ordinal: int) -> ParsedLine:
    mark = str(data["status"])
    reversal = mark.startswith("R")
    amount = abs(_dong(data["amount"].amount))
    leaves = mark in ("D", "RC")  # a reversed credit leaves us, a reversed debit comes back
    details = read_details(str(data.get("transaction_details") or ""))
    booked_on = _day(data.get("entry_date") or data["date"])
    return ParsedLine(
        ordinal=ordinal,
        entry_ordinal=ordinal,
        amount=-amount if leaves else amount,
        currency=CURRENCY,
        booked_on=booked_on,
        value_on=_day(data["date"]),
        end_to_end_id=details.end_to_end_id or _reference(data.get("customer_reference")),
        bank_reference=details.bank_reference or _reference(data.get("bank_reference")),
        is_return=reversal or data.get("id") in _RETURNED or details.return_code is not None,
        return_code=details.return_code,
        counterparty_name=details.counterparty_name,
        counterparty_account=details.counterparty_account,
        description=_described(details, data),
    )


def _described(details: Details, data: dict[str, Any]) -> str:
    return " ".join(part for part in (details.description, str(data.get("extra_details") or "").strip()) if part)


def _reference(value: object) -> str | None:
    text = str(value or "").strip()
    return None if text.upper() in _NO_REFERENCE else text


def _dong(amount: Decimal) -> int:
    if amount != amount.to_integral_value():
        raise AmountNotWhole(str(amount))
    return int(amount)


def _day(value: date) -> date:
    return date(value.year, value.month, value.day)  # the library's own class of dates is not for keeping


def _decode(content: bytes) -> str:
    """UTF-8 where it is that (with or without its mark), else Latin-1, in which every byte is a letter."""
    try:
        return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig").read()
    except UnicodeDecodeError:
        return content.decode("latin-1")
