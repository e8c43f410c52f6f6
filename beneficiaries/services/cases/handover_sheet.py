"""The handover as a workbook to print and sign on paper too (biên bản bàn giao)."""

import io
from datetime import UTC

import xlsxwriter
from django.utils import timezone

from beneficiaries.models import Case, Handover, HandoverSignature, rule_of
from beneficiaries.services.cases.queue import age_in_days

HEADINGS = ("STT", "Việc", "Nguyên nhân", "Người hưởng", "Đơn vị", "Việc cần làm", "Thẩm quyền", "Hạn", "Số ngày tồn")
WIDTHS = (5, 24, 34, 26, 22, 60, 12, 12, 10)


def handover_sheet(*, handover: Handover) -> bytes:
    """A4 landscape: what is handed over as it was listed, and who signed when. Dates as people write them; no number of anybody."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": handover.listed_at.astimezone(UTC).replace(tzinfo=None)})
    title, head, cell = (
        book.add_format({"bold": True, "font_size": 14}),
        book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}),
        book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
    )
    sheet = book.add_worksheet("Bàn giao")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(4)
    sheet.write_string(0, 0, f"BIÊN BẢN BÀN GIAO VIỆC CẦN XỬ LÝ SỐ {handover.pk}", title)
    sheet.write_string(1, 0, f"Bên giao: {handover.giver.full_name}. Bên nhận: {handover.receiver.full_name}.")
    sheet.write_string(2, 0, f"Địa bàn: {handover.unit.name}. Số việc: {len(handover.case_ids)}. {handover.note}")
    for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(4, column, heading, head)
    cases = {
        case.pk: case for case in Case.objects.filter(pk__in=handover.case_ids).select_related("beneficiary", "unit")
    }
    listed_on = timezone.localdate(handover.listed_at)
    for row, pk in enumerate(handover.case_ids, start=5):
        case = cases[pk]
        rule = rule_of(case.kind, case.reason)
        texts = (
            case.get_kind_display(), rule.label, case.beneficiary.full_name, case.unit.name, rule.to_do, case.get_level_display(),
            f"{case.due_on:%d/%m/%Y}" if case.due_on else "",
        )  # fmt: skip
        sheet.write_number(row, 0, row - 4, cell)
        for column, text in enumerate(texts, start=1):
            sheet.write_string(row, column, text, cell)
        sheet.write_number(row, len(HEADINGS) - 1, age_in_days(case, today=listed_on), cell)
    last = 6 + len(handover.case_ids)
    for offset, signature in enumerate(handover.signatures.select_related("signer").order_by("pk")):
        side = HandoverSignature.Side(signature.side).label
        signed = timezone.localtime(signature.signed_at)
        sheet.write_string(last + offset, 0, f"{side}: {signature.signer.full_name}, ký lúc {signed:%H:%M %d/%m/%Y}")
    sheet.set_footer(f"&L&8Mã toàn vẹn {handover.digest[:16]}&R&8Trang &P/&N")
    book.close()
    return stream.getvalue()
