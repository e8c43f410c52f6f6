"""Reports of the bank that could not be applied: what is wrong, and closing one by what the bank answered."""

from typing import Any

from payments.api.bank_reports import CloseReportView, WrongReportsView
from staff.models import User
from staff.pages import Page, PageStep
from staff.rights import Right, may


class WrongReportsPage(Page):
    """Open ones first; until one is closed, nothing of its account is confirmed as unpaid."""

    template_name = "payments/bank_reports.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        actor = self.request.user
        return {
            "reports": self.ask(WrongReportsView, query=given),
            "may_close": isinstance(actor, User) and may(actor, Right.SETTLE_UNKNOWN),
        }


class Closing(PageStep):
    """By what the bank answered."""

    step, back, again, row = CloseReportView, "page-bank-reports", WrongReportsPage, "report_id"
    done = "Đã đóng báo cáo này; kết quả đúng đến trong báo cáo khác hoặc sao kê của ngân hàng."

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}
