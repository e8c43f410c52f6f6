"""The rows under the heading of a table: bookings, or what is printed among them. A row that moves money and can't be read is a problem, named."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from beneficiaries.parsers.headings import fold_heading
from beneficiaries.parsers.spreadsheets import Cell, Row
from beneficiaries.parsers.workbook import Table
from reconciliation.parsers.errors import CurrencyNotSupported, RowsUnreadable
from reconciliation.parsers.interface import ParsedLine
from reconciliation.parsers.table_balances import Movement
from reconciliation.parsers.table_cells import read_day, read_money, read_words
from reconciliation.parsers.table_columns import WORDINGS
from reconciliation.parsers.table_head import is_label, is_total

CURRENCY: Final = "VND"
MOST_PROBLEMS: Final = 20
_DONG: Final = frozenset({"", "vnd", "dong", "d", "vietnamdong", "704"})
_OUT: Final = frozenset({"d", "dr", "debit", "no", "n", "ghino", "ra", "chi", "-"})
_IN: Final = frozenset({"c", "cr", "credit", "co", "ghico", "vao", "thu", "+"})
_RETURNED: Final = re.compile(r"hoantra|hoanlai|tralai|returned|refund|reject")
_OUR_REFERENCE: Final = re.compile(r"(?<![0-9a-z])[0-9a-f]{8}[0-9]{6,7}(?![0-9a-z])")
_COLUMN_NUMBER: Final = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])\)?(?:\s*=.*)?")
_MONEY: Final = ("debit", "credit", "amount")


@dataclass
class Body:
    """Lines in the order of the sheet (each with a movement), rows that are no bookings, and what total rows say (debits, credits)."""

    lines: list[ParsedLine] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    beside: list[Row] = field(default_factory=list)
    totals: list[tuple[int, int]] = field(default_factory=list)


def read_body(table: Table) -> Body:
    """Read every row. Raises RowsUnreadable with the first problems, CurrencyNotSupported."""
    body = Body()
    keys = list(table.columns)
    outward = _written_negative(table.columns.get("debit", ()))
    problems: list[str] = []
    under = table.rows[table.heading.last + 1 :]
    for number, (raw, cells) in enumerate(
        zip(under, zip(*table.columns.values(), strict=True), strict=True), start=table.first_number
    ):
        row = dict(zip(keys, cells, strict=True))
        if not any(row.get(key) is not None for key in ("booked_on", "balance", *_MONEY)):
            body.beside.append(raw)
            continue
        if _is_numbering(raw, first=number == table.first_number) or _is_beside(raw, row):
            body.beside.append(raw)
            if is_total(raw) and (total := _total(row)):
                body.totals.append(total)
            continue
        problem = _take(body, row, number=number, outward=outward)
        if problem is not None:
            problems.append(f"Dòng {number}, {problem}.")
            if len(problems) == MOST_PROBLEMS:
                break
    if problems:
        raise RowsUnreadable(problems)
    return body


def _take(body: Body, row: Mapping[str, Cell], *, number: int, outward: bool) -> str | None:
    """Add the row's line; or say what is wrong with it."""
    if fold_heading(read_words(row.get("currency")) or "") not in _DONG:
        raise CurrencyNotSupported(f"dòng {number}")
    booked_on = read_day(row["booked_on"])
    if booked_on is None:
        return f"{_column('booked_on')}: không đọc được ngày (cần dạng 31/08/2024)"
    amount = _amount(row, outward=outward)
    if isinstance(amount, str):
        return amount
    balance = row.get("balance")
    left = read_money(balance)
    if balance is not None and left is None:
        return f"{_column('balance')}: không đọc được số dư"
    body.lines.append(_line(row, amount=amount, booked_on=booked_on))
    body.movements.append(Movement(number, amount, left))
    return None


def _amount(row: Mapping[str, Cell], *, outward: bool) -> int | str:
    """The signed đồng of a row, or what is wrong with it."""
    read: dict[str, int] = {}
    for key in _MONEY:
        cell = row.get(key)
        if cell is None or cell in ("-", "–"):
            continue
        amount = read_money(cell)
        if amount is None:
            return f"{_column(key)}: không đọc được số tiền (cần số đồng tròn)"
        if amount:
            read[key] = amount
    if not read:
        return f"{_column('amount' if 'amount' in row else 'debit')}: không có số tiền"
    if len(read) > 1:
        return f"{_column('debit')} và {_column('credit')}: cùng có số tiền"
    if "debit" in read:
        return read["debit"] if outward else -read["debit"]
    if "credit" in read:
        return read["credit"]
    return _directed(read["amount"], row)


def _directed(amount: int, row: Mapping[str, Cell]) -> int | str:
    if "direction" not in row:
        return amount
    said = read_words(row["direction"]) or ""
    words = said if said in ("-", "+") else fold_heading(said)
    if words in _OUT:
        return -abs(amount)
    return abs(amount) if words in _IN else f"{_column('direction')}: không rõ ghi nợ hay ghi có"


def _line(row: Mapping[str, Cell], *, amount: int, booked_on: date) -> ParsedLine:
    description = read_words(row.get("description")) or ""
    return_code = read_words(row.get("return_code"))
    words = fold_heading(description) if amount > 0 and return_code is None else ""
    return ParsedLine(
        ordinal=0,
        entry_ordinal=0,
        amount=amount,
        currency=CURRENCY,
        booked_on=booked_on,
        value_on=read_day(row.get("value_on")) or booked_on,
        end_to_end_id=read_words(row["reference"]) if "reference" in row else reference_in(description),
        bank_reference=read_words(row.get("bank_reference")) or read_words(row.get("entry_reference")),
        is_return=return_code is not None or _RETURNED.search(words) is not None,
        return_code=return_code,
        counterparty_name=read_words(row.get("counterparty_name")),
        counterparty_account=read_words(row.get("counterparty_account")),
        description=description,
    )


def reference_in(description: str) -> str | None:
    """Our reference where the bank only repeats it in the text (banks print capitals); two different ones name nothing."""
    found = set(_OUR_REFERENCE.findall(description.lower()))
    return found.pop() if len(found) == 1 else None


def _written_negative(cells: Sequence[Cell]) -> bool:
    """Whether a bank writes debits with a minus: then all of them have it. One among others is a debit taken back."""
    amounts = [amount for cell in cells if (amount := read_money(cell))]
    return bool(amounts) and max(amounts) < 0


def _is_beside(raw: Row, row: Mapping[str, Cell]) -> bool:
    """A label with its balance, a total, or a note: no booking, for it has no date or moves nothing."""
    dated = read_day(row["booked_on"]) is not None
    moves = any(read_money(row.get(key)) for key in _MONEY)
    if dated:
        return not moves and any(is_label(cell) for cell in raw)
    if any(is_label(cell) for cell in raw) or is_total(raw):
        return True
    said = [read_words(row.get(key)) or "" for key in ("balance", *_MONEY)]
    return not any(letter.isdigit() for text in said for letter in text)  # who signs, under a column of money


def _is_numbering(raw: Row, *, first: bool) -> bool:
    """The line "1 2 3 …" or "(A) (B) (1)" under a printed heading."""
    texts = [text for cell in raw if (text := read_words(cell))] if first else []
    return len(texts) > 2 and all(_COLUMN_NUMBER.fullmatch(text) for text in texts)


def _total(row: Mapping[str, Cell]) -> tuple[int, int] | None:
    debit, credit = read_money(row.get("debit")), read_money(row.get("credit"))
    return None if debit is None and credit is None else (abs(debit or 0), abs(credit or 0))


def _column(key: str) -> str:
    return f"cột “{WORDINGS[key].label}”"
