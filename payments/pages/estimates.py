"""Dự toán giao: lines of decisions, what they come to by unit, programme and source, and a new line."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from beneficiaries.models import Programme
from payments.api.estimates import BudgetEstimatesView
from staff.models import User
from staff.pages import Page, PageStep
from staff.pages.choices import units_below
from staff.pages.typed import read_typed
from staff.rights import Right, may


class EstimatesPage(Page):
    """Of one budget year (`?year=`), the newest decision first."""

    template_name = "payments/estimates.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        year = given.setdefault("year", str(timezone.localdate().year))
        actor = self.request.user
        return {
            "estimates": self.ask(BudgetEstimatesView, query=given),
            "year": year,
            "given": given,
            "units": units_below(actor) if isinstance(actor, User) else [],
            "programmes": list(Programme.objects.order_by("name").values_list("code", "name")),
            "may_record": isinstance(actor, User) and may(actor, Right.RECORD_ESTIMATE),
        }


class RecordEstimate(PageStep):
    """One line of a decision; the same again is the same line."""

    step, back, again = BudgetEstimatesView, "page-estimates", EstimatesPage

    def body(self, typed: QueryDict) -> QueryDict:
        """The sum as people write it; below zero takes back."""
        given = super().body(typed)
        read_typed(given, amounts=("amount",))
        return given

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return f"{super().then(data, address)}?year={data['year']}"

    def said(self, data: Any) -> str:
        return f"Đã ghi dự toán năm {data['year']} theo {data['document']}."
