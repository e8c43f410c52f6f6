"""Life events as their senders write them: one shape for the feed's JSON, a CSV and a workbook. No ORM."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from beneficiaries.parsers.faults import unfit_cells
from beneficiaries.parsers.spreadsheets import Cell
from beneficiaries.parsers.values import read_birth, read_date, read_identity_number, text_of, tidy_name
from beneficiaries.parsers.workbook import read_table
from staff.time_zone import VIETNAM

COLUMNS = {
    "event_id": "Mã sự kiện",
    "source": "Nguồn",
    "kind": "Loại sự kiện",
    "action": "Thao tác",
    "about": "Về sự kiện",
    "issued_at": "Thời điểm phát hành",
    "occurred_on": "Ngày xảy ra",
    "number": "Số định danh",
    "full_name": "Họ và tên",
    "birth": "Năm sinh",
    "new_name": "Họ và tên mới",
    "new_number": "Số định danh mới",
    "to_unit": "Mã xã chuyển đến",
    "child_name": "Họ và tên con",
    "child_born_on": "Ngày sinh con",
}
OPTIONAL = frozenset({"about", "birth", "new_name", "new_number", "to_unit", "child_name", "child_born_on"})
SOURCES = {
    "hộ tịch": "CIVIL_REGISTRY",
    "bệnh viện": "HOSPITAL",
    "cơ sở y tế": "HOSPITAL",
    "xã": "COMMUNE",
    "thôn": "COMMUNE",
}
KINDS = {
    "khai tử": "DEATH",
    "tử vong": "DEATH",
    "khai sinh": "BIRTH",
    "chuyển cư trú": "MOVE",
    "thay đổi họ tên": "NAME",
    "cấp lại số định danh": "NUMBER",
}
ACTIONS = {"": "REPORT", "báo": "REPORT", "cải chính": "CORRECT", "thu hồi": "WITHDRAW"}
LONGEST_ID = 60
_DAY, _NUMBER = "mời ghi dạng 21/11/2026.", "mời ghi đủ 12 chữ số của số định danh cá nhân, định dạng ô là văn bản."
WRITE = {
    "event_id": f"mời ghi mã của nơi báo, không quá {LONGEST_ID} ký tự, mỗi sự kiện một mã.",
    "source": f"mời ghi một trong: {', '.join(word.capitalize() for word in SOURCES)}.",
    "kind": f"mời ghi một trong: {', '.join(word.capitalize() for word in KINDS)}.",
    "action": f"mời ghi một trong: {', '.join(word.capitalize() for word in ACTIONS if word)}; để trống là báo.",
    "issued_at": "mời ghi dạng 21/11/2026 08:30.",
    "occurred_on": _DAY,
    "number": _NUMBER,
    "full_name": "mời ghi họ và tên như trên giấy.",
    "new_name": "mời ghi họ và tên mới.",
    "new_number": _NUMBER,
    "to_unit": "mời ghi mã xã, phường chuyển đến theo danh mục.",
    "child_born_on": _DAY,
}
# What each kind tells beside whom it is about; a withdrawal tells nothing.
TELLS = {"MOVE": ("to_unit",), "NAME": ("new_name",), "NUMBER": ("new_number",), "BIRTH": ("child_born_on",)}


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """One message, checked for its own completeness. `problem` is a sentence for the sender, without any value of the message.

    `position`: the row as the spreadsheet counts, or the place in the batch from 1.
    """

    position: int
    event_id: str = ""
    source: str = ""
    kind: str = ""
    action: str = "REPORT"
    about: str = ""
    issued_at: datetime | None = None
    occurred_on: date | None = None
    number: str | None = field(default=None, repr=False)
    full_name: str = field(default="", repr=False)
    birth_year: int | None = None
    new_name: str = field(default="", repr=False)
    new_number: str | None = field(default=None, repr=False)
    to_unit: str = ""
    child_name: str = field(default="", repr=False)
    child_born_on: date | None = None
    unreadable: str = ""

    @property
    def problem(self) -> str:
        """What is missing or can't be, in words; empty when the message can be kept."""
        return self.unreadable or _missing(self)


def _missing(event: IncomingEvent) -> str:
    if not event.event_id or len(event.event_id) > LONGEST_ID or len(event.about) > LONGEST_ID:
        return f"Thiếu mã sự kiện, hoặc mã dài quá {LONGEST_ID} ký tự."
    if not event.source or not event.kind or not event.action:
        return "Không rõ nguồn, loại sự kiện hoặc thao tác."
    if event.issued_at is None:
        return "Thiếu thời điểm phát hành."
    if event.action != "REPORT" and event.about in ("", event.event_id):
        return "Cải chính, thu hồi phải ghi mã sự kiện đã báo ở cột “Về sự kiện”."
    if event.source != "CIVIL_REGISTRY" and event.kind != "DEATH":
        return "Nguồn này chỉ báo tử vong; việc khác do cơ quan hộ tịch báo."
    if event.action == "WITHDRAW":
        return ""
    if event.number is None or not event.full_name or event.occurred_on is None:
        return "Thiếu số định danh, họ tên hoặc ngày xảy ra."
    if event.occurred_on > event.issued_at.astimezone(VIETNAM).date():
        return "Ngày xảy ra sau ngày phát hành."
    needed = {"MOVE": event.to_unit, "NAME": event.new_name, "NUMBER": event.new_number, "BIRTH": event.child_born_on}
    return "" if needed.get(event.kind, True) else "Thiếu nội dung mới: nơi đến, họ tên mới, số mới hoặc ngày sinh con."


def read_life_events(content: bytes) -> Iterator[IncomingEvent]:
    """Rows of a table with the headings `COLUMNS`, in any file and encoding registries are read in. Raises a `FileUnreadable`."""
    for row in read_table(content, columns=COLUMNS, optional=OPTIONAL):
        yield _event(row.number, row.cells)


def _event(number: int, cells: Mapping[str, Cell]) -> IncomingEvent:
    words = {key: text_of(cells.get(key)) for key in COLUMNS}
    birth = read_birth(cells.get("birth"))
    read: dict[str, Any] = {
        "event_id": words["event_id"],
        "source": SOURCES.get(words["source"].casefold(), ""),
        "kind": KINDS.get(words["kind"].casefold(), ""),
        "action": ACTIONS.get(words["action"].casefold(), ""),
        "issued_at": read_moment(cells.get("issued_at")),
        "occurred_on": read_date(cells.get("occurred_on")),
        "number": read_identity_number(cells.get("number")),
        "full_name": tidy_name(words["full_name"])[:100],
        "new_name": tidy_name(words["new_name"])[:100],
        "new_number": read_identity_number(cells.get("new_number")),
        "to_unit": words["to_unit"],
        "child_born_on": read_date(cells.get("child_born_on")),
    }
    return IncomingEvent(
        position=number,
        about=words["about"],
        birth_year=birth.year if birth else None,
        child_name=tidy_name(words["child_name"])[:100],
        unreadable=_unreadable(cells, read),
        **read,
    )


def _unreadable(cells: Mapping[str, Cell], read: Mapping[str, Any]) -> str:
    """Column by column what is missing or can't be read; a year of birth that can't is left out, for nobody's death waits for it."""
    needed = {"event_id", "source", "kind", "action", "issued_at"}
    if read["action"] != "WITHDRAW":
        needed |= {"occurred_on", "number", "full_name", *TELLS.get(read["kind"], ())}
    unread = [key for key, value in read.items() if not value and (key in needed or text_of(cells.get(key)))]
    said = unfit_cells(cells, columns=COLUMNS, write=WRITE, unread=unread)
    return " ".join(sentence[:1].upper() + sentence[1:] for sentence in said)


def read_moment(cell: Cell) -> datetime | None:
    """A time as typed, `21/11/2026 08:30` or ISO 8601; without a zone it is Vietnam's. A date alone is its first minute."""
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=VIETNAM)
    text = text_of(cell)
    for form in ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day = read_date(cell)
        return datetime(day.year, day.month, day.day, tzinfo=VIETNAM) if day else None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
