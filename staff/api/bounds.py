"""What no view should have to think of: a body that is too large to read, an address no row can have."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import resolve
from rest_framework import status

from staff.api.refusals import API, not_found, refused

MULTIPART = "multipart/form-data"
MOST_DIGITS = 15
ENVELOPE_BYTES = 64 * 1024  # what a form has beside its file
TOO_LARGE_FILE = (
    "Tệp quá lớn: trang này nhận tệp không quá {megabytes} MB. Chưa ghi gì. Mời lùi lại trang trước, chọn tệp nhỏ hơn "
    "(bảng dài thì chia làm nhiều tệp, bản quét thì quét lại ở độ nét thấp hơn)."
)


class Bounds:
    """413 before anything is read, log-in included; 404 for an address with a NUL, which PostgreSQL refuses in any text (behind the
    question mark the API's fields refuse it themselves).

    A form with files may have `MULTIPART_MAX_BYTES` under `/api/` (Django spools its files and bounds its fields; each view bounds its file,
    and reads none before it knows who asks); a page that takes one (`most_bytes` of its view) that much. Everything else may have
    `DATA_UPLOAD_MAX_MEMORY_SIZE`: Django holds to that only where it reads the body itself, and REST framework reads the stream.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = "" if request.path.startswith(API) else request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in asked:
            return not_found(request, Http404())
        if _too_large(request):
            sentence = "Dữ liệu gửi lên quá lớn; mời chia nhỏ rồi gửi lại."
            too_large = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
            if not request.path.startswith(API):
                if most := _most_with_files(request) - ENVELOPE_BYTES >> 20:
                    sentence = TOO_LARGE_FILE.format(megabytes=most)
                return render(request, "413.html", {"sentence": sentence}, status=too_large)
            return refused("BODY_TOO_LARGE", sentence, status=too_large)
        return self.get_response(request)


def _too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:
        return "HTTP_TRANSFER_ENCODING" in request.META  # sent in chunks: nobody knows how much
    most = max(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, _most_with_files(request))
    return not length.isdecimal() or len(length) > MOST_DIGITS or int(length) > most


def _most_with_files(request: HttpRequest) -> int:
    """What a form with files may have at this address; 0 where none is taken."""
    if request.content_type != MULTIPART:
        return 0
    if request.path.startswith(API):
        return int(settings.MULTIPART_MAX_BYTES)
    try:
        view = resolve(request.path_info).func
    except Http404:
        return 0
    most = getattr(getattr(view, "view_class", None), "most_bytes", 0)
    return int(most) + ENVELOPE_BYTES if most else 0
