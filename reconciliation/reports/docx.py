"""A snapshot as a Word document the office edits, numbers and signs in its own system: same sentences, same tables, number and date left blank."""

import io
import zipfile
from datetime import UTC

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell, _Columns
from docx.text.paragraph import Paragraph

from reconciliation.models import ReportSnapshot
from reconciliation.reports.letterhead import letterhead, place_of
from reconciliation.reports.tables import Table, report_tables
from reconciliation.reports.word_table import word_table
from reconciliation.reports.wording import audit_sentence, write_sentences

_FONT = "Times New Roman"
_OWN = "(Cơ quan báo cáo bổ sung)"
_LEFT, _CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_FIXED_DAY = (1980, 1, 1, 0, 0, 0)


def render_docx(*, snapshot: ReportSnapshot) -> bytes:
    """The report as .docx (Times New Roman). The same snapshot gives the same bytes; the full digest stands in the file's properties."""
    document = Document()
    _prepare(document, snapshot)
    _opening(document, snapshot)
    rates, *annexes = report_tables(snapshot.figures)
    _body(document, snapshot, rates)
    _signature(document, snapshot)
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(20), Mm(15)
    for nth, table in enumerate(annexes):
        _table(document, table, width_mm=262, new_page=bool(nth))
    stream = io.BytesIO()
    document.save(stream)
    return _without_the_hour(stream.getvalue())


def _prepare(document: Word, snapshot: ReportSnapshot) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(13)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(22),
        Mm(20),
        Mm(30),
        Mm(17),
    )
    created = snapshot.created_at.astimezone(UTC).replace(tzinfo=None)
    properties, sentences = document.core_properties, write_sentences(snapshot.figures)
    properties.title, properties.author = sentences.subject, str(snapshot.figures["agency"]["name"])
    properties.comments, properties.language = f"Mã số liệu {snapshot.digest}", "vi-VN"
    properties.created = properties.modified = created
    properties.last_modified_by = ""
    footer = section.footer.paragraphs[0]
    _set(footer, f"{sentences.closing_line} · Mã số liệu {snapshot.digest[:12]}", align=_CENTRE, size=8)


def _opening(document: Word, snapshot: ReportSnapshot) -> None:
    figures, sentences = snapshot.figures, write_sentences(snapshot.figures)
    letter = letterhead(figures)
    head = document.add_table(rows=2, cols=2)
    _widths(head.columns, (0.43, 0.57), 163)
    left, right = head.rows[0].cells
    above = [(str(letter["above"]).upper(), False)] if letter["above"] else []
    for nth, (line, bold) in enumerate([*above, (str(letter["name"]).upper(), True)]):
        _set(left.add_paragraph() if nth else left.paragraphs[0], line, align=_CENTRE, size=12, bold=bold)
    _set(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", align=_CENTRE, size=12, bold=True)
    _set(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", align=_CENTRE, size=13, bold=True)
    number, dated = head.rows[1].cells
    _set(number.paragraphs[0], f"Số:         /BC-{letter['symbol']}", align=_CENTRE)
    place = place_of(str(figures["unit"]["name"]))
    _set(dated.paragraphs[0], f"{place}, ngày      tháng      năm 20  ", align=_CENTRE, italic=True)
    if not snapshot.ties_out:
        _set(document.add_paragraph(), "SỐ LIỆU CHƯA KHỚP – BẢN DỰ THẢO", align=_CENTRE, size=14, bold=True)
        for difference in figures["differences"]:
            _set(document.add_paragraph(), f"- {difference['sentence']}")
    _set(document.add_paragraph(), "BÁO CÁO", align=_CENTRE, size=14, bold=True)
    _set(document.add_paragraph(), sentences.subject, align=_CENTRE, bold=True)


def _body(document: Word, snapshot: ReportSnapshot, rates: Table) -> None:
    said = write_sentences(snapshot.figures)
    audit = audit_sentence(checked_at=snapshot.seal_checked_at, findings=snapshot.seal_findings)
    _heading(document, "I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI", _OWN)
    _heading(document, "II. KẾT QUẢ THỰC HIỆN")
    _heading(document, "1. Mở tài khoản cho đối tượng", said.accounts)
    _heading(document, "2. Chi trả không dùng tiền mặt", said.payments)
    _table(document, rates, width_mm=163, new_page=False)
    _heading(document, "3. Đối tượng chưa được chi trả, nguyên nhân", said.gap)
    _heading(document, "4. Làm sạch, xác thực dữ liệu", said.quality or "Trong kỳ chưa đo chất lượng dữ liệu.")
    _heading(document, "5. Cấp thẻ căn cước, tài khoản định danh điện tử", said.registers)
    _heading(document, "6. Kết quả đối chiếu số liệu", *(text for text in (said.tie_out, audit) if text))
    _heading(document, "III. KHÓ KHĂN, VƯỚNG MẮC VÀ NGUYÊN NHÂN", *[f"- {line}" for line in said.obstacles], _OWN)
    _heading(document, "IV. NHIỆM VỤ, GIẢI PHÁP TRONG THỜI GIAN TỚI", *[f"- {line}" for line in said.tasks], _OWN)
    _heading(document, "V. ĐỀ XUẤT, KIẾN NGHỊ", *[f"- {line}" for line in said.proposals], _OWN)


def _heading(document: Word, heading: str, *paragraphs: str) -> None:
    _set(document.add_paragraph(), heading, bold=True, keep=True)
    for text in paragraphs:
        paragraph = document.add_paragraph()
        _set(paragraph, text, italic=text == _OWN, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
        paragraph.paragraph_format.first_line_indent = Mm(10)


def _signature(document: Word, snapshot: ReportSnapshot) -> None:
    letter = letterhead(snapshot.figures)
    block = document.add_table(rows=1, cols=2)
    left, right = block.rows[0].cells
    _set(left.paragraphs[0], "Nơi nhận:", bold=True, italic=True, size=12)
    for line in letter["receivers"]:
        _set(left.add_paragraph(), f"- {line}", size=11)
    for nth, line in enumerate(letter["signer"]):
        _set(right.add_paragraph() if nth else right.paragraphs[0], line, align=_CENTRE, bold=True)
    _set(right.add_paragraph(), "(Ký, họ tên, đóng dấu)", align=_CENTRE, italic=True)


def _table(document: Word, table: Table, *, width_mm: float, new_page: bool) -> None:
    title = document.add_paragraph()
    _set(title, table.title, align=_CENTRE, bold=True, keep=True)
    title.paragraph_format.page_break_before = new_page and table.starts_page
    if table.unit_line:
        _set(document.add_paragraph(), table.unit_line, align=_RIGHT, italic=True, size=11, keep=True)
    size = (
        6.5
        if len(table.columns) > 15
        else 7.5
        if len(table.columns) > 11 or (not new_page and not table.landscape)
        else 9
    )
    element = word_table(table, width_mm=width_mm, points=size)
    document.element.body.insert_element_before(element, "w:sectPr")
    for note in table.notes:
        _set(document.add_paragraph(), note, size=10)


def _widths(columns: _Columns, shares: tuple[float, ...], width_mm: float) -> None:
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


def _set(
    paragraph: Paragraph, text: str, *, align: WD_ALIGN_PARAGRAPH = _LEFT, bold: bool = False, italic: bool = False, size: float = 13, keep: bool = False
) -> None:  # fmt: skip
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(3 if size >= 13 else 0)
    paragraph.paragraph_format.space_before = Pt(0)
    paragraph.paragraph_format.keep_with_next = keep


def _without_the_hour(content: bytes) -> bytes:
    """The same parts in the same order, without the moment they were packed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _FIXED_DAY), source.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()
