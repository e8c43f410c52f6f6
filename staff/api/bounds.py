"""What no view should have to think of: a body that is too large to read, an address no row can have."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from rest_framework import status

from staff.api.refusals import API, not_found, refused

MULTIPART = "multipart/form-data"
MOST_DIGITS = 15


class Bounds:
    """413 before anything is read, log-in included; 404 for an address with a NUL, which PostgreSQL refuses in any text.

    A form with files may have `MULTIPART_MAX_BYTES` under `/api/` (Django spools its files and bounds its fields; each view bounds its file,
    and reads none before it knows who asks), everything else `DATA_UPLOAD_MAX_MEMORY_SIZE`: Django holds to that only where it reads the body
    itself, and REST framework reads the stream. A page reads its form before it knows who asks: it takes no files.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path:
            return not_found(request, Http404())
        if _too_large(request):
            sentence = "Dữ liệu gửi lên quá lớn; mời chia nhỏ rồi gửi lại."
            return refused("BODY_TOO_LARGE", sentence, status=status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
        return self.get_response(request)


def _too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:
        return "HTTP_TRANSFER_ENCODING" in request.META  # sent in chunks: nobody knows how much
    with_files = request.content_type == MULTIPART and request.path.startswith(API)
    most = settings.MULTIPART_MAX_BYTES if with_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return not length.isdecimal() or len(length) > MOST_DIGITS or int(length) > most
