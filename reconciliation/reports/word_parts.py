"""Pieces every Word document of ours is made of: font and page, the head of Decree 30/2020, paragraphs, and bytes without the hour."""

import io
import zipfile

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table as _Table
from docx.table import _Cell, _Columns
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_FIXED_DAY = (1980, 1, 1, 0, 0, 0)


def new_document(*, landscape: bool = False) -> Word:
    """An empty A4 document in Times New Roman 13."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        (Mm(18), Mm(16), Mm(20), Mm(15)) if landscape else (Mm(22), Mm(20), Mm(30), Mm(17))
    )
    return document


def number_pages(section: Section, *, footer: str) -> None:
    """Page numbers in the middle of the top margin from the second page on, as Decree 30/2020 wants them, and one footer on every page."""
    section.different_first_page_header_footer = True
    for part in (section.footer, section.first_page_footer):
        write(part.paragraphs[0], footer, align=CENTRE, size=8)
    number = section.header.paragraphs[0]
    write(number, "", align=CENTRE)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number._p.append(field)


def set_widths(columns: _Columns, shares: tuple[float, ...], width_mm: float) -> None:
    """Column widths as parts of `width_mm`."""
    for column, share in zip(columns, shares, strict=True):
        column.width = Mm(width_mm * share)
        for cell in column.cells:
            cell.width = Mm(width_mm * share)
            _narrow(cell)


def _narrow(cell: _Cell) -> None:
    """Word's own margins of 1.9 mm leave no room for numbers in narrow columns."""
    margins = OxmlElement("w:tcMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "40")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    cell._tc.get_or_add_tcPr().append(margins)


def write(
    paragraph: Paragraph, text: str, *, align: WD_ALIGN_PARAGRAPH = LEFT, bold: bool = False, italic: bool = False, size: float = 13, keep: bool = False
) -> None:  # fmt: skip
    """One run of text; `keep`: stays with the paragraph after it."""
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(3 if size >= 13 else 0)
    paragraph.paragraph_format.space_before = Pt(0)
    paragraph.paragraph_format.keep_with_next = keep


def rule_below(cell: _Cell, *, cell_mm: float, line_mm: float) -> None:
    """The line Decree 30/2020 has under the agency (a third of its name) and under the motto (as long as it), in the middle of the cell."""
    paragraph = cell.add_paragraph()
    style = paragraph.paragraph_format
    style.left_indent = style.right_indent = Mm((cell_mm - line_mm) / 2)
    style.space_before, style.space_after, style.line_spacing = Pt(0), Pt(6), Pt(2)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "auto")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def keep_rows_whole(table: _Table) -> None:
    """No row of the table is split over two pages: who signs and who receives stand together."""
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def saved(document: Word) -> bytes:
    """The document's bytes: the same parts in the same order, without the moment they were packed."""
    plain, stream = io.BytesIO(), io.BytesIO()
    document.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _FIXED_DAY), source.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()
