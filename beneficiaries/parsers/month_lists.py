"""A month's list as a clerk keeps it in a spreadsheet: whose it is and how much, whatever other columns stand there."""

from collections.abc import Iterator
from dataclasses import dataclass

from beneficiaries.errors.files import ColumnsMissing
from beneficiaries.parsers.headings import GRANT, PERSON, PERSONS_NAME, Wording, fold_heading
from beneficiaries.parsers.registry_columns import REGISTRY
from beneficiaries.parsers.values import read_birth, text_of, tidy_name
from beneficiaries.parsers.workbook import open_table

TOTAL = "Tổng số được nhận"
# The sum people receive goes before the rate of the month, where a list has both.
WORDINGS = {
    "code": Wording(REGISTRY["code"].label, REGISTRY["code"].synonyms, required=False, whose=GRANT),
    "name": Wording(REGISTRY["name"].label, (*REGISTRY["name"].synonyms, "Họ và tên người hưởng"), whose=PERSONS_NAME),
    "birth": Wording(REGISTRY["birth"].label, REGISTRY["birth"].synonyms, required=False, whose=PERSON),
    "total": Wording(
        TOTAL,
        ("Tổng số tiền", "Tổng tiền", "Tổng cộng", "Tổng số", "Tổng được nhận", "Thực nhận", "Số tiền thực nhận", "Thực lĩnh", "Số tiền thực lĩnh"),
        required=False,
    ),
    "amount": Wording(
        "Số tiền", ("Số tiền (đồng)", "Số tiền được hưởng", "Số tiền trợ cấp", "Số tiền được nhận", "Thành tiền", "Mức hưởng", "Mức trợ cấp"),
        required=False,
    ),
}  # fmt: skip
_SUMS = frozenset({"tongcong", "cong", "tong", "congtrang", "somangsang"})


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One row: `amount` as typed; `birth_year` None where nothing can be read."""

    row_number: int
    code: str
    name: str
    birth_year: int | None
    amount: str


def read_month_list(content: bytes) -> Iterator[MonthRow]:
    """Rows that name somebody; sums at the end of a page or a list are none. Raises a `FileUnreadable`."""
    table = open_table(content, wordings=WORDINGS)
    sum_column = next((key for key in ("total", "amount") if key in table.columns), None)
    if sum_column is None:
        raise ColumnsMissing([TOTAL], headings=table.heading.headings, fingerprint=table.heading.fingerprint)
    nothing = [None] * len(table.columns["name"])
    columns = [table.columns.get(key, nothing) for key in ("code", "name", "birth", sum_column)]
    for number, (code, name, birth, amount) in enumerate(zip(*columns, strict=True), start=table.first_number):
        told = tidy_name(text_of(name))
        if not text_of(code) and (not told or fold_heading(told) in _SUMS):
            continue
        if _is_numbering(told):
            continue
        born = read_birth(birth)
        yield MonthRow(
            row_number=number,
            code=" ".join(text_of(code).split()),
            name=told,
            birth_year=born.year if born else None,
            amount=text_of(amount),
        )


def _is_numbering(name: str) -> bool:
    """The row of column numbers under a heading: (1), (2), (3)."""
    return name.strip("() ").isdigit()
