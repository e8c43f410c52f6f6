"""The dashboard and the ordered reports."""

from typing import Any

from django.utils import timezone

from reconciliation.api.dashboard import STEP_LABELS, DashboardView
from reconciliation.api.report_runs import ReportRunsView, ReportRunView, SignReportView
from reconciliation.services.dashboard import Span, day_to_open
from reconciliation.states import RunStatus
from staff.models import User
from staff.pages import Page, PageStep
from staff.pages.choices import units_below
from staff.rights import Right, may

SPANS = [(Span.MONTH.value, "Tháng"), (Span.QUARTER.value, "Quý"), (Span.YEAR.value, "Năm")]


class FiguresPage(Page):
    """The figures a report of the same days would freeze."""

    template_name = "reconciliation/figures.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        today = timezone.localdate()
        opened_on = day_to_open(today=today)
        if moved := "on" not in given and opened_on != today:
            given["on"] = opened_on.isoformat()
        board = self.ask(DashboardView, query=given)
        named = {meaning["key"]: meaning for meaning in board["definitions"]}
        units = units_below(self.request.user) if isinstance(self.request.user, User) else []
        told_apart = dict(units)
        return {
            "board": board,
            "rows": [row | {"name": told_apart.get(row["code"], row["name"])} for row in board["units"]],
            "units": units,
            "rates": [
                named[key] | rate | {"percent": (rate["percent"] or "-").replace(".", ",")}
                for key, rate in board["rates"].items()
            ],
            "funnel": [(STEP_LABELS.get(step, step), count) for step, count in board["funnel"].items()],
            "spans": SPANS,
            "span": given.get("span", Span.QUARTER.value),
            "given": given,
            "moved": moved,
        }


class ReportsPage(Page):
    """Ordered reports in reach, the newest period first."""

    template_name = "reconciliation/reports.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        return {
            "runs": self.ask(ReportRunsView, query=given),
            "statuses": RunStatus.choices,
            "given": given,
        }


class ReportPage(Page):
    """One report: its figures, for whom it waits, its files, the signature."""

    template_name = "reconciliation/report_page.html"

    def content(self, **address: Any) -> dict[str, Any]:
        run_id: int = address["run_id"]
        run = self.ask(ReportRunView, run_id=run_id)
        return {
            "run": run,
            "mine": run["mine"] and run["status"] == RunStatus.MADE,
            "may_keep": isinstance(self.request.user, User) and may(self.request.user, Right.KEEP_PAPERS),
            "formats": [("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel")],
        }


class ReportStep(PageStep):
    """Sign a report."""

    step, back, done = SignReportView, "page-report", "Đã ký báo cáo."
