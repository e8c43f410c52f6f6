"""What an inspector opens is written down: by page, by program, whether it was shown or refused."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from staff.models import Role, User
from staff.services.page_readings import note_page_reading

_CODE = re.compile(r"[0-9]{2,12}")


class NotesWhatInspectorsOpen:
    """Nothing is given out that cannot be written down: where the note fails, so does the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = request.user  # a program's too: REST framework sets it on this request
        if isinstance(user, User) and user.role == Role.AUDITOR:
            unit = request.GET.get("unit", "")
            note_page_reading(
                reader=user,
                method=request.method or "",
                path=request.path,
                asked_unit=unit if _CODE.fullmatch(unit) else "",
                status=response.status_code,
                now=timezone.now(),
            )
        return response
