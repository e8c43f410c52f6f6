"""Decisions about one enrolment: read them, record the next one, with the paper; and take in who moved here."""

from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils import timezone

from beneficiaries.api.persons import ArrivalsView, EnrolmentView
from beneficiaries.errors import DecidedSinceRead
from beneficiaries.models import Decision
from beneficiaries.services.decisions.papers import MAX_BYTES
from beneficiaries.services.decisions.rules import MAY_FOLLOW, Standing
from payments.api.decisions import DecisionsView, MoveInView, RefuseArrivalView
from payments.services.lists.calendar import first_list_of, months_after
from payments.services.once.grants import first_open_month
from staff.models import AdministrativeUnit, User
from staff.pages import FileStep, Page, PageStep
from staff.pages.choices import told_apart
from staff.pages.typed import read_typed
from staff.rights import Right, may
from staff.templatetags.writing import amount

Kind = Decision.Kind
# What each kind says beside number, day, signer, month and reason.
FIELDS: dict[str, tuple[str, ...]] = {
    Kind.ADJUST: ("coefficient",),
    Kind.RESUME: ("pay_between",),
    Kind.TRANSFER_OUT: ("last_month", "to_unit", "to_place"),
    Kind.RECOVER: ("amount", "monthly_ceiling"),
    Kind.PAY_OUT: ("payee_name",),
}


class EnrolmentPage(Page):
    """One enrolment with its decisions; `?kind=` opens the form of one that may follow."""

    template_name = "payments/enrolment.html"

    def content(self, **address: Any) -> dict[str, Any]:
        enrolment_id: int = address["enrolment_id"]
        enrolment = self.ask(EnrolmentView, enrolment_id=enrolment_id)
        decisions = self.ask(DecisionsView, enrolment_id=enrolment_id)
        sent_to = AdministrativeUnit.objects.filter(code__in={one["to_unit"] for one in decisions if one["to_unit"]})
        named = dict(told_apart(sent_to))
        actor = self.request.user
        records = isinstance(actor, User) and may(actor, Right.RECORD_DECISION)
        follow = MAY_FOLLOW[Standing(enrolment["standing"])] if records else frozenset[str]()
        kind = self.request.GET.get("kind", "")
        communes = AdministrativeUnit.objects.filter(kind=AdministrativeUnit.Kind.COMMUNE).order_by("name", "code")
        return {
            "enrolment": enrolment,
            "decisions": [one | {"to_unit": named.get(one["to_unit"], one["to_unit"])} for one in decisions],
            "kinds": [(code, label) for code, label in Kind.choices if code in follow],
            "kind": kind if kind in follow else "",
            "kind_label": dict(Kind.choices).get(kind, ""),
            "asks": dict.fromkeys(FIELDS.get(kind, ()), True),
            "newest": max((one["id"] for one in decisions), default=0),
            "communes": told_apart(communes) if kind == Kind.TRANSFER_OUT else [],
        }


class RecordDecision(FileStep):
    """A decision as on the paper, which may come along. Not on top of one recorded since the page was opened."""

    step, back, again, most_bytes = DecisionsView, "page-enrolment", EnrolmentPage, MAX_BYTES

    def body(self, typed: QueryDict) -> QueryDict:
        """Months, sums and rates as people write them."""
        given = super().body(typed)
        read_typed(
            given,
            months=("effective_month", "last_month"),
            amounts=("amount", "monthly_ceiling"),
            rates=("coefficient",),
        )
        return given

    def refused(self, answer: Any, address: dict[str, Any]) -> HttpResponse:
        """Who is shown the decision that came in between has read it then; any other fault keeps what had been read."""
        if answer.data["code"] == DecidedSinceRead.code:
            given = self.request.POST.copy()
            given.pop("newest", None)
            setattr(self.request, "POST", given)  # noqa: B010  (typed as read-only)
        return super().refused(answer, address)

    def said(self, data: Any) -> str:
        return f"Đã ghi: {data['kind_label'].lower()} số {data['number']}. {_takes_effect(data)}"


def _takes_effect(decision: dict[str, Any]) -> str:
    """Which month's list shows it first, and of a recovery what each takes."""
    effective = date.fromisoformat(f"{decision['effective_month']}-01")
    signed_on = date.fromisoformat(decision["signed_on"])
    first = first_list_of(signed_on=signed_on, since=first_open_month(today=timezone.localdate()))
    listed = max(effective, first)
    if decision["kind"] == Kind.RECOVER:
        last = months_after(listed, -(-decision["amount"] // decision["monthly_ceiling"]) - 1)
        each = f"trừ mỗi tháng nhiều nhất {amount(decision['monthly_ceiling'])} đ"
        return f"Từ danh sách tháng {listed:%m/%Y} {each}; đủ mức ấy thì trừ hết {amount(decision['amount'])} đ vào tháng {last:%m/%Y}."
    if effective >= first:
        return f"Danh sách tháng {listed:%m/%Y} lập theo quyết định này."
    before = f"Danh sách đến tháng {months_after(first, -1):%m/%Y} đã lập hoặc có ngày lập trước ngày ký"
    return f"{before}; phần thừa, thiếu từ tháng {effective:%m/%Y} tính vào danh sách tháng {first:%m/%Y}."


class ArrivalsPage(Page):
    """Who was sent here by another commune, and the form that takes each in."""

    template_name = "payments/arrivals.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        given = {name: value for name, value in self.request.GET.items() if value}
        return {
            "arrivals": self.ask(ArrivalsView, query=given),
            "may_take_in": isinstance(actor, User) and may(actor, Right.RECORD_DECISION),
        }


class TakeIn(PageStep):
    """The new commune's decision; the month follows from the old commune's."""

    step, back, again, row = MoveInView, "page-arrivals", ArrivalsPage, "enrolment_id"

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}

    def said(self, data: Any) -> str:
        month = "/".join(reversed(data["effective_month"].split("-")))
        return f"Đã tiếp nhận hồ sơ {data['enrolment']}; hưởng tiếp từ tháng {month}."


class RefuseArrival(PageStep):
    """The papers go back to who sent them."""

    step, back = RefuseArrivalView, "page-arrivals"
    done = "Đã trả lại hồ sơ; nơi cũ chi trả tiếp và được báo lý do."

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}
