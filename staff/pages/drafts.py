"""What was typed when the session had ended: kept sealed for whoever it was, and open again after they log in; nothing of it stays on the telephone.

The browser of a shared telephone only knows, until log-out, whose session it was: a signed number, in a cookie no script reads.
"""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils import timezone

from staff.models import User
from staff.services.keeping import forget_of, keep, take_out

PURPOSE = "draft"
UNDER = "nhap"  # how the address names the draft
WAS_HERE = "nguoi"  # the cookie
FOR = timedelta(hours=12)
MOST_LETTERS = 20_000
NEVER = frozenset({"csrfmiddlewaretoken", "password", "old", "new"})
FORM = "application/x-www-form-urlencoded"
STILL_HERE = (
    "Phiên làm việc đã hết lúc bấm nút nên chưa ghi gì. Nội dung bạn gõ còn đây; mời xem lại rồi bấm lại để ghi."
)


def remember(response: HttpResponseBase, *, user: User) -> None:
    """Until the browser is closed or the person logs out."""
    said = signing.dumps(user.pk, salt=WAS_HERE)
    response.set_cookie(WAS_HERE, said, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def forget(response: HttpResponseBase, *, user: User | None) -> None:
    """Who logs out leaves nothing: neither who they were nor what they had begun."""
    response.delete_cookie(WAS_HERE, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    if user is not None:
        forget_of(user=user, purpose=PURPOSE)


def keep_draft(request: HttpRequest, *, leave_out: frozenset[str]) -> str:
    """The token of what a form without files brought after its session had ended; "" where it is not known whose it was, or too long."""
    user = _who_was_here(request)
    if user is None or request.content_type != FORM:
        return ""
    typed = {name: values for name, values in request.POST.lists() if name not in NEVER | leave_out}
    content = json.dumps({"path": request.path, "typed": typed}, ensure_ascii=False)
    if len(content) > MOST_LETTERS or not any(any(values) for values in typed.values()):
        return ""
    return keep(user=user, purpose=PURPOSE, content=content.encode(), now=timezone.now())


def draft_of(request: HttpRequest) -> QueryDict | None:
    """What was typed at this very address, for whoever typed it; None for anybody else, another form, or when its time is over."""
    token = request.GET.get(UNDER, "")
    if not token or not isinstance(request.user, User):
        return None
    found = take_out(user=request.user, purpose=PURPOSE, token=token, now=timezone.now())
    draft: dict[str, Any] = json.loads(found) if found else {}
    if draft.get("path") != request.path:
        return None
    typed = QueryDict(mutable=True)
    for name, values in draft["typed"].items():
        typed.setlist(name, values)
    return typed


def _who_was_here(request: HttpRequest) -> User | None:
    try:
        pk = signing.loads(request.COOKIES.get(WAS_HERE, ""), salt=WAS_HERE, max_age=FOR)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()
