"""Erase what may be kept no longer: how much is due, the order, the second person's word, and what the server is told to do."""

from typing import Any

from payments.api.erasures import ApproveErasureView, DeclineErasureView, ErasureDueView, ErasuresView
from staff.models import User
from staff.pages import Page, PageStep
from staff.rights import Right, may


class ErasuresPage(Page):
    """What is due, orders, and the form of a new one."""

    template_name = "payments/erasures.html"
    rights = (Right.ORDER_ERASURE, Right.APPROVE_ERASURE, Right.SEE_HISTORY)

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        pages = {name: value for name, value in self.request.GET.items() if name in ("limit", "offset")}
        return {
            "due": self.ask(ErasureDueView),
            "erasures": self.ask(ErasuresView, query=pages),
            "may_order": isinstance(actor, User) and may(actor, Right.ORDER_ERASURE),
            "may_decide": isinstance(actor, User) and may(actor, Right.APPROVE_ERASURE),
        }


class OrderErasure(PageStep):
    """Ask for it."""

    step, back, again = ErasuresView, "page-erasures", ErasuresPage
    done = "Đã lập lệnh xóa; chờ kế toán trưởng cấp tỉnh đồng ý."


class _DecideErasure(PageStep):
    back = "page-erasures"

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}


class ApproveErasure(_DecideErasure):
    """The second person allows it."""

    step, done = ApproveErasureView, "Đã đồng ý; người vận hành máy chủ xóa được ngay."


class DeclineErasure(_DecideErasure):
    """The second person does not."""

    step, done = DeclineErasureView, "Đã từ chối; không xóa gì."
