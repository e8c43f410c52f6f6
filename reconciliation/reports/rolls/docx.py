"""A roll as a Word document the office edits: same heading, lines, sums in words and signature blocks as the PDF."""

from datetime import UTC

from reconciliation.reports.rolls.roll import Roll, closing_lines, sums
from reconciliation.reports.tables.table import Cell, Column, Kind, Line, Table
from reconciliation.reports.word_parts import (
    CENTRE,
    RIGHT,
    keep_rows_whole,
    new_document,
    number_pages,
    rule_below,
    saved,
    set_widths,
    write,
)
from reconciliation.reports.word_table import word_table

_USABLE_MM, _LARGEST_PT, _CHARACTERS = 262, 10.0, 1_400


def roll_docx(roll: Roll) -> bytes:
    """The same roll gives the same bytes; its digest stands in the file's properties."""
    document = new_document(landscape=True)
    properties = document.core_properties
    properties.title, properties.author, properties.language = roll.title, roll.agency, "vi-VN"
    properties.comments, properties.last_modified_by = f"Mã số liệu {roll.digest}", ""
    properties.created = properties.modified = roll.made_at.astimezone(UTC).replace(tzinfo=None)
    number_pages(document.sections[0], footer=f"{roll.title} · Mã số liệu {roll.code}")
    head = document.add_table(rows=1, cols=2)
    set_widths(head.columns, (0.45, 0.55), _USABLE_MM)
    left, right = head.rows[0].cells
    write(left.paragraphs[0], roll.agency.upper(), align=CENTRE, size=12, bold=True)
    write(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", align=CENTRE, size=12, bold=True)
    write(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", align=CENTRE, size=12, bold=True)
    rule_below(left, cell_mm=_USABLE_MM * 0.45, line_mm=24)
    rule_below(right, cell_mm=_USABLE_MM * 0.55, line_mm=48)
    write(document.add_paragraph(), roll.title, align=CENTRE, bold=True, keep=True)
    for line in filter(None, roll.lines_below_title):
        write(document.add_paragraph(), line, align=CENTRE, size=12, keep=True)
    if any(each.money for each in roll.fields):
        write(document.add_paragraph(), "Đơn vị tính: đồng", align=RIGHT, italic=True, size=11, keep=True)
    points = min(_LARGEST_PT, _CHARACTERS / sum(each.width for each in roll.fields))
    element = word_table(_table(roll), width_mm=_USABLE_MM, points=round(points * 2) / 2)
    document.element.body.insert_element_before(element, "w:sectPr")
    for line in closing_lines(roll):
        write(document.add_paragraph(), line, size=12, keep=True)
    for note in roll.notes:
        write(document.add_paragraph(), note, size=10, keep=True)
    if roll.signatures:
        block = document.add_table(rows=1, cols=len(roll.signatures))
        for nth, (cell, (who, how)) in enumerate(zip(block.rows[0].cells, roll.signatures, strict=True), start=1):
            dated = f"{roll.place}, ngày     tháng     năm 20  " if nth == len(roll.signatures) else ""
            write(cell.paragraphs[0], dated, align=CENTRE, italic=True, size=12, keep=True)
            write(cell.add_paragraph(), who, align=CENTRE, bold=True, size=12, keep=True)
            write(cell.add_paragraph(), how, align=CENTRE, italic=True, size=12)
        keep_rows_whole(block)
    return saved(document)


def _table(roll: Roll) -> Table:
    columns = tuple(
        Column(f"({nth})", each.heading, Kind.MONEY if each.money else Kind.TEXT, each.width)
        for nth, each in enumerate(roll.fields, start=1)
    )
    lines = [Line("line", row) for row in roll.cells]
    if totals := sums(roll):
        label = 0 if 1 in totals else 1
        last: list[Cell] = [totals.get(at, "Tổng cộng" if at == label else "") for at in range(len(roll.fields))]
        lines.append(Line("total", tuple(last)))
    return Table(key=roll.name, title=roll.title, columns=columns, lines=tuple(lines))
