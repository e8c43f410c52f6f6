"""Life events as their senders write them: one shape for the feed's JSON, a CSV and a workbook. No ORM."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from beneficiaries.errors.files import ColumnsMissing, FileIsEmpty, FileTooLarge, FileUnreadable
from beneficiaries.parsers.headings import fold_heading
from beneficiaries.parsers.spreadsheets import MAX_BYTES, MAX_ROWS, ZIP_MAGIC, Cell
from beneficiaries.parsers.values import read_birth, read_date, read_identity_number, text_of, tidy_name
from beneficiaries.parsers.workbook import read_table

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
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
    """Rows of a CSV (UTF-8, comma or semicolon) or a workbook with the headings `COLUMNS`. Raises a `FileUnreadable`."""
    rows = _workbook_rows(content) if content.startswith(ZIP_MAGIC) else _csv_rows(content)
    for number, cells in rows:
        yield _event(number, cells)


def _workbook_rows(content: bytes) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    for row in read_table(content, columns=COLUMNS, optional=OPTIONAL):
        yield row.number, row.cells


def _csv_rows(content: bytes) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    if not content.strip():
        raise FileIsEmpty
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileUnreadable("Tệp CSV phải ở bảng mã UTF-8; mời lưu lại thành “CSV UTF-8”.") from error
    heading = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if heading.count(";") > heading.count(",") else ",")
    wanted = {fold_heading(name): key for key, name in COLUMNS.items()}
    keys = [wanted.get(fold_heading(cell), "") for cell in next(rows)]
    if missing := [COLUMNS[key] for key in COLUMNS if key not in keys and key not in OPTIONAL]:
        raise ColumnsMissing(missing)
    for number, row in enumerate(rows, start=2):
        if number > MAX_ROWS:
            raise FileTooLarge
        cells = {key: cell.strip() or None for key, cell in zip(keys, row, strict=False) if key}
        if any(cells.values()):
            yield number, cells


def _event(number: int, cells: Mapping[str, Cell]) -> IncomingEvent:
    words = {key: text_of(cells.get(key)) for key in COLUMNS}
    birth = read_birth(cells.get("birth"))
    return IncomingEvent(
        position=number,
        event_id=words["event_id"],
        source=SOURCES.get(words["source"].casefold(), ""),
        kind=KINDS.get(words["kind"].casefold(), ""),
        action=ACTIONS.get(words["action"].casefold(), ""),
        about=words["about"],
        issued_at=read_moment(cells.get("issued_at")),
        occurred_on=read_date(cells.get("occurred_on")),
        number=read_identity_number(cells.get("number")),
        full_name=tidy_name(words["full_name"])[:100],
        birth_year=birth.year if birth else None,
        new_name=tidy_name(words["new_name"])[:100],
        new_number=read_identity_number(cells.get("new_number")),
        to_unit=words["to_unit"],
        child_name=tidy_name(words["child_name"])[:100],
        child_born_on=read_date(cells.get("child_born_on")),
    )


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
