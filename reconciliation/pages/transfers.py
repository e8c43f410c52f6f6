"""Money that moves beside payments, of one funding account: lump sums to whoever pays in cash, what came back, what goes to the budget, fees."""

from typing import Any

from django.http import QueryDict

from payments.api.batches import BatchesView
from payments.api.funding import FundingAccountsView
from payments.models import FundTransfer
from payments.states import BatchStatus, Channel
from reconciliation.api.transfers import HeldOfListsView, TransfersView
from staff.models import User
from staff.pages import Page, PageStep
from staff.pages.typed import read_typed
from staff.pages.wording import Fault
from staff.rights import Right, may

Kind = FundTransfer.Kind
SHOWN = 30


class TransfersPage(Page):
    """Released cash lists with what the provider holds of each, and every transfer with what the statement says of it."""

    template_name = "reconciliation/transfers.html"

    def content(self, **address: Any) -> dict[str, Any]:
        account: str = address["account"]
        transfers = self.ask(TransfersView, account=account)
        known = self.ask(FundingAccountsView, query={"limit": 200})["results"]
        unit = next((one for one in known if one["code"] == account), None)
        actor = self.request.user
        return {
            "account": account,
            "unit": unit,
            "transfers": transfers,
            "lists": self._lists(account, unit["paying_unit"]) if unit else [],
            "of_list": [(one.value, one.label) for one in Kind if one != Kind.FEE],
            "may_record": isinstance(actor, User) and may(actor, Right.RECONCILE) and unit and not unit["closed_at"],
        }

    def _lists(self, account: str, paying_unit: str) -> list[dict[str, Any]]:
        """The newest, each with its money; those of which nothing is left to move come last."""
        wanted = {"paying_unit": paying_unit, "channel": Channel.CASH.value, "limit": SHOWN}
        released = [
            one
            for status in (BatchStatus.RELEASED, BatchStatus.CLOSED)
            for one in self.ask(BatchesView, query=wanted | {"status": status.value})["results"]
            if one["whole"]
        ]
        shown = released[:SHOWN]
        if not shown:
            return []
        named = ",".join(str(one["id"]) for one in shown)
        money = {row["batch"]: row for row in self.ask(HeldOfListsView, query={"lists": named}, account=account)}
        return [one | {"money": money[one["id"]]} for one in shown]


class RecordTransfer(PageStep):
    """Of one list, or a fee; the statement's line with this reference and amount books it, and the same again is the same row."""

    step, back, again = TransfersView, "page-transfers", TransfersPage
    done = "Đã ghi; sao kê có dòng mang mã này thì tự khớp."

    def body(self, typed: QueryDict) -> QueryDict:
        """The sum as people write it."""
        given = super().body(typed)
        read_typed(given, amounts=("amount",))
        return given

    def faults(self, said: dict[str, Any], address: dict[str, Any]) -> list[Fault]:
        """Each list has a form of its own."""
        found, batch = super().faults(said, address), self.request.POST.get("batch")
        return [one.of_row(batch) for one in found] if batch else found
