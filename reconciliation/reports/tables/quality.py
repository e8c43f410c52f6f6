"""Biểu 08: how clean the data is, by unit, with who answers for it."""

from datetime import date

from reconciliation.reports.breakdowns import summed
from reconciliation.reports.sentences import capitalised, day_text
from reconciliation.reports.tables.districts import Place, lines_by_place, unit_heading
from reconciliation.reports.tables.table import Cell, Column, Figures, Kind, Line, Table, rate

_COUNTED = (
    ("(1)", "Tổng số hồ sơ", "files"),
    ("(2)", "Khớp đúng", "correct"),
    ("(3)", "Sai lệch đã xử lý", "solved_mismatches"),
    ("(4)", "Sai lệch đang xử lý", "open_mismatches"),
    ("(5)", "Chưa có số định danh cá nhân", "without_number"),
    ("(6)", "Không tìm thấy", "not_found"),
    ("(7)", "Trùng", "duplicates"),
    ("(8)", "Đã chết", "deceased"),
)
_RATED = (
    ("(9)", "Đúng (%)", "correct"),
    ("(10)", "Đủ (%)", "complete"),
    ("(11)", "Sạch (%)", "cleaned"),
    ("(12)", "Sống (%)", "live"),
)


def quality_table(figures: Figures) -> Table | None:
    """Biểu 08; None for a snapshot of a time when quality was not frozen. A period without a counted day has "..." and says so."""
    if "quality" not in figures:
        return None
    quality = figures["quality"]
    units = quality["units"] if quality else {}

    def line(place: Place) -> Line:
        sums = summed(units, list(place.communes))
        files = sums.get("files", 0)
        counted: list[Cell] = [sums.get(key, 0) if quality else None for _, _, key in _COUNTED]
        rates: list[Cell] = [rate(sums.get(key, 0), files) if quality else None for _, _, key in _RATED]
        signer = str(units.get(place.code, {}).get("signer", ""))
        return Line(place.level, (place.ordinal, capitalised(place.name), *counted, *rates, signer))

    columns = (
        Column("A", "STT", Kind.ORDINAL, 4),
        Column("B", unit_heading(figures), Kind.TEXT, 17),
        *(Column(number, heading, Kind.COUNT, 6.5) for number, heading, _ in _COUNTED),
        *(Column(number, heading, Kind.PERCENT, 5.5) for number, heading, _ in _RATED),
        Column("C", "Người chịu trách nhiệm", Kind.TEXT, 12),
    )
    return Table(
        key="Biểu 08", title="Biểu 08. Kết quả làm sạch dữ liệu", columns=columns, lines=lines_by_place(figures, line),
        unit_line="Đơn vị tính: hồ sơ", notes=_notes(quality), landscape=True,
    )  # fmt: skip


def _notes(quality: Figures | None) -> tuple[str, ...]:
    if not quality:
        return ("“...”: trong kỳ chưa có ngày nào hệ thống đo chất lượng dữ liệu.",)
    return (
        f"Đo ngày {day_text(date.fromisoformat(quality['taken_on']))}. Một người có nhiều hồ sơ thì tính ở từng hồ sơ; một hồ sơ có thể thuộc nhiều cột từ (2) "
        "đến (8). (9), (10), (11), (12) chia cho (1).",
        "Cột C: người đã ký chịu trách nhiệm về số liệu của ngày đo; để trống nếu chưa ký.",
    )
