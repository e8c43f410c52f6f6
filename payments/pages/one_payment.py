"""One payment of a list: take the person off before it is sent, ask the bank not to pay after, take back that it arrived."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from payments.api.batches import BatchView
from payments.api.contradictions import FindingView
from payments.api.payments import BatchPaymentsView, StopView
from payments.api.row_notes import NextMonthView, PutBackView, RowNoteView
from payments.api.signing_work import SlipsView, StopNoticeView
from payments.models import Payment, RowNote
from payments.pages.shut_banks import shut_banks
from payments.services.learning.findings import contradicted_payments, may_be_found_wrong
from payments.services.learning.tracing import MAY_ASK, Question, question_about
from payments.services.lists.put_back import may_be_put_back
from payments.services.lists.row_notes import MAY_WRITE
from payments.services.signing.papers import MAX_BYTES
from payments.states import BatchStatus, PaymentStatus
from staff.models import User
from staff.pages import FileStep, Page, PageStep
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
            "shut": shut_banks(Payment.objects.filter(pk=payment_id))
            if payment["status"] == PaymentStatus.READY
            else [],
            "signed": shown["status"] != BatchStatus.DRAFT,
            "sees_person": isinstance(actor, User) and may(actor, Right.SEE_ACCOUNTS) and may(actor, Right.SEE_PERSONS),
            "may_note": isinstance(actor, User) and any(may(actor, right) for right in MAY_WRITE),
            "may_leave": stops and payment["status"] == PaymentStatus.DRAFT and shown["status"] == BatchStatus.DRAFT,
            "left": may_be_put_back(payment_id=payment_id),
            "may_put_back": stops and shown["status"] == BatchStatus.DRAFT,
            "grounds": RowNote.Ground.choices,
            "may_stop": stops and unsent and not waiting,
            **self._letters(payment_id),
            "asked": self._asked(payment_id),
            "may_ask": stops and payment["status"] in (PaymentStatus.SENT, PaymentStatus.PROCESSING),
        }

    def _asked(self, payment_id: int) -> Question | None:
        """What is being asked about it, for who may send bank or provider the letter."""
        actor = self.request.user
        if not isinstance(actor, User) or not any(may(actor, right) for right in MAY_ASK):
            return None
        return question_about(Payment.objects.get(pk=payment_id))

    def _letters(self, payment_id: int) -> dict[str, Any]:
        """Whether a letter may take back that it arrived; what waits for a letter, or for its second person, is in the queue of them all."""
        actor = self.request.user
        if not isinstance(actor, User) or not may(actor, Right.SETTLE_UNKNOWN):
            return {}
        return {
            "found_wrong": may_be_found_wrong(payment_id=payment_id),
            "told_twice": contradicted_payments(unit=actor.unit).filter(pk=payment_id).exists(),
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


class WriteNote(PaymentStep):
    """A note beside the row."""

    step = RowNoteView
    done = "Đã ghi chú."


class LeaveForNextMonth(PaymentStep):
    """Off the list in draft, with the next month's."""

    step = NextMonthView
    done = "Đã để kỳ sau: người này ra khỏi danh sách, tiền của kỳ này trả cùng kỳ sau."


class PutBack(PaymentStep):
    """On the list in draft again, as a line of its own."""

    step = PutBackView
    done = "Đã đưa lại danh sách: người này được chi kỳ này, ở dòng mới cuối danh sách."

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return reverse("page-payment", args=[address["batch_id"], data["id"]])


class AskToStop(PaymentStep):
    """A notice to bank or provider not to pay."""

    step = StopNoticeView
    done = "Đã lập thông báo dừng chi. Ngân hàng có thể đã trả tiền: kết quả theo trả lời của ngân hàng."


class TakeBack(FileStep, PaymentStep):
    """Another letter of bank or provider: that it did not arrive."""

    step, most_bytes = FindingView, MAX_BYTES
    done = "Đã đính kèm văn bản; chờ người khác ở vai trò khác xác nhận."
