"""Which rows under the heading are people, and which are totals, signatures, column numbers and names of hamlets."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from beneficiaries.parsers.headings import fold_heading
from beneficiaries.parsers.spreadsheets import Cell, Row
from beneficiaries.parsers.values import text_of

OF_A_PERSON = ("sex", "number", "category")
_TOTAL = re.compile(
    r"(tongcong|tongso|cong|congtrang|somangsang|cotongso.*|danhsach(nay)?(co|gom).*|tong|bangchu.*)\d*(nguoi|hoso)?|\d+(nguoi|hoso|doituong)"
)
_SIGNATURE = re.compile(
    r"(nguoilap|lapbieu|lapbang|ketoan|chutich|phochutich|thutruong|tmuyban|tmubnd|ktchutich|tluy|tlchutich|tuq|uybannhandan|ubnd|xacnhan"
    r"|canbo|congchuc|truongphong|giamdoc|lanhdao|noinhan|kyten|kyghiro|ngay\d{0,2}thang\d{0,2}nam).*"
)
_SECTION = re.compile(r"([ivx]+|[a-z]|\d{1,2})?(thon|to|xom|ap|ban|khu|buon|lang|khom|bon|plei).*|[ivx]+\w{0,40}")
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?(\s*=.*)?|\(?[A-Z]\)?")


class NotAPerson(StrEnum):
    """Why a row was passed over."""

    TOTAL = "TOTAL"
    SIGNATURE = "SIGNATURE"
    SECTION = "SECTION"
    COLUMN_NUMBERS = "COLUMN_NUMBERS"


SENTENCES = {
    NotAPerson.TOTAL: "Dòng cộng, không phải người hưởng; đã bỏ qua.",
    NotAPerson.SIGNATURE: "Dòng chữ ký, ngày lập, không phải người hưởng; đã bỏ qua.",
    NotAPerson.SECTION: "Dòng tên thôn, nhóm, không phải người hưởng; đã bỏ qua.",
    NotAPerson.COLUMN_NUMBERS: "Dòng đánh số cột; đã bỏ qua.",
}


@dataclass(frozen=True)
class Ignored:
    """A row passed over, by its number in the spreadsheet, and why."""

    row_number: int
    why: NotAPerson

    @property
    def sentence(self) -> str:
        """For the remarks."""
        return SENTENCES[self.why]


def sort_out(
    columns: Mapping[str, Sequence[Cell]], rows: Sequence[Row], *, first_number: int
) -> tuple[list[int], list[Ignored]]:
    """Indexes of the rows that stand for people, and what was passed over. Rows without any value of ours are silently empty."""
    kept: list[int] = []
    ignored: list[Ignored] = []
    closed = False
    telling = [columns[key] for key in OF_A_PERSON if key in columns]
    everything = list(columns.values())
    for index, code in enumerate(columns.get("code", columns["name"])):  # a list without codes is told by its names
        if (code is None or isinstance(code, str)) and all(column[index] is None for column in telling):
            if all(column[index] is None for column in everything):
                if closed:
                    continue
                if not (why := _why(rows[index], first=index == 0, closed=closed)):
                    continue
            else:
                why = _why(rows[index], first=index == 0, closed=closed)
            if why:
                closed = closed or why in (NotAPerson.TOTAL, NotAPerson.SIGNATURE)
                ignored.append(Ignored(first_number + index, why))
                continue
        elif index == 0 and (why := _why(rows[index], first=True, closed=False)) is NotAPerson.COLUMN_NUMBERS:
            ignored.append(Ignored(first_number, why))
            continue
        kept.append(index)
    return kept, ignored


def _why(row: Row, *, first: bool, closed: bool) -> NotAPerson | None:
    texts = [text for cell in row if (text := text_of(cell))]
    if first and len(texts) > 2 and all(_COLUMN_NUMBER.fullmatch(text) for text in texts):
        return NotAPerson.COLUMN_NUMBERS
    folded = [fold_heading(text) for text in texts]
    if any(_TOTAL.fullmatch(text) for text in folded):
        return NotAPerson.TOTAL
    if any(_SIGNATURE.fullmatch(text) for text in folded) or (closed and len(texts) <= 3):
        return NotAPerson.SIGNATURE
    if len(texts) == 1 and _SECTION.fullmatch(folded[0]):
        return NotAPerson.SECTION
    return None
