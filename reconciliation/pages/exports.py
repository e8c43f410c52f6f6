"""Hand everything over: the order, the second person's word, and what the server is told to do."""

from typing import Any

from django.http import QueryDict

from reconciliation.api.exports import ApproveExportView, DeclineExportView, ExportsView
from staff.models import User
from staff.pages import Page, PageStep
from staff.rights import Right, may


class ExportsPage(Page):
    """Orders and the form of a new one."""

    template_name = "reconciliation/exports.html"
    rights = (Right.ORDER_EXPORT, Right.APPROVE_EXPORT, Right.SEE_HISTORY)

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        pages = {name: value for name, value in self.request.GET.items() if name in ("limit", "offset")}
        return {
            "exports": self.ask(ExportsView, query=pages),
            "may_order": isinstance(actor, User) and may(actor, Right.ORDER_EXPORT),
            "may_decide": isinstance(actor, User) and may(actor, Right.APPROVE_EXPORT),
        }


class OrderExport(PageStep):
    """Ask for everything."""

    step, back, again = ExportsView, "page-exports", ExportsPage

    def body(self, typed: QueryDict) -> QueryDict:
        """A box that is ticked says so in the words of the API."""
        given = super().body(typed)
        if "with_numbers" in given:
            given["with_numbers"] = "true"
        return given

    def said(self, data: Any) -> str:
        if data["waits"]:
            return "Đã ghi lệnh; chờ kế toán trưởng cấp tỉnh đồng ý vì có số định danh, số tài khoản."
        return f"Đã ghi lệnh số {data['id']}; người vận hành máy chủ xuất được ngay."


class _DecideExport(PageStep):
    back = "page-exports"

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}


class ApproveExport(_DecideExport):
    """The second person allows it."""

    step, done = ApproveExportView, "Đã đồng ý; người vận hành máy chủ xuất được ngay."


class DeclineExport(_DecideExport):
    """The second person does not."""

    step, done = DeclineExportView, "Đã từ chối; vẫn có thể yêu cầu bản không có số."
