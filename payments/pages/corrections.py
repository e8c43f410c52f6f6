"""Sửa hồ sơ: those that wait for a second person; one person's record with the form to have it put right, and every correction of it."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from beneficiaries.api.reach import people_in_reach
from beneficiaries.models import Correction, CorrectionPaper, Sex
from beneficiaries.services.accounts.register_slip import MAX_SCAN_BYTES
from beneficiaries.states import CorrectionStatus
from payments.api.correction_papers import CorrectionPaperView
from payments.api.corrections import (
    SENSITIVE,
    ConfirmCorrectionView,
    CorrectionsView,
    CorrectionView,
    PersonCorrectionsView,
    RefuseCorrectionView,
    WithdrawCorrectionView,
)
from staff.models import User
from staff.pages import FileStep, OneOfForms, Page, PageStep
from staff.rights import Right, may


class CorrectionsPage(Page):
    """The subtree's corrections, those that wait first."""

    template_name = "payments/corrections.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        return {
            "corrections": self.ask(CorrectionsView, query=given),
            "statuses": CorrectionStatus.choices,
            "given": given,
        }


class CorrectionPage(Page):
    """One correction, with what follows from it."""

    template_name = "payments/correction.html"

    def content(self, **address: Any) -> dict[str, Any]:
        correction = self.ask(CorrectionView, correction_id=address["correction_id"])
        actor = self.request.user
        waits = correction["status"] == CorrectionStatus.PROPOSED
        own = isinstance(actor, User) and Correction.objects.filter(pk=correction["id"], proposed_by=actor).exists()
        return {
            "one": correction,
            "may_decide": waits and isinstance(actor, User) and may(actor, Right.CONFIRM_CORRECTION) and not own,
            "may_send_paper": waits and isinstance(actor, User) and may(actor, Right.CORRECT_RECORD) and own,
            "may_withdraw": waits and isinstance(actor, User) and may(actor, Right.CORRECT_RECORD) and own,
        }


class RecordPage(Page):
    """What stands about one person, and the form to propose what should."""

    template_name = "payments/record.html"

    def content(self, **address: Any) -> dict[str, Any]:
        beneficiary_id: int = address["beneficiary_id"]
        actor = self.request.user
        history = self.ask(PersonCorrectionsView, beneficiary_id=beneficiary_id)
        person = get_object_or_404(people_in_reach(actor), pk=beneficiary_id) if isinstance(actor, User) else None
        waiting = next((row for row in history if row["status"] == CorrectionStatus.PROPOSED), None)
        return {
            "person": person,
            "sex": Sex(person.sex).label if person else "",
            "history": history,
            "waiting": waiting,
            "papers": CorrectionPaper.choices,
            "sexes": Sex.choices,
            "case_id": self.request.GET.get("viec", ""),
            "may_find": isinstance(actor, User) and may(actor, Right.FIND_RESIDENTS),
            "may_propose": isinstance(actor, User) and may(actor, Right.CORRECT_RECORD) and waiting is None,
        }


@method_decorator(sensitive_post_parameters(*SENSITIVE), name="dispatch")
class Propose(PageStep):
    """Put before a second person."""

    step, back, again = PersonCorrectionsView, "page-record", RecordPage
    secrets: ClassVar[frozenset[str]] = frozenset({"number"})
    done = "Đã ghi đề nghị sửa hồ sơ; hồ sơ chỉ được sửa khi người thứ hai xác nhận."


class SendPaper(FileStep):
    """The scanned paper, for the second person."""

    step, back, most_bytes = CorrectionPaperView, "page-correction", MAX_SCAN_BYTES
    done = "Đã lưu bản quét giấy tờ; người xác nhận xem được."


SHOWN_BY = {"xac-nhan": "may_decide", "khong-chap-nhan": "may_decide", "rut": "may_withdraw"}


class Decide(OneOfForms):
    """A step of one correction."""

    back, again = "page-correction", CorrectionPage
    shown_by = SHOWN_BY


STEPS: dict[str, tuple[type[Any], str]] = {
    "xac-nhan": (ConfirmCorrectionView, "Đã xác nhận; hồ sơ đã được sửa."),
    "khong-chap-nhan": (RefuseCorrectionView, "Đã ghi: không chấp nhận; hồ sơ giữ nguyên."),
    "rut": (WithdrawCorrectionView, "Đã rút đề nghị; hồ sơ giữ nguyên."),
}
