"""Where one works today: the own commune, or one assigned for a while."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from staff.api.acting_place import AT
from staff.models import Assignment, User
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


class GoTo(_ForStaff):
    """Work at another commune until one goes back or logs out."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """`unit`: the code of one's places; empty: the own one."""
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
        return redirect("start")
