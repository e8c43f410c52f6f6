"""Writes a statement as SWIFT MT940: one :61: and :86: per booking, in the SWIFT character set."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

from mockbank.statement_lines import StatementHead, StatementLine

# The underscore is no SWIFT letter, but our ids have one and must come back as they are.
_NOT_SWIFT = re.compile(r"[^A-Za-z0-9_/\-?:().,'+ ]")
_LINE = 65
_TYPES = {"debit": "NTRF", "return": "NRTI", "topup": "NTRF", "transfer": "NTRF"}


def swift_text(text: str) -> str:
    """Without marks, as banks send it: `Đào Thị Mỹ` -> `Dao Thi My`. What SWIFT has no letter for becomes a dot."""
    folded = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return _NOT_SWIFT.sub(".", "".join(letter for letter in folded if not unicodedata.combining(letter)))


def write_mt940(head: StatementHead, lines: Iterable[StatementLine]) -> Iterator[str]:
    """One message, lines ending in CR LF. A value of :86: is never broken over two lines."""
    number = f"{head.sequence or 0:05d}"
    yield f":20:SP{number}\r\n:25:{swift_text(head.iban or head.account_id)[:35]}\r\n:28C:{number}/1\r\n"
    yield f":60F:{_balance(head.opening, head.first_day)}\r\n"
    for line in lines:
        yield _entry(line)
    yield f":62F:{_balance(head.closing, head.last_day)}\r\n-\r\n"


def _balance(amount: int, day: date) -> str:
    return f"{'C' if amount >= 0 else 'D'}{day:%y%m%d}VND{abs(amount)},"


def _entry(line: StatementLine) -> str:
    mark = "C" if line.amount >= 0 else "D"
    # :61: has room for 16 characters of reference; the whole references stand in :86:.
    head = f":61:{line.booked_on:%y%m%d%m%d}{mark}{abs(line.amount)},{_TYPES[line.kind]}NONREF//{line.id[-16:]}\r\n"
    fields = [
        _field("EREF", line.end_to_end_id),
        _field("KREF", line.message_id),
        _field("TXID", line.id) + _field("RTRN", line.return_reason),
        _field("OBPID", line.payment_id),
        _field("ACCT", line.counterparty_account) + _field("BIN", line.counterparty_bank),
        _field("REMI", " ".join(part for part in (line.counterparty_name, line.text) if part)),
    ]
    return head + ":86:" + "\r\n".join(field[:_LINE] for field in fields if field) + "\r\n"


def _field(name: str, value: str | None) -> str:
    return f"/{name}/{swift_text(value)}" if value else ""
