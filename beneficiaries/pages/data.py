"""The state of the people's data: runs of matching, the four scores with who signed for them, and open work handed over."""

from datetime import date
from typing import Any

from beneficiaries.api.handovers import AcceptHandoverView, HandoversView, who_can_look_after
from beneficiaries.api.matching_runs import AcceptReviewsView, MatchingRunsView
from beneficiaries.api.quality import QualitySignOffView, QualityView, UnsignedDecisionsView
from beneficiaries.models import LIVE, Case, Programme
from beneficiaries.services.quality import signed_at_other_levels
from staff.api.assignments import AssignmentsView
from staff.models import AdministrativeUnit, Role, User
from staff.pages import Page, PageStep
from staff.pages.choices import units_below
from staff.rights import Right, may

ASSIGNED = 20
DAYS_LOOKED_AT = (
    7  # for the newest day a unit can still sign for: a higher unit signs after all below it, hardly on the same day
)
SCORES = {"correct": "Đúng", "complete": "Đủ", "cleaned": "Sạch", "live": "Sống"}


class MatchingPage(Page):
    """Runs, the newest first, and the button for the next one."""

    template_name = "beneficiaries/matching.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        confirms = isinstance(actor, User) and may(actor, Right.CONFIRM_CASE)
        return {"runs": self.ask(MatchingRunsView), "may_accept": confirms}


class OrderMatching(PageStep):
    """While a run waits, ordering again is the same run."""

    step, back = MatchingRunsView, "page-matching"
    done = "Đã đặt đối khớp; chạy nền, tải lại trang để xem kết quả."


class AcceptReviews(PageStep):
    """The second person's yes to a whole review."""

    step, back = AcceptReviewsView, "page-matching"

    def said(self, data: Any) -> str:
        return f"Đã xác nhận {data['people']} người do người khác rà soát."


class QualityPage(Page):
    """Days of one unit, and of one of them who has signed: the day asked for, else the newest its unit can sign for, else the newest."""

    template_name = "beneficiaries/quality.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        unit = self.request.GET.get("unit", "")
        programme = self.request.GET.get("programme", "")
        days = self.ask(QualityView, query={"unit": unit} | ({"programme": programme} if programme else {}))
        counted = [day["taken_on"] for day in days]
        asked = self.request.GET.get("taken_on", "")
        of_day = {} if asked in counted else {day: self._signed(unit, day) for day in counted[:DAYS_LOOKED_AT]}
        chosen = asked if asked in counted else _first_to_sign(of_day) or (counted[0] if counted else None)
        signed = (of_day.get(chosen) or self._signed(unit, chosen)) if chosen else []
        units = units_below(actor) if isinstance(actor, User) else []
        named = dict(units)
        shown = {name: self.request.GET.get(name, "") for name in ("limit", "offset")}
        of_unit = {"unit": unit} | {name: value for name, value in shown.items() if value}
        may_sign = isinstance(actor, User) and may(actor, Right.SIGN_OFF_DATA) and _can_be_signed(signed)
        code = unit or (actor.unit.code if isinstance(actor, User) and actor.unit else "")
        return {
            "unsigned": self.ask_if_allowed(UnsignedDecisionsView, query=of_unit),
            "days": [day | {"files": day["sums"]["files"], "scores": _scores(day["sums"])} for day in days],
            "headings": SCORES.values(),
            "chosen": chosen,
            # Two communes may bear one name: each as it is called in the choice above.
            "signed": [
                row | {"unit_name": named.get(row["unit"], row["unit_name"]), "scores": _scores(row["sums"])}
                for row in signed
            ],
            "programmes": list(Programme.objects.order_by("code").values_list("code", "name")),
            "programme": programme,
            "units": units,
            "unit": code,
            "may_sign": may_sign,
            "signed_for": self._signed_for(code, chosen, named) if may_sign and chosen else [],
        }

    def _signed_for(self, code: str, day: str, named: dict[str, str]) -> list[str]:
        """Names of the units above or below for which whoever looks has signed: they would be refused here."""
        unit, actor = AdministrativeUnit.objects.filter(code=code).first(), self.request.user
        if unit is None or not isinstance(actor, User):
            return []
        found = signed_at_other_levels(unit=unit, taken_on=date.fromisoformat(str(day)), actor=actor)
        return [named.get(one.code, one.name) for one in found]

    def _signed(self, unit: str, day: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.ask(QualitySignOffView, query={"unit": unit, "taken_on": day})
        return rows


class SignOff(PageStep):
    """The unit answers for its figures of the day that was read."""

    step, back, again = QualitySignOffView, "page-quality", QualityPage
    done = "Đã ký xác nhận kết quả làm sạch dữ liệu."


class HandoversPage(Page):
    """Handovers on either side and of the own units, and the form for a new one."""

    template_name = "beneficiaries/handovers.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        if not isinstance(actor, User) or actor.unit is None:
            return {"handovers": self.ask(HandoversView)}
        receivers = who_can_look_after(actor.unit).exclude(pk=actor.pk).order_by("full_name", "pk")
        return {
            "handovers": self.ask(HandoversView),
            "units": units_below(actor),
            "assignments": self.ask_if_allowed(AssignmentsView, query={"limit": ASSIGNED}),
            "officers": _officers_of(actor) if may(actor, Right.ASSIGN_WORK) else [],
            "communes": units_below(actor, kinds=(AdministrativeUnit.Kind.COMMUNE.value,)),
            "givers": _with_open_work(actor) if may(actor, Right.ASSIGN_WORK) else [],
            "receivers": [
                (one.username, f"{one.full_name}, {one.get_role_display()}")
                for one in receivers
                if may(one, Right.TRANSFER_WORK)
            ],
        }


def _with_open_work(actor: User) -> list[tuple[str, str]]:
    """Who below has work in hand, whoever left first: theirs can be handed over by a superior."""
    path = actor.unit.path if actor.unit else "-"
    owners = Case.objects.filter(status__in=LIVE, unit__path__startswith=path, owner__isnull=False).values("owner")
    found = User.objects.filter(pk__in=owners, unit__path__startswith=path).exclude(pk=actor.pk)
    return [
        (
            one.username,
            f"{one.full_name}, {one.get_role_display()}{'' if one.is_active else ' (đã nghỉ, đã khóa tài khoản)'}",
        )
        for one in found.order_by("is_active", "full_name", "pk")
    ]


class DrawUp(PageStep):
    """The giver's open work is listed and signed for; nothing moves before the receiver signs."""

    step, back, again = HandoversView, "page-handovers", HandoversPage

    def said(self, data: Any) -> str:
        return f"Đã lập bản bàn giao số {data['id']}, {data['cases']} việc; có hiệu lực khi người nhận ký."


def _officers_of(actor: User) -> list[tuple[str, str]]:
    """Commune officers below, who may be sent to another commune for a while."""
    path = actor.unit.path if actor.unit else "-"
    officers = User.objects.filter(role=Role.COMMUNE_OFFICER, is_active=True, unit__path__startswith=path)
    named = officers.select_related("unit").order_by("full_name", "pk")
    return [(one.username, f"{one.full_name}, {one.unit.name}") for one in named if one.unit]


class AssignOfficer(PageStep):
    """An officer looks after another commune too, from one day to another."""

    step, back, again = AssignmentsView, "page-handovers", HandoversPage

    def said(self, data: Any) -> str:
        return f"Đã phân công {data['officer']} làm thêm ở {data['unit_name']}; người ấy bấm “Sang {data['unit_name']}” ở trang đầu."


class Accept(PageStep):
    """All of it is the receiver's."""

    step, back = AcceptHandoverView, "page-handovers"
    done = "Đã nhận bàn giao."

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}


def _first_to_sign(of_day: dict[str, list[dict[str, Any]]]) -> str | None:
    """The newest day of which only the unit itself has not signed."""
    return next((day for day, signed in of_day.items() if _can_be_signed(signed)), None)


def _can_be_signed(signed: list[dict[str, Any]]) -> bool:
    """Whether the unit looked at is the only one left."""
    return [row["own"] for row in signed if row["signed_at"] is None] == [True]


def _scores(sums: dict[str, int]) -> list[dict[str, Any]]:
    """Heading, numerator and rate of each score; a rate never stands alone."""
    files = sums["files"]
    return [
        {"heading": heading, "count": sums[name], "rate": _rate(sums[name], files) if files else "-"}
        for name, heading in SCORES.items()
    ]


def _rate(part: int, whole: int) -> str:
    """Percent, half up to two decimals, with a decimal comma."""
    hundredths = (part * 20_000 + whole) // (2 * whole)
    return f"{hundredths // 100},{hundredths % 100:02d}%"
