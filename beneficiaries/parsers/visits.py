"""Our own visiting sheet as it comes back: what was heard at each door. Rows nobody was visited for are passed over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from beneficiaries.parsers.faults import unfit_cells
from beneficiaries.parsers.values import read_date, text_of
from beneficiaries.parsers.workbook import Cell, read_table

COLUMNS = {
    "code": "Mã hồ sơ",
    "name": "Họ và tên",
    "outcome": "Kết quả",
    "day": "Ngày đến",
    "bank": "Ngân hàng, ví",
    "number": "Số tài khoản (nếu đã có)",
    "said": "Lý do, ghi chú",
    "signed": "Đã ký phiếu (x)",
}
OPTIONAL = frozenset({"bank", "number", "said", "signed"})
# As `HomeVisit.Outcome` has them; a test holds both together.
LABELS = {
    "AGREES": "Đồng ý mở",
    "HAS": "Đã có tài khoản",
    "CASH": "Nhận tiền mặt",
    "REFUSES": "Từ chối",
    "NOT_HOME": "Không gặp",
    "MOVED": "Đã chuyển đi",
    "DIED": "Đã mất",
}
OUTCOMES = {label.casefold(): code for code, label in LABELS.items()}
WRITE = {
    "outcome": f"mời ghi một trong: {', '.join(LABELS.values())}.",
    "day": "mời ghi ngày đến nhà, dạng 21/11/2026.",
    "code": "mời giữ nguyên mã hồ sơ trên tờ đã tải; mất mã thì tải tờ mới.",
    "name": "mời giữ nguyên họ tên trên tờ đã tải.",
}
LONGEST = 300


@dataclass(frozen=True)
class VisitRow:
    """One visited door. `problems` are sentences with their columns, none when the row can be read."""

    row_number: int
    raw: dict[str, Cell]
    code: str
    name: str
    outcome: str
    visited_on: date | None
    bank: str
    number: str
    said: str
    signed: bool
    problems: tuple[str, ...]


def read_visits(content: bytes) -> Iterator[VisitRow]:
    """Rows with an outcome or anything else that was written in; raises `FileUnreadable` for what is no such sheet."""
    for row in read_table(content, columns=COLUMNS, optional=OPTIONAL):
        cells = {key: row.cells.get(key) for key in COLUMNS}
        texts = {key: " ".join(text_of(cell).split()) for key, cell in cells.items()}
        if not any(texts[key] for key in ("outcome", "day", "bank", "number", "said", "signed")):
            continue
        outcome, day = OUTCOMES.get(texts["outcome"].casefold(), ""), read_date(cells["day"])
        read = {"code": texts["code"], "name": texts["name"], "outcome": outcome, "day": day}
        yield VisitRow(
            row_number=row.number,
            raw=dict(row.cells),
            code=texts["code"],
            name=texts["name"],
            outcome=outcome,
            visited_on=day,
            bank=texts["bank"],
            number=texts["number"],
            said=texts["said"][:LONGEST],
            signed=bool(texts["signed"]),
            problems=unfit_cells(
                cells, columns=COLUMNS, write=WRITE, unread=[key for key, found in read.items() if not found]
            ),
        )
