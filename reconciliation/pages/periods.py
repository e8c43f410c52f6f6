"""Closing a month: what stands in the way, by name and with the way there; what goes over into the next month; reopening by decision."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone
from rest_framework.views import APIView

from payments.api.cycle_closing import CycleClosingView
from payments.api.cycles import CyclesView
from payments.api.decisions import CloseCycleView
from payments.services.signing.papers import MAX_BYTES
from reconciliation.api.minutes import JournalExportView, MinutesPaperView, MinutesWordView, MinutesWorkbookView
from reconciliation.api.periods import ClosePeriodView, PeriodStatesView, PeriodView, ReopenPeriodView
from reconciliation.api.signed_minutes import SignedMinutesView
from reconciliation.errors import PeriodNotExplained
from staff.models import AdministrativeUnit, User
from staff.pages import FileStep, Page, PageStep
from staff.pages.wording import Fault
from staff.rights import Right, may

NOTE = "note-"
PAPERS: dict[str, tuple[type[APIView], str]] = {
    "bien-ban": (MinutesPaperView, "PDF để ký"),
    "bien-ban-word": (MinutesWordView, "Word"),
    "bien-ban-excel": (MinutesWorkbookView, "Excel"),
    "but-toan": (JournalExportView, "Bút toán trong tháng (Excel)"),
}
MISSING = "Chênh lệch số {id}: xử lý, hoặc ghi lý do chuyển sang kỳ sau."


class PeriodsPage(Page):
    """Every funding account in one month, and the payment month itself."""

    template_name = "reconciliation/periods.html"

    def content(self, **address: Any) -> dict[str, Any]:
        cycles = (self.ask_if_allowed(CyclesView, query={"limit": 24}) or {"results": []})["results"]
        newest = cycles[0]["month"] if cycles else f"{timezone.localdate():%Y-%m}"
        asked = self.request.GET.get("month")
        month, states = (asked, self._states(asked)) if asked else self._first_open(newest)
        actor = self.request.user
        return {
            "month": month,
            "months": sorted({month, *(cycle["month"] for cycle in cycles)}, reverse=True),
            "states": states,
            "closing": self.ask_if_allowed(CycleClosingView, query={}, month=month),
            "may_close_cycle": isinstance(actor, User)
            and may(actor, Right.CLOSE_CYCLE)
            and actor.unit is not None
            and actor.unit.kind == AdministrativeUnit.Kind.PROVINCE,
        }

    def _states(self, month: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(PeriodStatesView, query={}, month=month)
        return found

    def _first_open(self, newest: str) -> tuple[str, list[dict[str, Any]]]:
        """Months are closed in their order, so work begins at the first that is open; the newest when none before it is."""
        states = self._states(newest)
        waiting = [one["open_before"] for one in states if one["open_before"]]
        return (min(waiting), self._states(min(waiting))) if waiting else (newest, states)


class PeriodPage(Page):
    """One account in one month."""

    template_name = "reconciliation/period.html"

    def content(self, **address: Any) -> dict[str, Any]:
        period = self.ask(PeriodView, query={}, **address)
        typed = self.request.POST  # empty unless the form came back with a refusal
        actor, state = self.request.user, period["state"]
        carried = {one["discrepancy"]: one for one in period["carried"]}
        in_the_way = period["earlier_open"] or not state["covered"] or state["unsettled"]
        return {
            "period": period,
            "differences": [
                row | {"typed": typed.get(f"{NOTE}{row['id']}", ""), "carried": carried.get(row["id"])}
                for row in period["differences"]
            ],
            "state": state,
            "may_close": isinstance(actor, User) and may(actor, Right.RECONCILE) and not state["closed"],
            "ready": not in_the_way,
            "signed": self.ask(SignedMinutesView, query={}, **address),
            "may_keep": isinstance(actor, User) and may(actor, Right.RECONCILE),
            "papers": [(suffix, label) for suffix, (_, label) in PAPERS.items()],
            "may_reopen": isinstance(actor, User) and may(actor, Right.REOPEN_PERIOD) and state["closed"],
        }


class ClosePeriod(PageStep):
    """Closed with each difference that goes over named, and why."""

    step, back, again, own = ClosePeriodView, "page-period", PeriodPage, (NOTE,)
    done = "Đã khóa kỳ. Muốn ghi thêm vào kỳ này phải có quyết định mở lại."

    def body(self, typed: QueryDict) -> QueryDict:
        """The notes beside the differences as the list the API takes."""
        given = super().body(typed)
        notes = [(name.removeprefix(NOTE), str(typed[name])) for name in typed if name.startswith(NOTE) and typed[name]]
        for place, (discrepancy, note) in enumerate(notes):
            given[f"carried[{place}]discrepancy"], given[f"carried[{place}]note"] = discrepancy, note
        return given

    def faults(self, said: dict[str, Any], address: dict[str, Any]) -> list[Fault]:
        """Each difference nobody explained leads to its field."""
        if said["code"] == PeriodNotExplained.code:
            return [Fault(f"{NOTE}{one}", MISSING.format(id=one)) for one in said["conflicts"]]
        return super().faults(said, address)


class SendSignedMinutes(FileStep):
    """The minutes as both sides signed them."""

    step, back, again, most_bytes = SignedMinutesView, "page-period", PeriodPage, MAX_BYTES
    done = "Đã lưu biên bản đã ký."


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
