"""What is paid once, on pages: open a grant, see before writing what it comes to, name whom it goes to; the funeral allowance."""

import re
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from beneficiaries.api.persons import PersonView
from beneficiaries.models import Programme
from payments.api.gift_households import GiftHouseholdsView
from payments.api.grant_orders import GrantOrdersView, GrantOrderView
from payments.api.list_orders import CalendarView
from payments.api.one_off import FuneralAllowancesView, GrantPeopleView, GrantsView, GrantView
from payments.services.lists.granted_late import open_months
from payments.services.once.grants import first_open_month
from payments.services.once.one_off import FUNERAL_TIMES
from staff.models import AdministrativeUnit, Order, User
from staff.pages import Page, PageStep
from staff.pages.choices import units_below
from staff.pages.typed import read_typed
from staff.pages.wording import Fault, spell_out
from staff.rights import Right, may
from staff.templatetags.writing import amount

ORDER = ("number", "signed_on", "month", "signer", "reason")
WAITING = Order.Stage.WAITING
MOST_ORDERS = 5
SEXES = (("FEMALE", "Nữ"), ("MALE", "Nam"))
MOST_OPEN = 3
COMMUNES = (AdministrativeUnit.Kind.COMMUNE,)
LOST = "đã có quyết định thôi chi, không danh sách nào chi: cần chi lại thì ghi quyết định hưởng lại ở hồ sơ, hoặc ghi bằng quyết định mới."
_OF_ONE = re.compile(r"^(order: |newcomers: \d+: )")


class GrantsPage(Page):
    """Every grant with how far it has come, and the form that opens one."""

    template_name = "payments/grants.html"

    def content(self, **address: Any) -> dict[str, Any]:
        return {
            "grants": self.ask(GrantsView),
            "builds": builds_grants(self.request.user),
            "sends": isinstance(self.request.user, User) and may(self.request.user, Right.BUILD_LIST),
        } | _when(self)


class GrantPage(Page):
    """One grant: its figures, and whom else it goes to."""

    template_name = "payments/grant.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor, code = self.request.user, address["programme"]
        monthly = Programme.objects.filter(kind=Programme.Kind.REGULAR).order_by("name")
        builds = builds_grants(actor)
        orders = self.ask(GrantOrdersView, query={"limit": MOST_ORDERS}, programme=code)["results"] if builds else []
        return {
            "grant": self.ask(GrantView, programme=code),
            "builds": builds,
            "may_find": isinstance(actor, User) and may(actor, Right.FIND_RESIDENTS),
            "orders": orders,
            "programmes": list(monthly.values_list("code", "name")),
            "communes": units_below(actor, kinds=COMMUNES) if isinstance(actor, User) else [],
            "sexes": SEXES,
        } | _when(self)


class GiftHouseholdsPage(Page):
    """Who receives for whom: households of one grant."""

    template_name = "payments/gift_households.html"

    def content(self, **address: Any) -> dict[str, Any]:
        asked, code = {name: value for name, value in self.request.GET.items() if value}, address["programme"]
        return {
            "grant": self.ask(GrantView, programme=code),
            "households": self.ask(GiftHouseholdsView, query=asked, programme=code),
            "given": asked,
        }


class _OfADecision(PageStep):
    """A form with the decision's fields, which are a part of their own in the body."""

    form = ""
    own = ("form",)

    def body(self, typed: QueryDict) -> QueryDict:
        """The month and the sum as people write them."""
        given = super().body(typed)
        read_typed(given, months=("month",), amounts=("amount",), rates=("times",))
        for name in ORDER:
            if name in given:
                given[f"order.{name}"] = str(given.pop(name)[0])
        return given

    def faults(self, said: dict[str, Any], address: dict[str, Any]) -> list[Fault]:
        """Each at the field of the form that was sent."""
        found = spell_out([_OF_ONE.sub("", conflict) for conflict in said["conflicts"]])
        return [one.of_row(self.form) for one in found] if self.form else found


class OpenGrant(_OfADecision):
    """One amount per person, by one decision."""

    step, back, again = GrantsView, "page-grants", GrantsPage

    def faults(self, said: dict[str, Any], address: dict[str, Any]) -> list[Fault]:
        """Of a grant, not of a person: its name and code are called otherwise."""
        conflicts = [re.sub(r"^(name|code): ", r"grant_\1: ", conflict) for conflict in said["conflicts"]]
        return super().faults({**said, "conflicts": conflicts}, address)

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return f"{super().then(data, address)}{data['code']}/"

    def said(self, data: Any) -> str:
        return f"Đã mở “{data['name']}”. Bước tiếp theo: ghi ai được nhận."


class GrantOrderPage(Page):
    """Everybody who receives a policy: that it is being tried or written, then what it came to."""

    template_name = "payments/grant_order.html"

    def content(self, **address: Any) -> dict[str, Any]:
        return {
            "grant": self.ask(GrantView, programme=address["programme"]),
            "order": (order := self.ask(GrantOrderView, **address)),
            "working": order["stage"] == WAITING,
            "lost": LOST,
        }


class GrantEveryone(_OfADecision):
    """Written down by the background, for whoever receives the policy then."""

    step, back, again, form = GrantOrdersView, "page-grant", GrantPage, "all"
    done = "Đã nhận, đang ghi."

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return reverse("page-grant-order", args=[data["grant"], data["id"]])


class TryEveryone(GrantEveryone):
    """First what that comes to; nothing is written."""

    done = "Đã nhận, đang xem trước; chưa ghi gì."

    def body(self, typed: QueryDict) -> QueryDict:
        given = super().body(typed)
        given["preview"] = "true"
        return given


class GrantPeople(_OfADecision):
    """People the decision names, written down at once."""

    step, back, again, form = GrantPeopleView, "page-grant", GrantPage, "all"

    def said(self, data: Any) -> str:
        lost = f" {amount(data['taken_back'])} người trong đó {LOST}" if data["taken_back"] else ""
        if not data["granted"]:
            return f"Không có ai mới: {amount(data['already'])} người đã được ghi từ trước.{lost}"
        people, money = amount(data["granted"]), amount(data["amount"])
        kept = f" {amount(data['already'])} người đã được ghi từ trước, để nguyên.{lost}" if lost else ""
        return f"Đã ghi {people} người, {money} đ; chi cùng danh sách của tháng đã chọn.{kept}"


class GrantNewcomer(GrantPeople):
    """One person in no registry (emergency help)."""

    form = "one"

    def body(self, typed: QueryDict) -> QueryDict:
        given = super().body(typed)
        for name in ("full_name", "sex", "unit", "birth_year", "hamlet"):
            if name in given:
                given[f"newcomers[0]{name}"] = str(given.pop(name)[0])
        return given


class FuneralAllowancePage(Page):
    """Who arranged the funeral of one person, as the decision has it."""

    template_name = "payments/funeral.html"

    def content(self, **address: Any) -> dict[str, Any]:
        beneficiary_id: int = address["beneficiary_id"]
        actor = self.request.user
        return {
            "dead": self.ask(PersonView, beneficiary_id=beneficiary_id),
            "communes": units_below(actor, kinds=COMMUNES) if isinstance(actor, User) else [],
            "sexes": SEXES,
            "least": FUNERAL_TIMES,
            "may_record": isinstance(actor, User) and may(actor, Right.RECORD_DECISION),
        } | _when(self)


class RecordFuneralAllowance(_OfADecision):
    """Once per dead person."""

    step, back, again = FuneralAllowancesView, "page-funeral-allowance", FuneralAllowancePage

    def body(self, typed: QueryDict) -> QueryDict:
        """The dead person is the address's."""
        given = super().body(typed)
        given["dead"] = str(self.kwargs["beneficiary_id"])
        return given

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}

    def said(self, data: Any) -> str:
        return f"Đã ghi hỗ trợ chi phí mai táng, mã hồ sơ {data['code']}; chi cùng danh sách của tháng đã chọn."


def builds_grants(actor: object) -> bool:
    """Grants are the province's."""
    return (
        isinstance(actor, User)
        and actor.unit is not None
        and actor.unit.kind == AdministrativeUnit.Kind.PROVINCE
        and may(actor, Right.BUILD_LIST)
    )


def _when(page: Page) -> dict[str, Any]:
    """The month whose own list takes what is recorded now, and the day it is paid from; months that take it by a supplementary list."""
    month = f"{first_open_month(today=timezone.localdate()):%Y-%m}"
    still_open = [f"{one:%Y-%m}" for one in open_months()[:MOST_OPEN]]
    return {"calendar": page.ask(CalendarView, query={}, month=month), "open_months": still_open}
