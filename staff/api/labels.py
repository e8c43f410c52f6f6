"""Requests that may write are labelled in the history: who, which address (never its values), which request."""

import re
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from staff.models import User
from staff.services.labels import clear_labels, label_session

HEADER = "X-Request-Id"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_USABLE = re.compile(r"[A-Za-z0-9-]{8,40}")
_MARK = "_history_is_labelled"


class RequestLabels:
    """Gives every request an id, and takes the labels off the database session when the request is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if _USABLE.fullmatch(given) else secrets.token_hex(16)
        request.META["ansinh.request_id"] = request_id
        try:
            response = self.get_response(request)
        finally:
            if getattr(request, _MARK, False):
                clear_labels()
        response[HEADER] = request_id
        return response


def label_request(request: HttpRequest, *, actor: User) -> None:
    """Label what this request writes, once we know who asks; a request that only reads costs nothing."""
    if request.method in SAFE:
        return
    route = request.resolver_match.route if request.resolver_match else ""
    label_session(
        actor_id=actor.pk, why=f"{request.method} {route}", request_id=request.META.get("ansinh.request_id", "")
    )
    setattr(request, _MARK, True)
