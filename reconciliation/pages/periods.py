"""Closing a month: what stands in the way, by name and with the way there; what goes over into the next month; reopening by decision."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from payments.api.cycle_closing import CycleClosingView
from payments.api.cycles import CyclesView
from payments.api.decisions import CloseCycleView
from reconciliation.api.periods import ClosePeriodView, PeriodStatesView, PeriodView, ReopenPeriodView
from reconciliation.errors import PeriodNotExplained
from staff.models import AdministrativeUnit, User
from staff.pages import Page, PageStep
from staff.pages.wording import Fault
from staff.rights import Right, may

NOTE = "note-"
MISSING = "Chênh lệch số {id}: xử lý, hoặc ghi lý do chuyển sang kỳ sau."


class PeriodsPage(Page):
    """Every funding account in one month, and the payment month itself."""

    template_name = "reconciliation/periods.html"

    def content(self, **address: Any) -> dict[str, Any]:
        cycles = (self.ask_if_allowed(CyclesView, query={"limit": 24}) or {"results": []})["results"]
        newest = cycles[0]["month"] if cycles else f"{timezone.localdate():%Y-%m}"
        month = self.request.GET.get("month") or newest
        actor = self.request.user
        return {
            "month": month,
            "months": [cycle["month"] for cycle in cycles],
            "states": self.ask(PeriodStatesView, query={}, month=month),
            "closing": self.ask_if_allowed(CycleClosingView, query={}, month=month),
            "may_close_cycle": isinstance(actor, User)
            and may(actor, Right.CLOSE_CYCLE)
            and actor.unit is not None
            and actor.unit.kind == AdministrativeUnit.Kind.PROVINCE,
        }


class PeriodPage(Page):
    """One account in one month."""

    template_name = "reconciliation/period.html"

    def content(self, **address: Any) -> dict[str, Any]:
        period = self.ask(PeriodView, query={}, **address)
        typed = self.request.POST  # empty unless the form came back with a refusal
        actor, state = self.request.user, period["state"]
        in_the_way = period["earlier_open"] or not state["covered"] or state["unsettled"]
        return {
            "period": period,
            "differences": [row | {"typed": typed.get(f"{NOTE}{row['id']}", "")} for row in period["differences"]],
            "state": state,
            "may_close": isinstance(actor, User) and may(actor, Right.RECONCILE) and not state["closed"],
            "ready": not in_the_way,
            "may_reopen": isinstance(actor, User) and may(actor, Right.REOPEN_PERIOD) and state["closed"],
        }


class ClosePeriod(PageStep):
    """Closed with each difference that goes over named, and why."""

    step, back, again = ClosePeriodView, "page-period", PeriodPage
    done = "Đã khóa kỳ. Muốn ghi thêm vào kỳ này phải có quyết định mở lại."

    def body(self, typed: QueryDict) -> QueryDict:
        """The notes beside the differences as the list the API takes."""
        given = typed.copy()
        notes = [(name.removeprefix(NOTE), str(typed[name])) for name in typed if name.startswith(NOTE) and typed[name]]
        for place, (discrepancy, note) in enumerate(notes):
            given[f"carried[{place}]discrepancy"], given[f"carried[{place}]note"] = discrepancy, note
        return given

    def faults(self, said: dict[str, Any], address: dict[str, Any]) -> list[Fault]:
        """Each difference nobody explained leads to its field."""
        if said["code"] == PeriodNotExplained.code:
            return [Fault(f"{NOTE}{one}", MISSING.format(id=one)) for one in said["conflicts"]]
        return super().faults(said, address)


class ReopenPeriod(PageStep):
    """By a decision that stays with the month."""

    step, back, again = ReopenPeriodView, "page-period", PeriodPage
    done = "Đã mở lại kỳ theo quyết định."


class CloseCycle(PageStep):
    """What changes later goes with the next list."""

    step, back = CloseCycleView, "page-periods"
    done = "Đã khóa kỳ chi trả; thay đổi về sau vào danh sách sau."

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return f"{super().then(data, address)}?month={address['month']}"
