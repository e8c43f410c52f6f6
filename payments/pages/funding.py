"""Money to pay from: each funding account as it stands, and what the Treasury put in, recorded with its paper."""

from typing import Any

from django.http import QueryDict

from payments.api.funding import FundingAccountsView, FundingTopUpsView
from staff.models import User
from staff.pages import Page, PageStep
from staff.pages.typed import read_typed
from staff.rights import Right, may


class FundingPage(Page):
    """Accounts in reach, by our journal; with `?account=` also what was put into that one."""

    template_name = "payments/funding.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        given = {name: value for name, value in self.request.GET.items() if value}
        account = given.pop("account", "")
        return {
            "accounts": self.ask(FundingAccountsView, query=given),
            "account": account,
            "top_ups": self.ask(FundingTopUpsView, query={"limit": 24}, account=account) if account else None,
            "may_record": isinstance(actor, User) and may(actor, Right.RECORD_TOP_UP),
        }


class RecordTopUp(PageStep):
    """The statement's line with this reference and amount books it; the same again is the same row."""

    step, back, again, row = FundingTopUpsView, "page-funding", FundingPage, "account"
    done = "Đã ghi nhận cấp kinh phí; sao kê có dòng mang mã này thì tự khớp."

    def body(self, typed: QueryDict) -> QueryDict:
        """The sum as people write it."""
        given = super().body(typed)
        read_typed(given, amounts=("amount",))
        return given

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}
