"""One works at one place at a time: a commune officer who looks after another commune for a while goes there, and all pages are of that place."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from staff.models import User
from staff.services.assignments import places_of

AT = "ansinh.at"  # in the session: the code of the other commune


class ActingPlace:
    """Asked anew with every request: whose assignment ended this morning is back at their own commune, whatever the session says.

    The unit is changed on this request's user alone and never saved; the database knows the person at their own place.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = request.session.get(AT)
        user = request.user if code else None
        if isinstance(user, User):
            found = [one.unit for one in places_of(user, on=timezone.localdate()) if one.unit.code == code]
            if found:
                request.META["ansinh.own_unit"] = user.unit
                user.unit = found[0]
            else:
                del request.session[AT]
        return self.get_response(request)
