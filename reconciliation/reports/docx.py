"""A snapshot as a Word document the office edits, numbers and signs in its own system: same sentences, same tables, number and date left blank."""

from datetime import UTC

from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from reconciliation.models import ReportSnapshot
from reconciliation.reports.letterhead import letterhead, place_of
from reconciliation.reports.tables import Table, report_tables
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
from reconciliation.reports.wording import audit_sentence, write_sentences

_OWN = "(Cơ quan báo cáo bổ sung)"


def render_docx(*, snapshot: ReportSnapshot) -> bytes:
    """The report as .docx (Times New Roman). The same snapshot gives the same bytes; the full digest stands in the file's properties."""
    document = new_document()
    _prepare(document, snapshot)
    _opening(document, snapshot)
    rates, *annexes = report_tables(snapshot.figures)
    _body(document, snapshot, rates)
    _signature(document, snapshot)
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(20), Mm(15)
    section.different_first_page_header_footer = False
    for nth, table in enumerate(annexes):
        _table(document, table, width_mm=262, new_page=bool(nth))
    return saved(document)


def _prepare(document: Word, snapshot: ReportSnapshot) -> None:
    created = snapshot.created_at.astimezone(UTC).replace(tzinfo=None)
    properties, sentences = document.core_properties, write_sentences(snapshot.figures)
    properties.title, properties.author = sentences.subject, str(snapshot.figures["agency"]["name"])
    properties.comments, properties.language = f"Mã số liệu {snapshot.digest}", "vi-VN"
    properties.created = properties.modified = created
    properties.last_modified_by = ""
    number_pages(document.sections[0], footer=f"{sentences.closing_line} · Mã số liệu {snapshot.digest[:12]}")


def _opening(document: Word, snapshot: ReportSnapshot) -> None:
    figures, sentences = snapshot.figures, write_sentences(snapshot.figures)
    letter = letterhead(figures)
    head = document.add_table(rows=2, cols=2)
    set_widths(head.columns, (0.43, 0.57), 163)
    left, right = head.rows[0].cells
    above = [(str(letter["above"]).upper(), False)] if letter["above"] else []
    for nth, (line, bold) in enumerate([*above, (str(letter["name"]).upper(), True)]):
        write(left.add_paragraph() if nth else left.paragraphs[0], line, align=CENTRE, size=12, bold=bold)
    write(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", align=CENTRE, size=12, bold=True)
    write(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", align=CENTRE, size=13, bold=True)
    rule_below(left, cell_mm=70, line_mm=24)
    rule_below(right, cell_mm=93, line_mm=52)
    number, dated = head.rows[1].cells
    write(number.paragraphs[0], f"Số:         /BC-{letter['symbol']}", align=CENTRE)
    place = place_of(str(figures["unit"]["name"]))
    write(dated.paragraphs[0], f"{place}, ngày      tháng      năm 20  ", align=CENTRE, italic=True)
    if not snapshot.ties_out:
        write(document.add_paragraph(), "SỐ LIỆU CHƯA KHỚP – BẢN DỰ THẢO", align=CENTRE, size=14, bold=True)
        for difference in figures["differences"]:
            write(document.add_paragraph(), f"- {difference['sentence']}")
    write(document.add_paragraph(), "BÁO CÁO", align=CENTRE, size=14, bold=True)
    write(document.add_paragraph(), sentences.subject, align=CENTRE, bold=True)


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
    _heading(document, "V. ĐỀ XUẤT, KIẾN NGHỊ", *[f"- {line}" for line in said.proposals], _OWN, to_signature=True)


def _heading(document: Word, heading: str, *paragraphs: str, to_signature: bool = False) -> None:
    """The last lines before the signatures stay with them: no office sends a page with signatures alone."""
    head = document.add_paragraph()
    write(head, heading, bold=True, keep=True)
    head.paragraph_format.space_before = Pt(4)  # a table that ends above it leaves none
    for text in paragraphs:
        paragraph = document.add_paragraph()
        write(paragraph, text, italic=text == _OWN, align=WD_ALIGN_PARAGRAPH.JUSTIFY, keep=to_signature)
        paragraph.paragraph_format.first_line_indent = Mm(10)


def _signature(document: Word, snapshot: ReportSnapshot) -> None:
    letter = letterhead(snapshot.figures)
    block = document.add_table(rows=1, cols=2)
    left, right = block.rows[0].cells
    write(left.paragraphs[0], "Nơi nhận:", bold=True, italic=True, size=12)
    for line in letter["receivers"]:
        write(left.add_paragraph(), f"- {line}", size=11)
    for nth, line in enumerate(letter["signer"]):
        write(right.add_paragraph() if nth else right.paragraphs[0], line, align=CENTRE, bold=True)
    write(right.add_paragraph(), "(Ký, họ tên, đóng dấu)", align=CENTRE, italic=True)
    keep_rows_whole(block)


def _table(document: Word, table: Table, *, width_mm: float, new_page: bool) -> None:
    title = document.add_paragraph()
    write(title, table.title, align=CENTRE, bold=True, keep=True)
    title.paragraph_format.page_break_before = new_page and table.starts_page
    if table.unit_line:
        write(document.add_paragraph(), table.unit_line, align=RIGHT, italic=True, size=11, keep=True)
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
        write(document.add_paragraph(), note, size=10)
