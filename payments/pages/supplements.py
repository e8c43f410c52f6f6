"""Supplementary lists on a page: who waits for one, what it would be, and making just that."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from beneficiaries.models import Reason
from payments.api.cycle_closing import CycleClosingView
from payments.api.supplements import MOST_SHOWN, SupplementsView
from payments.pages.grants import builds_grants
from payments.states import Channel
from staff.pages import Page, PageStep
from staff.pages.kept import kept_result, show_later

TRIED = "tried-supplement"
REASONS, CHANNELS = dict(Reason.choices), dict(Channel.choices)


class SupplementPage(Page):
    """One month: whom no list has answered, and the preview that was asked for."""

    template_name = "payments/supplement.html"

    def content(self, **address: Any) -> dict[str, Any]:
        month: str = address["month"]
        kept = kept_result(self.request, purpose=TRIED)
        tried = kept.pop("tried", None) if kept.get("of") == month else None
        return kept | {
            "month": month,
            "closing": self.ask(CycleClosingView, month=month),
            "builds": builds_grants(self.request.user),
            "tried": tried and tried | {"lines": [_in_words(line) for line in tried["lines"]]},
            "most": MOST_SHOWN,
        }


class TrySupplement(PageStep):
    """Nothing is written; what would be, is shown with its digest."""

    step, back, again = SupplementsView, "page-supplement", SupplementPage

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        result = {"tried": data, "of": address["month"]}
        return show_later(self.request, page=self.then(data, address), purpose=TRIED, result=result)


class MakeSupplement(PageStep):
    """Just what was seen; then the lists, which are signed like any others."""

    step, back, again = SupplementsView, "page-supplement", SupplementPage

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return f"{reverse('page-lists')}?cycle={address['month']}&status=DRAFT"

    def said(self, data: Any) -> str:
        if not data["lists"]:
            return "Đã ghi câu trả lời cho từng người; không ai được chi nên không có danh sách nào."
        return f"Đã lập {data['lists']} danh sách bổ sung, {data['payable']} người; bước tiếp theo: xem từng danh sách rồi ký trình."


def _in_words(line: dict[str, Any]) -> dict[str, Any]:
    return line | {
        "channel_label": CHANNELS.get(line["channel"], ""),
        "cash_label": REASONS.get(line["cash_reason"], ""),
        "through_head": bool(line["payee"]) and line["payee"] != line["full_name"],
    }
