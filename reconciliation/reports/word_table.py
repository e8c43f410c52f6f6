"""A Biểu as one Word table, written as XML at once: a cell at a time through python-docx takes twenty times as long."""

from collections.abc import Iterator
from html import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.table import CT_Tbl

from reconciliation.reports.tables import Kind, Table
from reconciliation.reports.tables.table import printed

_TWIPS_A_MM = 1440 / 25.4
_ALIGNED = {Kind.TEXT: "left", Kind.ORDINAL: "center"}
# Word's own margins of 1.9 mm leave no room for numbers in narrow columns.
_MARGINS = '<w:tcMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tcMar>'


def word_table(table: Table, *, width_mm: float, points: float) -> CT_Tbl:
    """The table's element: heads repeated on every page, no row split over two, text of `points`."""
    whole = sum(column.share for column in table.columns)
    widths = [round(width_mm * _TWIPS_A_MM * column.share / whole) for column in table.columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_rows(table, widths, half_points=round(points * 2)))
    element = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )
    assert isinstance(element, CT_Tbl)
    return element


def _rows(table: Table, widths: list[int], *, half_points: int) -> Iterator[str]:
    headings = [f"{column.group}: {column.heading}" if column.group else column.heading for column in table.columns]
    centred = ["center"] * len(widths)
    yield _row(headings, widths, centred, half_points, bold=True, head=True)
    yield _row([column.number for column in table.columns], widths, centred, half_points, head=True)
    aligned = [_ALIGNED.get(column.kind, "right") for column in table.columns]
    for line in table.lines:
        yield _row(list(map(printed, line.cells)), widths, aligned, half_points, bold=line.level != "line")


def _row(
    texts: list[str], widths: list[int], aligned: list[str], half_points: int, *, bold: bool = False, head: bool = False
) -> str:
    weight = "<w:b/>" if bold else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_MARGINS}</w:tcPr><w:p><w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:rPr>{weight}<w:sz w:val="{half_points}"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        for text, width, align in zip(texts, widths, aligned, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{cells}</w:tr>"
