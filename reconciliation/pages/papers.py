"""Lists and dossiers of a month as files: ask for them, watch, fetch; and the signed paper of a report."""

from typing import Any

from payments.api.cycles import CyclesView
from payments.services.signing.papers import MAX_BYTES
from reconciliation.api.papers import PaperOrdersView
from reconciliation.api.signed_reports import SignedReportsView
from reconciliation.models import PaperKind
from staff.models import User
from staff.pages import FileStep, Page, PageStep
from staff.pages.choices import units_below


class PapersPage(Page):
    """Own orders, the newest first, and the form for another one."""

    template_name = "reconciliation/papers.html"

    def content(self, **address: Any) -> dict[str, Any]:
        asked = {name: value for name, value in self.request.GET.items() if value}
        month = asked.pop("month", "")
        orders = self.ask(PaperOrdersView, query=asked)
        actor = self.request.user
        return {
            "orders": orders,
            "working": any(not one["finished_at"] for one in orders["results"]),
            "kinds": PaperKind.choices,
            "cycles": self.ask(CyclesView, query={})["results"],
            "units": units_below(actor) if isinstance(actor, User) else [],
            "month": month,
        }


class OrderPaper(PageStep):
    """Ask for one."""

    step, back, again = PaperOrdersView, "page-papers", PapersPage
    done = "Đã yêu cầu lập; tệp xuất hiện ở bảng dưới khi xong."


class SendSignedReport(FileStep):
    """The report as it was signed by hand or digitally."""

    step, back, most_bytes = SignedReportsView, "page-report", MAX_BYTES
    done = "Đã lưu bản báo cáo đã ký."
