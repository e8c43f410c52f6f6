"""Files as wards, offices and banks would send them, made in memory from a few cells."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

import xlsxwriter

from beneficiaries.parsers.office_lists import ACCOUNT_COLUMNS, DECISION_COLUMNS, REVIEW_COLUMNS
from beneficiaries.parsers.registry import COLUMNS

PERSON: dict[str, Any] = {
    "code": "97101-000001",
    "name": "Nguyễn Văn An",
    "birth": "05/09/1942",
    "sex": "Nam",
    "number": "097042000001",
    "hamlet": "Thôn 3",
    "programme": "TCXH",
    "category": "CT-80-KLH",
    "coefficient": 1.0,
    "decision_number": "12/QĐ-UBND",
    "decision_date": "15/03/2023",
    "starts": "04/2023",
    "paid_through": "06/2024",
}
ACCOUNT: dict[str, Any] = {
    "code": "97101-000001",
    "holder": "NGUYEN VAN AN",
    "number": "5550100001",
    "opened": "01/06/2024",
    "state": "Hoạt động",
    "holder_kind": "Chính chủ",
}
DECISION: dict[str, Any] = {
    "code": "97101-000001",
    "kind": "Thôi hưởng",
    "number": "7/QĐ-UBND",
    "signed": "10/07/2024",
    "effective": "08/2024",
    "reason": "Đã mất",
    "signer": "Nguyễn Văn Chủ, Chủ tịch UBND",
}
REVIEW: dict[str, Any] = {
    "code": "97101-000001",
    "answer": "Đúng người",
    "number": "097042000001",
    "same_as": "",
    "basis": "Xem giấy khai sinh",
}


def person(**changes: Any) -> dict[str, Any]:
    """A registry row that is right in every column, but for `changes`."""
    return {**PERSON, **changes}


def people(count: int) -> list[dict[str, Any]]:
    """`count` different people with their own codes and numbers."""
    return [
        person(code=f"97101-{n:06d}", name=f"Nguyễn Văn {chr(64 + n)}", number=f"0970420000{n:02d}")
        for n in range(1, count + 1)
    ]


def registry_file(
    rows: Iterable[Mapping[str, Any]], *, without: Iterable[str] = (), title: str = "UBND XÃ PHƯỚC THUẬN"
) -> bytes:
    """A ward's list: title rows, headings, people, a total."""
    rows = list(rows)
    columns = {key: heading for key, heading in COLUMNS.items() if key not in without}
    total = {"name": "Tổng cộng", "birth": f"{len(rows)} hồ sơ"}
    return table([*rows, total], columns=columns, title=title)


def account_file(*rows: Mapping[str, Any]) -> bytes:
    """A bank's list of accounts; each row changes `ACCOUNT`."""
    return table([{**ACCOUNT, **row} for row in rows], columns=ACCOUNT_COLUMNS)


def decision_file(*rows: Mapping[str, Any]) -> bytes:
    """A list of decisions; each row changes `DECISION`."""
    return table([{**DECISION, **row} for row in rows], columns=DECISION_COLUMNS)


def review_file(*rows: Mapping[str, Any]) -> bytes:
    """Answers of a review; each row changes `REVIEW`."""
    return table([{**REVIEW, **row} for row in rows], columns=REVIEW_COLUMNS)


def table(rows: Iterable[Mapping[str, Any]], *, columns: Mapping[str, str], title: str = "") -> bytes:
    """A workbook: one title row, the headings, then the rows."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Danh sách")
    sheet.write(0, 0, title)
    sheet.write_row(1, 0, ["STT", *columns.values()])
    for at, row in enumerate(rows, start=2):
        sheet.write(at, 0, at - 1)
        for column, key in enumerate(columns, start=1):
            _write(sheet, at, column, row.get(key))
    book.close()
    return stream.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Any) -> None:
    write = sheet.write_string if isinstance(cell, str) else sheet.write
    write(row, column, cell)
