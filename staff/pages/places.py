"""Where one works today: the own commune, or one assigned for a while."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from staff.api.acting_place import AT
from staff.models import AdministrativeUnit, Assignment, User
from staff.pages.base import _ForStaff
from staff.services.assignments import places_of

NOT_YOURS = (
    "Bạn không được phân công ở nơi này hôm nay; mời xem lại ngày của quyết định phân công với người lập cấp trên."
)


def places_shown(request: HttpRequest) -> dict[str, Any]:
    """For the first page and one's own: where else one may go today, and the own place while one is elsewhere."""
    user = request.user
    if not isinstance(user, User):
        return {"places": [], "own_place": None}
    places: list[Assignment] = places_of(user, on=timezone.localdate())
    return {
        "places": [one for one in places if one.unit_id != user.unit_id],
        "own_place": request.META.get("ansinh.own_unit"),
    }


@dataclass(frozen=True)
class OtherPlace:
    """Where one may go now: the `code` the button sends ("" for the own place), and the `unit` that is."""

    code: str
    unit: str
    name: str


def other_places(request: HttpRequest) -> list[OtherPlace]:
    """Every place of one's but the one where one works now: what lies there opens in one step."""
    user = request.user
    if not isinstance(user, User):
        return []
    own: AdministrativeUnit | None = request.META.get("ansinh.own_unit")
    places = [OtherPlace("", own.code, own.name)] if own else []
    units = [one.unit for one in places_of(user, on=timezone.localdate()) if one.unit_id != user.unit_id]
    return places + [OtherPlace(unit.code, unit.code, unit.name) for unit in units]


class GoTo(_ForStaff):
    """Work at another commune until one goes back or logs out."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """`unit`: the code of one's places; empty: the own one. `to`: a page of ours to open there, else the first page."""
        user, code = request.user, request.POST.get("unit", "")
        assert isinstance(user, User)
        found = [one.unit for one in places_of(user, on=timezone.localdate()) if one.unit.code == code]
        if code and not found:
            messages.error(request, NOT_YOURS)
        elif found:
            request.session[AT] = found[0].code
            messages.success(request, f"Từ giờ bạn đang làm việc tại {found[0].name}.")
        else:
            request.session.pop(AT, None)
            messages.success(request, "Bạn đã trở về đơn vị của mình.")
        to = request.POST.get("to", "")
        ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None) and to.startswith("/")
        return redirect(to if ours else "start")
