"""Build a month: try it out (who, who not and why, what changed), then order exactly what was seen, watch it, and go on to the signatures."""

from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils import timezone

from beneficiaries.models import Reason
from payments.api.cycle_closing import CycleClosingView
from payments.api.cycles import CyclesView, CycleView
from payments.api.decisions import DryRunView
from payments.api.list_orders import CalendarView, ListOrdersView
from payments.services.lists.calendar import months_after
from payments.services.lists.dry_run import Change
from payments.states import Channel
from staff.models import AdministrativeUnit, Order, User
from staff.pages import Page, PageStep
from staff.pages.choices import units_below
from staff.pages.kept import kept_result, show_later

COMING = 3
TRIED, OF_TRYING = "tried-month", ("listed_on", "pay_on", "months_together", "unit")
REASONS, CHANGES, CHANNELS = dict(Reason.choices), dict(Change.choices), dict(Channel.choices)


class BuildPage(Page):
    """Months that can be built next, and what was ordered."""

    template_name = "payments/build.html"

    def content(self, **address: Any) -> dict[str, Any]:
        built = self.ask(CyclesView, query={"limit": 6})["results"]
        first = date.fromisoformat(f"{built[0]['month']}-01") if built else months_after(_this_month(), -1)
        return {
            "built": built,
            "coming": [f"{months_after(first, n):%Y-%m}" for n in range(1, COMING + 1)],
            "orders": self.ask(ListOrdersView, query={"limit": 10})["results"],
        }


class BuildMonthPage(Page):
    """One month: its days, the dry run, the order, the way on."""

    template_name = "payments/build_month.html"

    def content(self, **address: Any) -> dict[str, Any]:
        month: str = address["month"]
        orders = self.ask(ListOrdersView, query={"month": month, "limit": 1})["results"]
        actor = self.request.user
        unit = actor.unit if isinstance(actor, User) else None
        return {
            "month": month,
            "calendar": self.ask(CalendarView, query={}, month=month),
            "cycle": self.ask_if_allowed(CycleView, query={}, month=month),
            "closing": self.ask_if_allowed(CycleClosingView, month=month),
            "order": orders[0] if orders else None,
            "working": bool(orders) and orders[0]["stage"] == Order.Stage.WAITING,
            "units": units_below(actor) if isinstance(actor, User) else [],
            "own_unit": unit.code if unit else "",
            "builds": unit is not None and unit.kind == AdministrativeUnit.Kind.PROVINCE,
        } | self._tried(month)

    def _tried(self, month: str) -> dict[str, Any]:
        """The dry run the address asks for, if it was of this month."""
        kept = kept_result(self.request, purpose=TRIED)
        if "run" not in kept:
            return kept
        return kept | {"run": _readable(kept["run"])} if kept["of"] == month else {}


class TryOut(PageStep):
    """Nothing is written; what would be, is shown with its digest."""

    step, back, again = DryRunView, "page-build-month", BuildMonthPage

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        typed = {name: value for name, value in self.request.POST.items() if name in OF_TRYING}
        result = {"run": data, "typed": typed, "of": address["month"]}
        return show_later(self.request, page=self.then(data, address), purpose=TRIED, result=result)


class Build(PageStep):
    """Order the lists just as the dry run showed them."""

    step, back, again = CyclesView, "page-build-month", BuildMonthPage
    done = "Đã nhận yêu cầu lập danh sách; trang này cho biết khi lập xong."

    def body(self, typed: QueryDict) -> QueryDict:
        """The month is the address's."""
        given = super().body(typed)
        given["month"] = self.kwargs["month"]
        return given

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}


def _this_month() -> date:
    return timezone.localdate().replace(day=1)


def _readable(run: dict[str, Any]) -> dict[str, Any]:
    """Codes as words, and of each commune what joins and leaves."""
    communes = [row | _movement(row) | {"reasons": _reasons([row])} for row in run["communes"]]
    people = [
        row
        | {
            "reason_label": REASONS.get(row["reason"], row["reason"]),
            "channel_label": CHANNELS.get(row["channel"], ""),
            "cash_label": REASONS.get(row["cash_reason"] or "", ""),
        }
        for row in run["people"]
    ]
    figures = (
        "payable",
        "not_payable",
        "regular",
        "arrears",
        "carried",
        "deducted",
        "total",
        "through_accounts",
        "in_cash",
    )
    return run | {
        "communes": communes,
        "people": people,
        "changes": [row | {"label": CHANGES[row["kind"]]} for row in run["changes"]],
        "reasons": _reasons(run["communes"]),
        "sum": {name: sum(row[name] for row in run["communes"]) for name in figures}
        | {name: sum(row[name] for row in communes) for name in ("more", "fewer")},
    }


def _reasons(communes: list[dict[str, Any]]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for row in communes:
        for reason, count in row["reasons"].items():
            found[reason] = found.get(reason, 0) + count
    return [(REASONS.get(reason, reason), found[reason]) for reason in sorted(found, key=lambda one: -found[one])]


def _movement(commune: dict[str, Any]) -> dict[str, int]:
    """How many enrolments more and fewer than last month."""
    more = (Change.NEW, Change.MOVED_IN, Change.RESUMED, Change.ONCE)
    fewer = (Change.DIED, Change.MOVED_OUT, Change.NO_LONGER_ENTITLED, Change.SUSPENDED, Change.ONCE_BEFORE)
    counts = {row["kind"]: abs(row["enrolments"]) for row in commune["changes"]}
    return {
        "more": sum(counts.get(kind, 0) for kind in more),
        "fewer": sum(counts.get(kind, 0) for kind in fewer),
    }
