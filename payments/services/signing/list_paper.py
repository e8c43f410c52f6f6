"""The list as a PDF to sign, with the very text embedded of which the signed digest is the SHA-256."""

import hashlib
from collections.abc import Iterator

from django.db import connection
from django.utils.html import escape

from payments.models import Payment, PaymentBatch
from payments.money import format_amount
from payments.services.lists.budget_codes import codes_text
from payments.services.pdfs.pdf_embedded import EMBEDDED
from payments.states import Channel, PaymentStatus
from staff.printing import MOTTO, NATION, Embedded, archive_pdf

_PAGE = """<html lang="vi"><head><title>{title}</title><style>
@page {{ size: A4 landscape; margin: 18mm 15mm 16mm 20mm; @top-center {{ content: counter(page); font: 11pt AnSinhSerif }}
  @bottom-right {{ content: "Mã toàn vẹn {short} · trang " counter(page) "/" counter(pages); font: 8pt AnSinhSerif }} }}
@page :first {{ @top-center {{ content: none }} }}
body {{ font-family: AnSinhSerif; font-size: 10pt; margin: 0 }} h1 {{ font-size: 13pt; text-align: center; text-transform: uppercase }}
.head {{ width: 100%; border-collapse: collapse }} .head td {{ width: 50%; text-align: center; vertical-align: top; font-size: 11pt; line-height: 1.2 }}
pre {{ font-family: AnSinhMono; font-size: 8.5pt }}
.day {{ text-align: right; font-style: italic; margin: 6mm 0 0 }}
.end {{ break-inside: avoid; break-before: avoid }}
.sign {{ display: flex; justify-content: space-between; margin-bottom: 22mm; text-align: center }}
</style></head><body>
<table class="head"><tr><td><b class="agency">{agency}<span class="rule"></span></b></td><td>{nation}<br>{motto}</td></tr></table>
<h1>{title}</h1><p>{unit} · Nguồn kinh phí: {source} · {codes} · {channel}</p><pre>{lines}</pre>
<div class="end"><p>Tổng cộng: {people} người, {total} đồng.</p>
<p class="day">……………, ngày …… tháng …… năm ………</p>
<div class="sign"><p><b>NGƯỜI LẬP</b><br>(Ký, họ tên)</p>
<p><b>KẾ TOÁN TRƯỞNG</b><br>(Ký, họ tên)</p>
<p><b>THỦ TRƯỞNG ĐƠN VỊ</b><br>(Ký, họ tên, đóng dấu)</p></div></div>
</body></html>"""


def list_text(batch_id: int) -> bytes:
    """One line per payment: `ordinal|end-to-end id|person|đồng|keyed digest of the account, or cash|payee`; no number in clear."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_list_text(%s)", [batch_id])
        text: str = cursor.fetchone()[0]
    return text.encode()


def print_list(batch: PaymentBatch) -> bytes:
    """A plain PDF of the list (PDF/A-3) with its text embedded; `cycle`, `programme` and `paying_unit` are loaded."""
    text = list_text(batch.pk)
    payments = list(
        Payment.objects.filter(batch=batch)
        .exclude(status=PaymentStatus.CANCELLED)
        .select_related("beneficiary__unit")
        .order_by("ordinal")
    )
    page = _PAGE.format(
        title=escape(
            f"{(batch.follow_up or 'danh sách chi trả').capitalize()} {batch.programme.name} - kỳ {batch.cycle.month:%m/%Y}"
        ),
        agency=escape(f"UBND {batch.paying_unit.name}".upper()),
        nation=NATION,
        motto=MOTTO,
        short=hashlib.sha256(text).hexdigest()[:16],
        unit=escape(batch.paying_unit.name),
        source=escape(batch.budget_source),
        codes=codes_text(
            unit=batch.paying_unit,
            programme_id=batch.programme_id,
            budget_source=batch.budget_source,
            year=batch.cycle.month.year,
        ),
        channel=Channel(batch.channel).label,
        lines=escape("\n".join(_lines(payments))),
        people=len(payments),
        total=format_amount(sum(payment.amount for payment in payments)),
    )
    embedded = Embedded(name=EMBEDDED, description="Dữ liệu của danh sách", content=text, modified=batch.status_at)
    return archive_pdf(page, identifier=hashlib.sha256(text).digest(), files=[embedded], accessible=False)


def _lines(payments: list[Payment]) -> Iterator[str]:
    yield f"{'STT':>5}  {'Họ và tên':<34} {'Năm sinh':<9} {'Xã, phường':<28} {'Số tiền':>14}  Người nhận"
    for payment in payments:
        person = payment.beneficiary
        yield (
            f"{payment.ordinal:>5}  {person.full_name:<34} {person.birth_year or '':<9} {person.unit.name:<28} "
            f"{format_amount(payment.amount):>14}  {payment.payee_name}"
        )
