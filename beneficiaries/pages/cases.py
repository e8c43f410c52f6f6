"""Cases: the queue, one case with its evidence and trail, and its steps as buttons."""

import re
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from beneficiaries.api.case_steps import (
    ConfirmView,
    DeclineView,
    EscalateView,
    GiveBackView,
    IdentifyView,
    NotTheSameView,
    RejectView,
    ReopenView,
    SamePersonView,
    SettleView,
    TakeView,
)
from beneficiaries.api.cases import CaseCountsView, CasesTodayView, CasesView, CaseView, PilesView
from beneficiaries.models import LIVE, CaseKind, CaseStatus, Level
from staff.models import User
from staff.pages import OneOfForms, Page
from staff.pages.typed import read_typed
from staff.rights import Right, may

OF_API = re.compile(r"(\d{4})-(\d{2})-01")


class CasesPage(Page):
    """The queue, what one may decide first, easy first; filters stand in the address."""

    template_name = "beneficiaries/cases.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given: dict[str, Any] = {name: value for name, value in self.request.GET.items() if value}
        today = given.pop("today", "")
        paging: dict[str, Any] = {name: value for name, value in given.items() if name in ("limit", "offset")}
        return {
            "cases": self.ask(CasesTodayView, query=paging) if today else self.ask(CasesView, query=given),
            "counts": self.ask(CaseCountsView, query={}),
            "piles": (self.ask_if_allowed(PilesView, query={}) or [])[:10],
            "kinds": CaseKind.choices,
            "statuses": CaseStatus.choices,
            "levels": Level.choices,
            "given": given,
            "today": today,
        }


class CasePage(Page):
    """One case."""

    template_name = "beneficiaries/case.html"

    def content(self, **address: Any) -> dict[str, Any]:
        case_id: int = address["case_id"]
        case = self.ask(CaseView, case_id=case_id)
        actor = self.request.user
        decides = isinstance(actor, User) and may(actor, Right.DECIDE_CASE)
        confirms = isinstance(actor, User) and may(actor, Right.CONFIRM_CASE)
        statuses, levels = dict(CaseStatus.choices), dict(Level.choices)
        trail = [
            step | {"status": statuses.get(step["status_after"], ""), "level": levels.get(step["level_after"], "")}
            for step in case["trail"]
        ]
        live = case["status"] in LIVE
        of_another = bool(case["owner"]) and not case["mine"]
        return {
            "case": case,
            "trail": trail,
            "levels": Level.choices,
            "sees_person": isinstance(actor, User) and may(actor, Right.SEE_ACCOUNTS),
            "finds_residents": live and isinstance(actor, User) and may(actor, Right.FIND_RESIDENTS),
            "may_take": decides and live and case["within_authority"] and not case["mine"],
            "of_another": decides and live and of_another,
            "may_decide": decides and not of_another and case["status"] in (CaseStatus.OPEN, CaseStatus.ESCALATED),
            "may_give_back": decides and not of_another and case["status"] == CaseStatus.ESCALATED,
            "may_reopen": decides and not live and bool(case["solutions"]),
            "may_confirm": confirms and case["status"] == CaseStatus.PROPOSED,
            "solved_by": {str(solution): True for solution in case["solutions"]},
        }


DECIDED_BY = ("xong", "khong-chap-nhan", "bao-cao", "xac-dinh", "khac-nguoi", "mot-nguoi", "de-nghi-gui-lai")
SHOWN_BY = dict.fromkeys(DECIDED_BY, "may_decide") | {
    "nhan": "may_take",
    "tra-lai": "may_give_back",
    "mo-lai": "may_reopen",
    "xac-nhan": "may_confirm",
    "khong-dong-y": "may_confirm",
    "gui-lai": "may_confirm",
}


@method_decorator(sensitive_post_parameters("number"), name="dispatch")
class CaseStep(OneOfForms):
    """A step of one case."""

    back, again, shown_by = "page-case", CasePage, SHOWN_BY
    secrets: ClassVar[frozenset[str]] = frozenset({"number"})

    def body(self, typed: QueryDict) -> QueryDict:
        """A month as people write it; the API names it by its first day."""
        given = super().body(typed)
        if "from_month" in given:
            read_typed(given, months=("from_month",))
            given["from_month"] = f"{given['from_month']}-01"
        return given

    def beside(self, content: dict[str, Any]) -> dict[str, Any]:
        """The month as it was typed."""
        typed = dict(content["typed"])
        if month := str(typed.get("from_month", "")):
            found = OF_API.fullmatch(month)
            typed["from_month"] = f"{found[2]}/{found[1]}" if found else month.removesuffix("-01")
        return super().beside(content) | {"typed": typed}


STEPS: dict[str, tuple[type[Any], str]] = {
    "nhan": (TakeView, "Đã nhận việc."),
    "xong": (SettleView, "Đã ghi kết quả."),
    "khong-chap-nhan": (RejectView, "Đã ghi: không chấp nhận."),
    "bao-cao": (EscalateView, "Đã báo cáo cấp có thẩm quyền."),
    "tra-lai": (GiveBackView, "Đã trả lại cấp dưới."),
    "mo-lai": (ReopenView, "Đã mở lại."),
    "xac-dinh": (IdentifyView, "Đã xác định người."),
    "khac-nguoi": (NotTheSameView, "Đã ghi: hai người khác nhau."),
    "mot-nguoi": (SamePersonView, "Đã đề xuất thôi hưởng một hồ sơ, chờ người thứ hai xác nhận."),
    "xac-nhan": (ConfirmView, "Đã xác nhận đề xuất."),
    "khong-dong-y": (DeclineView, "Đã ghi: không đồng ý đề xuất."),
}
