"""Payments nobody can learn the end of, and payments of which two things were said: one puts the letter on file, another in another role ends it."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework.views import APIView

from beneficiaries.api.cases import CasesView
from beneficiaries.models import CaseKind
from payments.api.contradictions import ConfirmFindingView, ContradictedView, FindingView
from payments.api.unknown_outcomes import EndUnknownView, LetterView, TakeUnknownView, UnknownOutcomesView
from payments.models import Finding
from payments.services.learning.end_enquiry import NOT_BEFORE
from payments.services.signing.papers import MAX_BYTES
from payments.states import PaymentStatus
from staff.models import Role, User
from staff.pages import FileStep, Page, PageStep
from staff.rights import Right, may

ROLES, STATUSES, OUTCOMES = dict(Role.choices), dict(PaymentStatus.choices), dict(Finding.Outcome.choices)


class UnknownsPage(Page):
    """Both queues, the longest wait first."""

    template_name = "payments/unknowns.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor, now = self.request.user, timezone.now()
        settles = isinstance(actor, User) and may(actor, Right.SETTLE_UNKNOWN)
        role = actor.role if isinstance(actor, User) else ""
        name = actor.full_name if isinstance(actor, User) else ""
        unknown, told = self.ask(UnknownOutcomesView, query={"limit": 200}), self.ask(ContradictedView, query={"limit": 200})  # fmt: skip
        return {
            "unknown": [row | _unknown(row, role=role, settles=settles, now=now) for row in unknown["results"]],
            "told": [
                row
                | {
                    "status_label": STATUSES[row["status"]],
                    "outcome_label": OUTCOMES.get(row["outcome"], ""),
                    "role_label": ROLES.get(row["found_role"], ""),
                    "may_find": settles,
                    "may_confirm": settles and row["finding"] and row["found_role"] != role and row["found_by"] != name,
                }
                for row in told["results"]
            ],
            "not_seen": self.ask_if_allowed(CasesView, query={"kind": CaseKind.NOT_SEEN, "limit": 200}),
            "more": unknown["count"] + told["count"] - len(unknown["results"]) - len(told["results"]),
            "outcomes": Finding.Outcome.choices,
        }


def _unknown(row: dict[str, Any], *, role: str, settles: bool, now: datetime) -> dict[str, Any]:
    ends_at = datetime.fromisoformat(row["unknown_since"]) + NOT_BEFORE
    ready = bool(row["letter"]) and not row["mine"] and row["owner_role"] != role
    return {
        "role_label": ROLES.get(row["owner_role"], ""),
        "ends_at": ends_at,
        "may_print": settles and bool(row["owner"]),
        "may_take": settles and not row["owner"],
        "may_answer": settles and row["mine"],
        "may_read": settles and bool(row["letter"]),
        "may_end": settles and ready and now > ends_at,
        "too_early": settles and ready and now <= ends_at,
    }


class UnknownStep(PageStep):
    """A step of one payment, on the page of all."""

    back, again, row = "page-unknowns", UnknownsPage, "payment_id"

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}


class Take(UnknownStep):
    """It has an owner from now on."""

    step: type[APIView] = TakeUnknownView
    done = "Đã nhận tra soát; mời hỏi ngân hàng bằng văn bản rồi đính kèm văn bản trả lời."


class SendLetter(UnknownStep, FileStep):
    """The bank's letter; a wrong paper is replaced until the enquiry is ended."""

    step, most_bytes = LetterView, MAX_BYTES
    done = "Đã đính kèm văn bản của ngân hàng; chờ người ở vai trò khác kết luận."


class End(UnknownStep):
    """The bank's list is read afresh and has the last word."""

    step = EndUnknownView

    def said(self, data: Any) -> str:
        if data["never_had"]:
            return "Đã kết luận: ngân hàng không có lệnh này; tiền được chi lại bằng danh sách mới."
        return "Ngân hàng có lệnh này; đã ghi kết quả theo sổ của ngân hàng."


class SendFinding(UnknownStep, FileStep):
    """What bank or provider wrote, and what follows from it; counts for nothing until another confirms it."""

    step, most_bytes = FindingView, MAX_BYTES
    done = "Đã đính kèm văn bản và đề xuất kết luận; chờ người ở vai trò khác xác nhận."


class Confirm(UnknownStep):
    """The second person's yes to the very letter that was read."""

    step = ConfirmFindingView
    done = "Đã xác nhận kết luận theo văn bản."
