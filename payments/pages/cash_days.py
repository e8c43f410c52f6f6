"""Days of cash on one page: by place who carries, who witnesses, what was signed for and what came back."""

from typing import Any

from django.http import QueryDict

from payments.api.batches import BatchView
from payments.api.cash_days import CashDayEndView, CashDaysView
from payments.money import AmountUnreadable, parse_amount
from staff.models import User
from staff.pages import Page, PageStep
from staff.rights import Right, may


class CashDaysPage(Page):
    """The places of one list and their sums, which are the list's."""

    template_name = "payments/cash_days.html"

    def content(self, **address: Any) -> dict[str, Any]:
        batch_id, actor = address["batch_id"], self.request.user
        places = self.ask(CashDaysView, query={}, batch_id=batch_id)
        return {
            "list": self.ask(BatchView, query={}, batch_id=batch_id),
            "places": [row | {"word": f"{row['unit']}-{nth}"} for nth, row in enumerate(places)],
            "sum": {
                name: sum(row[name] for row in places)
                for name in ("people", "amount", "paid_people", "handed_out", "waiting", "to_return")
            },
            "may_plan": isinstance(actor, User) and may(actor, Right.HAND_OVER),
        }


class _OfPlace(PageStep):
    """One form of many: what was refused stands open again in the row of its place, each fault beside its field."""

    def beside(self, content: dict[str, Any]) -> dict[str, Any]:
        typed = content.get("typed", {})
        at = (typed.get("unit"), typed.get("point", ""))
        sent = next((row["word"] for row in content["places"] if (row["unit"], row["point"]) == at), "")
        faults = [one.of_row(sent) for one in content["refused"]["faults"]] if content.get("refused") else []
        return {"sent": sent} | ({"refused": content["refused"] | {"faults": faults}} if faults else {})


class PlanDay(_OfPlace):
    """Two people, before the day."""

    step, back, again = CashDaysView, "page-cash-days", CashDaysPage
    done = "Đã phân công ngày chi."


class EndDay(_OfPlace):
    """The money is back and counted by a second person."""

    step, back, again = CashDayEndView, "page-cash-days", CashDaysPage
    done = "Đã ghi số tiền mang về; khớp danh sách ký nhận."

    def body(self, typed: QueryDict) -> QueryDict:
        """1.250.000 is written with dots."""
        given = super().body(typed)
        try:
            given["returned"] = str(parse_amount(given.get("returned", "")))
        except AmountUnreadable:
            return given  # the API says what is wrong with it
        return given
