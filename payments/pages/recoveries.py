"""Decisions to recover: what each still owes, and a receipt for what was paid back at the counter."""

from typing import Any

from django.http import QueryDict

from payments.api.life_work import RecoveriesView as RecoveryProposalsView
from payments.api.recoveries import ReceiptsView, RecoveriesView
from staff.models import User
from staff.pages import Page, PageStep
from staff.pages.typed import read_typed
from staff.rights import Right, may


class RecoveriesPage(Page):
    """The oldest decision first, in reach."""

    template_name = "payments/recoveries.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        return {
            "recoveries": self.ask(RecoveriesView),
            "proposals": self.ask_if_allowed(RecoveryProposalsView, query={"limit": 200}),
            "may_decide": isinstance(actor, User) and may(actor, Right.RECORD_DECISION),
            "may_record": isinstance(actor, User) and may(actor, Right.RECONCILE),
        }


class RecordReceipt(PageStep):
    """The same receipt again is the same row; never more than is left."""

    step, back, again, row = ReceiptsView, "page-recoveries", RecoveriesPage, "decision_id"

    def body(self, typed: QueryDict) -> QueryDict:
        """The sum as people write it."""
        given = super().body(typed)
        read_typed(given, amounts=("amount",))
        return given

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}

    def said(self, data: Any) -> str:
        return f"Đã ghi phiếu thu; theo quyết định {data['number']} còn phải thu {data['left']:,} đ.".replace(",", ".")
