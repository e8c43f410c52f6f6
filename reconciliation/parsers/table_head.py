"""What a bank prints around the table: whose account, which days, balances and totals. A label and its value share a cell or stand side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from beneficiaries.parsers.encodings import to_unicode
from beneficiaries.parsers.headings import fold_heading
from beneficiaries.parsers.spreadsheets import Cell, Row
from reconciliation.parsers.table_cells import read_day, read_money, read_words

_LABELS: Final = {
    "account": ("sotaikhoan", "taikhoan", "tkso", "stk", "sotk", "accountno", "accountnumber", "account"),
    "sequence": ("sosaoke", "saokeso", "statementno", "statementnumber"),
    "from_on": ("tungay", "fromdate", "from", "ngaybatdau"),
    "to_on": ("denngay", "todate", "to", "ngayketthuc"),
    "opening": ("sodudauky", "sodudau", "duodauky", "dudauky", "sodudaungay", "openingbalance", "sodubandau", "soduky truoc", "sodukytruocchuyensang"),
    "closing": ("soducuoiky", "soducuoi", "ducuoiky", "soducuoingay", "closingbalance", "endingbalance"),
    "debits": ("tongghino", "tongphatsinhno", "tongno", "tongpsno", "congphatsinhno", "totaldebit", "totaldebits", "tongtienghino"),
    "credits": ("tongghico", "tongphatsinhco", "tongco", "tongpsco", "congphatsinhco", "totalcredit", "totalcredits", "tongtienghico"),
}  # fmt: skip
_KEYS: Final = {word.replace(" ", ""): key for key, words in _LABELS.items() for word in words}
_PARTS: Final = re.compile(r"(?<=\d)\s+[-–]?\s*(?=(?:đến|den|to)\b)|;", re.IGNORECASE)
_LABELLED: Final = re.compile(r"\s*([^\d:]{2,60}?)\s*(?:\([^)]*\)\s*)?(?::|\s(?=[-+(]?\d))\s*(.+)", re.DOTALL)
_TRAILING: Final = re.compile(r"\(.*?\)")
_TOTALS: Final = (
    "cong",
    "tong",
    "total",
    "congphatsinh",
    "tongcong",
    "tongphatsinh",
    "congphatsinhtrongky",
    "phatsinhtrongky",
    "congps",
    "tongps",
)


@dataclass
class Around:
    """What was found around a table; None where nothing says it. Money in đồng, `debits` and `credits` without sign."""

    account: str | None = None
    sequence: int | None = None
    from_on: date | None = None
    to_on: date | None = None
    opening: int | None = None
    closing: int | None = None
    debits: int | None = None
    credits: int | None = None


def read_around(rows: Sequence[Row]) -> Around:
    """What the rows say; of two rows that say the same the first counts."""
    found = Around()
    for row in rows:
        texts = [_plain(cell) if isinstance(cell, str) else cell for cell in row]
        for at, cell in enumerate(texts):
            if isinstance(cell, str):
                for key, value in _said(cell, next((one for one in texts[at + 1 :] if one not in ("", None)), None)):
                    _keep(found, key, value)
    return found


def is_label(cell: Cell) -> bool:
    """Whether a cell names a balance, as rows above and under the bookings do."""
    return isinstance(cell, str) and any(key in ("opening", "closing") for key, _ in _said(_plain(cell), None))


def is_total(row: Row) -> bool:
    """Whether a row under the heading adds up those above it."""
    return any(isinstance(cell, str) and fold_heading(_plain(cell)).startswith(_TOTALS) for cell in row)


def _said(text: str, beside: Cell) -> list[tuple[str, Cell]]:
    if (key := _key(text)) is not None:
        return [(key, beside)]
    return [
        (key, found[2].strip())
        for part in _PARTS.split(text[:300])
        if (found := _LABELLED.fullmatch(part)) and (key := _key(found[1])) is not None
    ]


def _key(text: str) -> str | None:
    return _KEYS.get(fold_heading(_TRAILING.sub("", text))) if len(text) <= 80 else None


def _keep(found: Around, key: str, value: Cell) -> None:
    read = _read(key, value)
    if read is not None and getattr(found, key) is None:
        setattr(found, key, read)


def _read(key: str, value: Cell) -> str | int | date | None:
    if key == "account":
        words = (read_words(value) or "").replace(" ", "")
        return words if 3 <= len(words) <= 64 and any(letter.isdigit() for letter in words) else None
    if key == "sequence":
        number = read_money(value)
        return number if number is not None and 0 < number < 2**31 else None
    if key in ("from_on", "to_on"):
        return read_day(value)
    amount = read_money(value)
    return abs(amount) if amount is not None and key in ("debits", "credits") else amount


def _plain(text: str) -> str:
    return to_unicode(text).text
