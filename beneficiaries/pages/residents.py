"""Residents a clerk may mean, on a page of its own: from a case, from a record that is corrected, or before a file is made."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from beneficiaries.api.candidates import CandidatesView
from beneficiaries.models import CandidateLookup
from staff.models import AdministrativeUnit, User
from staff.pages import Page, PageStep
from staff.pages.choices import units_below
from staff.pages.kept import kept_result, show_later
from staff.rights import Right

FOUND = "found-residents"
ENOUGH = "Chưa đủ để tìm: mời ghi đủ họ, đệm, tên (kèm năm sinh thì tìm được cả khi ghi gần đúng), hoặc đủ 12 chữ số."


class ResidentsPage(Page):
    """What is known so far, and below it whom it may mean; under a token that says nothing of either."""

    template_name, rights = "beneficiaries/residents.html", (Right.FIND_RESIDENTS,)

    def content(self, **address: Any) -> dict[str, Any]:
        actor, communes = self.request.user, (AdministrativeUnit.Kind.COMMUNE.value,)
        asked = self.request.GET
        given: dict[str, Any] = {
            "found": None,
            "typed": {"purpose": asked.get("purpose", ""), **_led_from(asked)},
            "units": units_below(actor, kinds=communes) if isinstance(actor, User) else [],
            "whole": actor.unit.name if isinstance(actor, User) and actor.unit else "",
            "purposes": CandidateLookup.Purpose.choices,
            "enough": ENOUGH,
        }
        return given | kept_result(self.request, purpose=FOUND)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class FindResidents(PageStep):
    """Nothing is changed but that the look-up is kept; a POST, so that neither name nor number stands in an address, a log or a history."""

    step, back, again = CandidatesView, "page-residents", ResidentsPage
    own = ("from_",)
    secrets: ClassVar[frozenset[str]] = frozenset({"number"})

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        given = {**self.request.POST.dict(), **self.not_sent}
        typed = {name: given.get(name, "") for name in ("name", "birth", "unit", "purpose")} | _led_from(given)
        result = {"found": data, "typed": typed, "by_number": bool(given.get("number"))}
        return show_later(self.request, page=reverse(self.back), purpose=FOUND, result=result)


def _led_from(given: Any) -> dict[str, str]:
    """The case or the person one came from, to go back to: ids only."""
    named = {name: str(given.get(name, "")) for name in ("from_case", "from_person")}
    return {name: value for name, value in named.items() if value.isdecimal() and len(value) < 19}
