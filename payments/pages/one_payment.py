"""One payment of a list: take the person off before it is sent, ask the bank not to pay after, say what a letter says became of it."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from payments.api.batches import BatchView
from payments.api.contradictions import ConfirmFindingView, FindingView
from payments.api.payments import BatchPaymentsView, StopView
from payments.api.signing_work import SlipsView, StopNoticeView
from payments.models import Finding
from payments.services.findings import contradicted_payments, may_be_found_wrong
from payments.services.papers import MAX_BYTES
from payments.states import BatchStatus, PaymentStatus
from staff.models import User
from staff.pages import FileStep, Page, PageFile, PageStep
from staff.pages.base import PageRefused
from staff.rights import Right, may


class PaymentPage(Page):
    """One payment, where it stands and what may be done about it."""

    template_name = "payments/payment.html"

    def content(self, **address: Any) -> dict[str, Any]:
        batch_id, payment_id = address["batch_id"], address["payment_id"]
        shown = self.ask(BatchView, query={}, batch_id=batch_id)
        found = self.ask(BatchPaymentsView, query={"id": payment_id}, batch_id=batch_id)["results"]
        if not found:
            raise Http404
        payment = found[0]
        slips = (self.ask_if_allowed(SlipsView, query={"batch": batch_id, "limit": 200}) or {"results": []})["results"]
        own = [slip for slip in slips if slip["payment"] == payment_id]
        actor = self.request.user
        stops = isinstance(actor, User) and may(actor, Right.STOP_PAYMENT)
        unsent = payment["status"] in (PaymentStatus.DRAFT, PaymentStatus.READY)
        waiting = any(not slip["refused_at"] and len(slip["signatures"]) < 2 for slip in own)
        return {
            "list": shown,
            "payment": payment,
            "slips": own,
            "signed": shown["status"] != BatchStatus.DRAFT,
            "sees_person": isinstance(actor, User) and may(actor, Right.SEE_ACCOUNTS),
            "may_stop": stops and unsent and not waiting,
            **self._letters(payment_id),
            "may_ask": stops and payment["status"] in (PaymentStatus.SENT, PaymentStatus.PROCESSING),
        }

    def _letters(self, payment_id: int) -> dict[str, Any]:
        """What the bank's or provider's letter may say of it, the one that waits for the second person, and whether that is who looks."""
        actor = self.request.user
        if not isinstance(actor, User) or not may(actor, Right.SETTLE_UNKNOWN):
            return {}
        asked = contradicted_payments(unit=actor.unit).filter(pk=payment_id).first()
        wrong = may_be_found_wrong(payment_id=payment_id)
        waiting = [one for one in asked.findings.all() if one.confirmed_at is None] if asked else []
        finding = waiting[-1] if waiting else None
        outcomes = [Finding.Outcome.LEFT_NOTHING] if wrong else list(Finding.Outcome)
        return {
            "outcomes": [(one.value, one.label) for one in outcomes] if asked or wrong else [],
            "found_wrong": wrong,
            "finding": finding,
            "may_confirm": finding is not None and finding.found_by_id != actor.pk and finding.found_role != actor.role,
        }


class PaymentStep(PageStep):
    """A step of one payment."""

    back, again = "page-payment", PaymentPage

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        return {"payment_id": address["payment_id"]}


class TakeOff(PaymentStep):
    """Off a list in draft at once, off a signed one by a slip."""

    step = StopView

    def said(self, data: Any) -> str:
        if data["status"] == PaymentStatus.CANCELLED:
            return "Đã rút tên khỏi danh sách."
        return "Đã lập phiếu rút tên, khoản chi được giữ lại; chờ kế toán trưởng và chủ tài khoản ký."


class AskToStop(PaymentStep):
    """A notice to bank or provider not to pay."""

    step = StopNoticeView
    done = "Đã lập thông báo dừng chi. Ngân hàng có thể đã trả tiền: kết quả theo trả lời của ngân hàng."


class PutLetter(FileStep, PaymentStep):
    """The letter of bank or provider, and what follows from it."""

    step, most_bytes = FindingView, MAX_BYTES
    done = "Đã đính kèm văn bản; chờ người khác ở vai trò khác xác nhận."


class ReadLetter(PageFile):
    """The letter that waits for the second person; where none does there is nothing to read."""

    view = FindingView

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The paper as it was received; that it was read is written down."""
        try:
            return super().get(request, **address)
        except PageRefused as refused:
            raise Http404 if refused.status == HTTPStatus.CONFLICT else refused from refused


class ConfirmLetter(PaymentStep):
    """The second person."""

    step = ConfirmFindingView
    done = "Đã xác nhận kết luận theo văn bản."
