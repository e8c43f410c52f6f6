"""The police's or execution office's list of who served a prison sentence: who, from when, until when, by which paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from beneficiaries.parsers.faults import about, unfit_cells
from beneficiaries.parsers.values import read_date, read_identity_number, text_of, tidy_name
from beneficiaries.parsers.workbook import read_table

COLUMNS = {
    "full_name": "Họ và tên",
    "birth": "Ngày sinh",
    "identity": "Số định danh cá nhân",
    "from_on": "Chấp hành án từ ngày",
    "until_on": "Đến ngày",
    "paper": "Số, ngày văn bản",
}
OPTIONAL = frozenset({"until_on", "paper"})
LONGEST_PAPER = 120
_DAY = "mời ghi đủ ngày, tháng, năm, ví dụ 05/09/2024"
WRITE = {
    "full_name": "mời ghi đủ họ và tên.",
    "birth": f"{_DAY}; hoặc ghi số định danh cá nhân.",
    "identity": "mời ghi đủ 12 chữ số, định dạng ô là văn bản; không có số thì để trống và ghi đủ ngày sinh.",
    "from_on": f"{_DAY}.",
    "until_on": f"{_DAY}; chưa về thì để trống.",
}
WRONG_WAY_ROUND = about(COLUMNS["until_on"], "sớm hơn ngày bắt đầu; mời sửa một trong hai ngày.")


@dataclass(frozen=True)
class PrisonRow:
    """One stay; `until_on` None: not back yet. `problems` by column, none when the row is fine."""

    row_number: int
    full_name: str
    born: date | None
    identity_number: str
    from_on: date | None
    until_on: date | None
    paper: str
    problems: tuple[str, ...]


def read_prison_list(content: bytes) -> Iterator[PrisonRow]:
    """Rows of the list. Raises `FileUnreadable`."""
    for row in read_table(content, columns=COLUMNS, optional=OPTIONAL):
        cells = row.cells
        typed = {key: text_of(cells.get(key)) for key in COLUMNS}
        if not typed["full_name"] and not typed["identity"] and not typed["from_on"]:
            continue  # a total, or a line of text under the table
        number, born = read_identity_number(cells["identity"]) or "", read_date(cells["birth"])
        from_on, until_on = read_date(cells["from_on"]), read_date(cells.get("until_on"))
        unread = [
            key
            for key, wrong in {
                "full_name": not typed["full_name"],
                "birth": born is None and not typed["identity"],
                "identity": bool(typed["identity"]) and not number,
                "from_on": from_on is None,
                "until_on": bool(typed["until_on"]) and until_on is None,
            }.items()
            if wrong
        ]
        problems = unfit_cells(cells, columns=COLUMNS, write=WRITE, unread=unread)
        if from_on and until_on and until_on < from_on:
            problems += (WRONG_WAY_ROUND,)
        yield PrisonRow(
            row_number=row.number,
            full_name=tidy_name(typed["full_name"]),
            born=born,
            identity_number=number,
            from_on=from_on,
            until_on=until_on,
            paper=typed["paper"][:LONGEST_PAPER],
            problems=problems,
        )
