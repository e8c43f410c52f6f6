"""A result of a form under an address of its own: Back and reload ask nothing again, and nothing anybody typed stands in the address."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from rest_framework.renderers import JSONRenderer

from staff.models import User
from staff.services.keeping import keep, take_out

UNDER = "xem"  # how the address names what was kept
GONE = "Kết quả này đã hết hạn xem (30 phút); mời làm lại bước trước."


def keep_result(request: HttpRequest, *, purpose: str, result: Any) -> str:
    """Keep what a page is to show, for whoever asked; the token it is found by."""
    assert isinstance(request.user, User)
    content = JSONRenderer().render(result)
    return keep(user=request.user, purpose=purpose, content=content, now=timezone.now())


def show_later(request: HttpRequest, *, page: str, purpose: str, result: Any) -> HttpResponse:
    """Keep it and lead to the page that shows it."""
    return redirect(f"{page}?{UNDER}={keep_result(request, purpose=purpose, result=result)}")


def kept_result(request: HttpRequest, *, purpose: str) -> dict[str, Any]:
    """What the address asks for as the page's content; a sentence when its time is over; nothing when it asks for nothing."""
    token = request.GET.get(UNDER, "")
    if not token or not isinstance(request.user, User):
        return {}
    found = take_out(user=request.user, purpose=purpose, token=token, now=timezone.now())
    if found is None:
        return {"refused": {"sentence": GONE, "faults": []}}
    result: dict[str, Any] = json.loads(found)
    return result
