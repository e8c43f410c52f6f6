"""What every API shares: one answer for every expected refusal."""

from typing import Any

from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from staff.errors import NotAllowed, Refusal


def refusal_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """A `Refusal` becomes 409 (403 for a missing right) with code, sentence and the ids in conflict; the rest is DRF's."""
    if isinstance(error, Refusal):
        code = status.HTTP_403_FORBIDDEN if isinstance(error, NotAllowed) else status.HTTP_409_CONFLICT
        return Response({"code": error.code, "sentence": error.sentence, "conflicts": error.conflicts}, status=code)
    return exception_handler(error, context)
