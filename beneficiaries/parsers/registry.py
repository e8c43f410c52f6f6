"""A ward's registry list: values read column by column, errors named by column, nothing guessed."""

import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from beneficiaries.errors.files import ColumnsMissing
from beneficiaries.parsers.encodings import Encoding
from beneficiaries.parsers.headings import Heading, fold_heading, saved_names
from beneficiaries.parsers.registry_columns import (
    BY_SEX,
    COLUMNS,
    DECISION_MISSING,
    OPTIONAL,
    PAYEE_UNCLEAR,
    REGISTRY,
    WORDINGS,
    Column,
    Fault,
    Value,
)
from beneficiaries.parsers.registry_rows import Ignored, sort_out
from beneficiaries.parsers.spreadsheets import Cell
from beneficiaries.parsers.values import BirthDate, text_of
from beneficiaries.parsers.workbook import Table, open_table

__all__ = ["COLUMNS", "OPTIONAL", "CellError", "RegistryEntry", "RegistryList", "open_registry", "read_registry"]


@dataclass(frozen=True, slots=True)
class CellError:
    """What was wrong in which column and what to do; `fatal` keeps the row out. Holds no value of the row."""

    column: str
    code: str
    sentence: str
    fatal: bool

    def as_json(self) -> dict[str, str]:
        """For keeping beside the row."""
        return {"column": self.column, "code": self.code, "sentence": self.sentence}


@dataclass(slots=True)
class RegistryEntry:
    """One row of a registry as read. Empty where unreadable, with an error beside it.

    `canonical` is what the row says, whatever kind of file and way of writing said it: equal rows have equal ones.
    """

    row_number: int
    cells: tuple[Cell, ...]
    keys: tuple[str, ...]
    canonical: tuple[str, ...]
    code: str = ""
    name: str = ""
    birth: BirthDate | None = None
    sex: str = ""
    number: str | None = None
    hamlet: str = ""
    programme: str = ""
    category: str = ""
    coefficient: Decimal | None = None
    decision_number: str = ""
    decision_date: date | None = None
    decision_signer: str = ""
    starts: date | None = None
    paid_through: date | None = None
    payee_kind: str = "OWN"
    payee_name: str = ""
    payee_until: date | None = None
    account: str = ""
    bank: str = ""
    errors: list[CellError] = field(default_factory=list)

    @property
    def raw(self) -> dict[str, Cell]:
        """The cells as received, by our column keys."""
        return dict(zip(self.keys, self.cells, strict=True))

    @property
    def rejected(self) -> bool:
        """Whether the row can't be taken in as it stands."""
        return any(error.fatal for error in self.errors)

    def wrong(self, key: str, code: str, sentence: str, *, fatal: bool = False) -> None:
        """Note an error in the column `key`."""
        self.errors.append(CellError(column=COLUMNS[key], code=code, sentence=sentence, fatal=fatal))


@dataclass(frozen=True)
class RegistryList:
    """A list as read: the table it stands in, its people, and the rows that are none."""

    table: Table
    entries: list[RegistryEntry]
    ignored: list[Ignored]


@dataclass
class _ColumnRead:
    values: list[Any]
    canonical: list[str]
    faults: dict[int, Fault]


def read_registry(content: bytes) -> Iterator[RegistryEntry]:
    """Yield every row that stands for a person. Raises `FileUnreadable`."""
    return iter(open_registry(content).entries)


def open_registry(content: bytes, *, saved: Mapping[str, str] | None = None, sheet: str | None = None) -> RegistryList:
    """Read a list in any format. `saved`: folded heading → key, confirmed for this source. Raises `FileUnreadable`."""
    with _nothing_to_collect():
        return _opened(content, saved=saved, sheet=sheet)


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """All that is made of a file is kept: looking through it for garbage again and again took a quarter of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _opened(content: bytes, *, saved: Mapping[str, str] | None, sheet: str | None) -> RegistryList:
    try:
        table = open_table(content, wordings=WORDINGS, saved=saved, sheet=sheet)
    except ColumnsMissing as missing:
        table = _table_of_another_form(content, missing, saved=saved, sheet=sheet)
    columns = dict(table.columns)
    if Encoding.TCVN3 in table.encodings:
        columns |= {key: _capitalised(columns[key]) for key in ("name", "payee_name") if key in columns}
    _merge_by_sex(columns)
    kept, ignored = sort_out(columns, table.rows[table.heading.last + 1 :], first_number=table.first_number)
    keys = tuple(key for key in REGISTRY if key in columns)
    cells = {key: _picked(columns[key], kept) for key in keys}
    read = {
        key: _read(key, column, cells[key]) if key in cells else _absent(key, len(kept))
        for key, column in REGISTRY.items()
    }
    entries = [
        RegistryEntry(table.first_number + index, row, keys, canonical, *values)
        for index, row, canonical, values in zip(
            kept,
            zip(*cells.values(), strict=True),
            _canonical(read),
            zip(*(read[key].values for key in _FIELDS), strict=True),
            strict=True,
        )
    ]
    _note_faults(entries, read)
    return RegistryList(table=table, entries=entries, ignored=ignored)


def _capitalised(cells: Sequence[Cell]) -> list[Cell]:
    """Names in lower case were typed under a font that draws capitals (.VnTimeH): as names are written, "nguyễn văn an" → "Nguyễn Văn An"."""
    return [
        " ".join(word[:1].upper() + word[1:] for word in cell.split())
        if isinstance(cell, str) and cell.islower()
        else cell
        for cell in cells
    ]


_FIELDS = (
    "code", "name", "birth", "sex", "number", "hamlet", "programme", "category", "coefficient", "decision_number",
    "decision_date", "decision_signer", "starts", "paid_through", "payee_relation", "payee_name", "payee_until", "account", "bank",
)  # fmt: skip
# Columns lists did not have from the beginning: a list without them says what it said before, so it is the same list.
_SAID_LATER = ("decision_signer",)


def _canonical(read: Mapping[str, _ColumnRead]) -> Iterator[tuple[str, ...]]:
    said = zip(*(one.canonical for key, one in read.items() if key not in _SAID_LATER), strict=True)
    later = zip(*(read[key].canonical for key in _SAID_LATER), strict=True)
    for row, more in zip(said, later, strict=True):
        yield (*row, *more) if any(more) else row


_CODE_LIKE = re.compile(r"hoso|^ma(so|hs|dt|huong)?\d*$")
_TEXTS = frozenset(
    {
        "code",
        "name",
        "sex",
        "hamlet",
        "programme",
        "category",
        "decision_number",
        "decision_signer",
        "payee_relation",
        "payee_name",
        "account",
        "bank",
        "note",
    }
)


def _table_of_another_form(
    content: bytes, missing: ColumnsMissing, *, saved: Mapping[str, str] | None, sheet: str | None
) -> Table:
    """Forms that give the birth date under "Nam" or "Nữ" have neither of the two columns; others give no code. All else must be there."""
    lacking = set(missing.conflicts)
    without = {key for key in ("birth", "sex") if {REGISTRY["birth"].label, REGISTRY["sex"].label} & lacking}
    names = saved_names([heading.text for heading in missing.headings])
    if REGISTRY["code"].label in lacking and not any(
        _may_be_the_code(heading)
        for heading, name in zip(missing.headings, names, strict=True)
        if name not in (saved or {})
    ):
        without.add("code")
    if not without:
        raise missing
    # A list without codes is taken in: the code is not asked for beside what is really lacking.
    needed = [name for name in missing.conflicts if name != REGISTRY["code"].label or "code" not in without]
    lacks = ColumnsMissing(needed, headings=missing.headings, fingerprint=missing.fingerprint)
    from_form = {
        key: wording if key not in without else type(wording)(wording.label, wording.synonyms, required=False)
        for key, wording in WORDINGS.items()
    }
    try:
        table = open_table(content, wordings=from_form, saved=saved, sheet=sheet)
    except ColumnsMissing:
        raise lacks from None
    if "birth" in without and not set(BY_SEX) <= set(table.columns):
        raise lacks
    return table


def _may_be_the_code(heading: Heading) -> bool:
    """A heading nobody recognised that may hold the code: then the sender says so, once, rather than rows be known by who they are."""
    return heading.key == "code" or (heading.key is None and _CODE_LIKE.search(fold_heading(heading.text)) is not None)


def _merge_by_sex(columns: dict[str, Sequence[Cell]]) -> None:
    by_sex = {key: columns.pop(key) for key in BY_SEX if key in columns}
    if len(by_sex) < len(BY_SEX) or "sex" in columns:
        return
    male, female = by_sex["birth_male"], by_sex["birth_female"]
    if "birth" not in columns:
        columns["birth"] = [
            one if other is None else other if one is None else None for one, other in zip(male, female, strict=True)
        ]
    columns["sex"] = [
        None
        if (one is None) == (other is None)
        else BY_SEX["birth_female"][0]
        if one is None
        else BY_SEX["birth_male"][0]
        for one, other in zip(male, female, strict=True)
    ]


def _picked(cells: Sequence[Cell], kept: list[int]) -> Sequence[Cell]:
    return cells if len(kept) == len(cells) else [cells[index] for index in kept]


def _absent(key: str, rows: int) -> _ColumnRead:
    return _ColumnRead(values=["" if key in _TEXTS else None] * rows, canonical=[""] * rows, faults={})


def _read(key: str, column: Column, cells: Sequence[Cell]) -> _ColumnRead:
    """Each different cell is read once: most columns repeat themselves."""
    if bool in set(map(type, cells)):  # else True would be read as 1 is
        cells = [str(cell) if isinstance(cell, bool) else cell for cell in cells]
    unread = "" if key in _TEXTS else None
    values: dict[Cell, Any] = {}
    canonical: dict[Cell, str] = {}
    faults: dict[Cell, Fault] = {}
    for cell in dict.fromkeys(cells):
        values[cell], canonical[cell], fault = _judged(column, cell, unread=unread)
        if fault:
            faults[cell] = fault
    return _ColumnRead(
        values=[*map(values.__getitem__, cells)],
        canonical=[*map(canonical.__getitem__, cells)],
        faults={index: faults[cell] for index, cell in enumerate(cells) if cell in faults} if faults else {},
    )


def _judged(column: Column, cell: Cell, *, unread: str | None) -> tuple[Value, str, Fault | None]:
    value = column.read(cell)
    if type(value) is str and value and cell is not None:  # nearly every cell
        if column.longest and len(value) > column.longest:
            too_long = f"Ô này dài quá {column.longest} ký tự; mời kiểm tra lại."
            return value, value, Fault("TOO_LONG", too_long, fatal=True)
        return value, value, column.doubt(value) if column.doubt else None
    if cell is None or value == "":
        return value if value is not None else unread, "", column.missing
    if value is None:
        return unread, f"?{' '.join(text_of(cell).split())}", column.unreadable
    return value, _said(value), column.doubt(value) if column.doubt else None


def _said(value: Value) -> str:
    if isinstance(value, BirthDate):
        return str(value.full or value.year)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _note_faults(entries: list[RegistryEntry], read: Mapping[str, _ColumnRead]) -> None:
    """Faults in the order of the columns; then what only several cells together show."""
    for key, column in read.items():
        for index, fault in column.faults.items():
            entries[index].wrong(key, fault.code, fault.sentence, fatal=fault.fatal)
    for index, entry in enumerate(entries):
        dated = (
            entry.decision_date is not None or index in read["decision_date"].faults
        )  # what can't be read is not missing
        if not entry.decision_number or not dated:
            entry.wrong("decision_number", DECISION_MISSING.code, DECISION_MISSING.sentence)
    _settle_payees(entries, relations=read["payee_relation"])


def _settle_payees(entries: list[RegistryEntry], *, relations: _ColumnRead) -> None:
    for entry, said in zip(entries, relations.canonical, strict=True):
        unknown = said.startswith("?")
        entry.payee_kind = entry.payee_kind or "OWN"
        if unknown or (entry.payee_kind != "OWN" and not entry.payee_name):
            entry.wrong("payee_relation", PAYEE_UNCLEAR.code, PAYEE_UNCLEAR.sentence)
            entry.payee_kind = "OWN"
