"""Sheets of any file an office sends: .xlsx, .xls, .ods, CSV and TSV. Recognised by content, never by name; bounded; no macro, no password."""

import io
import json
import logging
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from beneficiaries.errors.files import (
    FileHasMacros,
    FileIsEmpty,
    FileSuspicious,
    FileTooLarge,
    FileUnreadable,
)
from beneficiaries.parsers import confined
from beneficiaries.parsers.archive import refuse_dangerous_archive
from beneficiaries.parsers.delimited import read_delimited
from beneficiaries.parsers.encodings import Encoding
from staff.apart import BARE, BEGUN, command_of
from staff.errors import SystemBusy

logger = logging.getLogger(__name__)
MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 200_000
MAX_SHEETS = 60
MAX_TEXT_BYTES = 200 * 1024 * 1024
CONFINED_SECONDS = 90
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
ODS_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_DAMAGED = "Tệp hỏng hoặc không phải bảng tính Excel. Mời mở bằng Excel và lưu lại thành tệp .xlsx."
NOT_A_WORKBOOK = (
    "Tệp này là văn bản thường, không phải tệp Excel (dù tên có thể kết thúc bằng .xlsx), và không có dòng tiêu đề nào của danh sách. "
    "Mời mở bằng Excel, lưu lại thành tệp .xlsx rồi nạp lại."
)

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Row = list[Cell]


@dataclass(frozen=True)
class Sheet:
    """One sheet; `read(n)` gives its first `n` rows, all of one length, empty cells as "" or None; `encoding`: of the whole, of a text."""

    name: str
    visible: bool
    read: Callable[[int], list[Row]]
    encoding: Encoding = Encoding.UNICODE


def read_file(path: Path) -> bytes:
    """The bytes of a file, refused before they are read when there are too many."""
    if path.stat().st_size > MAX_BYTES:
        raise FileTooLarge
    return path.read_bytes()


def open_sheets(content: bytes) -> list[Sheet]:
    """All sheets of the file. Raises a `FileUnreadable` for what is damaged, dangerous or no table at all."""
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    if not content:
        raise FileIsEmpty
    if content.startswith(OLE_MAGIC):
        _refuse_locked(content)
        return list(_confined(content))
    if content.startswith(ZIP_MAGIC):
        return list(_confined(content)) if _is_open_document(content) else _excel(content)
    rows, encoding = read_delimited(content, max_rows=MAX_ROWS)
    return [replace(_held("", [list[Cell](row) for row in rows], visible=True), encoding=encoding)]


def is_text(content: bytes) -> bool:
    """Whether it is no workbook of any kind, whatever its name ends in."""
    return not content.startswith((OLE_MAGIC, ZIP_MAGIC))


def _excel(content: bytes) -> list[Sheet]:
    refuse_dangerous_archive(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    except (CalamineError, zipfile.BadZipFile, ValueError) as error:
        raise FileUnreadable(_DAMAGED) from error
    if len(sheets) > MAX_SHEETS:
        raise FileSuspicious(f"Tệp có quá {MAX_SHEETS} trang tính, không được nhận. Mời tách tệp.")
    return [
        Sheet(sheet.name, sheet.visible == SheetVisibleEnum.Visible, _reader(workbook, sheet.name)) for sheet in sheets
    ]


def _reader(workbook: CalamineWorkbook, name: str) -> Callable[[int], list[Row]]:
    opened: list[Any] = []  # the sheet is unpacked once, however often its rows are asked for

    def read(rows: int) -> list[Row]:
        try:
            if not opened:
                opened.append(workbook.get_sheet_by_name(name))
            if opened[0].total_height > MAX_ROWS:
                raise FileTooLarge
            read_rows: list[Row] = opened[0].to_python(skip_empty_area=False, nrows=rows)
        except (CalamineError, zipfile.BadZipFile, ValueError, IndexError) as error:
            raise FileUnreadable(_DAMAGED) from error
        return read_rows

    return read


def _confined(content: bytes) -> Iterator[Sheet]:
    return sheets_said(asked_apart(confined.__name__, content, str(MAX_ROWS), str(MAX_TEXT_BYTES)))


def asked_apart(module: str, content: bytes, *arguments: str) -> bytes:
    """What a reader of ours in a process of its own says of the file. Raises a `FileUnreadable`, and `SystemBusy` where none could begin."""
    try:
        child = subprocess.run(
            command_of(module, *arguments), input=content, capture_output=True, timeout=CONFINED_SECONDS, env=BARE
        )
    except subprocess.TimeoutExpired as error:
        raise (FileSuspicious if (error.stdout or b"").startswith(BEGUN) else SystemBusy) from error
    except OSError as error:  # no process, no file, no memory left
        logger.exception("no process for a workbook")
        raise SystemBusy from error
    if not child.stdout.startswith(BEGUN):
        logger.error("the process for a workbook did not begin: %s", child.stderr.decode(errors="replace")[-500:])
        raise SystemBusy
    if child.returncode == confined.UNREADABLE:
        raise FileUnreadable(_DAMAGED)
    if child.returncode == confined.TOO_MUCH:
        raise FileTooLarge
    if child.returncode != 0:  # out of memory, out of time, or the reader gave up
        raise FileSuspicious
    return child.stdout.removeprefix(BEGUN)


def sheets_said(said: bytes) -> Iterator[Sheet]:
    """The sheets a reader apart wrote, as `confined.py` says."""
    name, visible, rows = "", True, list[Row]()
    for number, line in enumerate(said.splitlines()):
        if line.startswith(b"{"):
            if number:
                yield _held(name, rows, visible=visible)
            heading = json.loads(line)
            name, visible, rows = heading["sheet"], heading["visible"], []
        else:
            rows.append(json.loads(line, object_hook=_untagged))
    yield _held(name, rows, visible=visible)


def _held(name: str, rows: list[Row], *, visible: bool) -> Sheet:
    return Sheet(name, visible, lambda count: rows[:count])


def _untagged(tagged: dict[str, Any]) -> Cell:
    ((kind, value),) = tagged.items()
    if kind == "timedelta":
        return timedelta(seconds=value)
    kinds: dict[str, Callable[[str], Cell]] = {
        "date": date.fromisoformat,
        "datetime": datetime.fromisoformat,
        "time": time.fromisoformat,
    }
    return kinds[kind](value)


def _refuse_locked(content: bytes) -> None:
    """Names in the directory of a compound file are UTF-16; a password or a macro shows there before anything is opened."""
    if "EncryptionInfo".encode("utf-16-le") in content:
        raise FileUnreadable("Tệp có mật khẩu. Mời mở bằng Excel, bỏ mật khẩu và lưu lại.")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise FileHasMacros


def _is_open_document(content: bytes) -> bool:
    return ODS_MIMETYPE in content[:200]
