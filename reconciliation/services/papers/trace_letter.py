"""Phiếu tra soát (PDF), in the form of Decree 30/2020: what bank or provider is asked about one payment, from the enquiry that is open about it."""

import hashlib
import json
from dataclasses import asdict
from datetime import UTC, datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from beneficiaries.services.accounts.banks import bank_name
from beneficiaries.services.numbers import last_four_of
from payments.models import HandOver, Payment
from payments.money import format_amount
from payments.services.learning.tracing import MAY_ASK, question_about
from payments.states import Channel
from reconciliation.errors import NothingToTrace
from reconciliation.models import IssuedPaper
from reconciliation.reports.sentences import amount_in_words, capitalised
from reconciliation.services.papers.issue_papers import issued
from staff.models import User
from staff.printing import archive_pdf
from staff.rights import Right, may, require

TEMPLATE = "reconciliation/trace_letter.html"
RIGHTS = MAY_ASK


@transaction.atomic
def print_trace_letter(*, payment_id: int, actor: User, now: datetime) -> bytes:
    """The PDF; that it was printed, for whom and when, is written down, and the paper is known again. Blank are number, date and signatures.

    For whoever ends enquiries, or decides cases, where the payment lies. Raises `NothingToTrace`, `NotAllowed`, `Payment.DoesNotExist`.
    """
    related = ("batch__paying_unit", "batch__cycle", "batch__funding_account", "beneficiary__unit", "bank_account")
    payment = Payment.objects.select_related(*related).get(pk=payment_id)
    unit = payment.batch.paying_unit if actor.reaches(payment.batch.paying_unit) else payment.beneficiary.unit
    right = next((one for one in RIGHTS if may(actor, one)), RIGHTS[0])
    require(actor, right, unit=unit)
    require(actor, Right.SEE_PERSONS, unit=unit)
    question = question_about(payment)
    if question is None:
        raise NothingToTrace(conflicts=[payment.end_to_end_id])
    facts = _facts(payment)
    said = {"unit": unit.code, "facts": facts, "question": asdict(question), "at": now, "for": actor.pk}
    digest = hashlib.sha256(json.dumps(said, default=str, ensure_ascii=False).encode()).hexdigest()
    html = render_to_string(
        TEMPLATE,
        {
            "unit": unit, "unit_name": capitalised(unit.name), "facts": facts, "question": question, "asked_of": _asked_of(payment), "now": now,
            "cash": payment.batch.channel == Channel.CASH, "digest": digest, "code": digest[:12],
            "created": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    )  # fmt: skip
    pdf = archive_pdf(html, identifier=bytes.fromhex(digest))
    issued(
        kind=IssuedPaper.Kind.TRACE, name=f"tra-soat-{payment.end_to_end_id}", digest=digest, lines=1, pdf=pdf, unit=unit, actor=actor, now=now,
        month=payment.batch.cycle.month, purpose=question.why,
    ).save()  # fmt: skip
    return pdf


def _facts(payment: Payment) -> list[tuple[str, str]]:
    """What names the payment to whoever carried it out; of the account its last four digits, the reference names the rest."""
    batch, account = payment.batch, payment.bank_account
    sent = payment.first_used_at or payment.bank_created_at
    rows = [
        ("Mã lệnh, mã khoản chi", payment.end_to_end_id),
        ("Mã tham chiếu của bên trả lời", payment.bank_reference or "chưa có"),
        ("Danh sách", f"kỳ tháng {batch.cycle.month:%m/%Y}, số {batch.pk}, dòng {payment.ordinal}"),
        ("Số tiền", f"{format_amount(payment.amount)} đồng"),
        ("Bằng chữ", f"{amount_in_words(payment.amount)}."),
        ("Người thụ hưởng", payment.payee_name),
        (
            "Nơi nhận",
            f"{bank_name(account.bank_bin)}, tài khoản có 4 số cuối {last_four_of(account)}" if account else "tiền mặt",
        ),
        ("Tài khoản chi", batch.funding_account.code if batch.funding_account else "–"),
        ("Gửi lúc", f"{timezone.localtime(sent):%H:%M ngày %d/%m/%Y}" if sent else "theo danh sách đã giao"),
        ("Đang ghi trên hệ thống", payment.get_status_display()),
    ]
    if payment.credited_on:
        rows.append(("Ngày ghi có theo kết quả đã báo", f"{payment.credited_on:%d/%m/%Y}"))
    return rows


def _asked_of(payment: Payment) -> str:
    """Who carried it out, as far as that is written down."""
    handed = HandOver.objects.filter(batch=payment.batch).select_related("provider").order_by("-pk").first()
    if handed is not None:
        return handed.provider.name if handed.provider else "Tổ chức dịch vụ chi trả"
    account = payment.batch.funding_account
    return f"Ngân hàng giữ tài khoản chi trả {account.code}" if account else "Tổ chức dịch vụ chi trả"
