"""One shape for everything the API refuses: a code for programs, a Vietnamese sentence for people, and what stands in the way."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views import defaults
from psycopg import Error, errors
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from staff.api.meanwhile import refusal_of
from staff.errors import NotAllowed, Refusal
from staff.services.faults import note_fault

# Before the general class its special ones: the first that fits speaks.
_SENTENCES: list[tuple[type[Exception], str, str]] = [
    (Http404, "NOT_FOUND", "Không tìm thấy."),
    (exceptions.NotFound, "NOT_FOUND", "Không tìm thấy."),
    (exceptions.NotAuthenticated, "NOT_AUTHENTICATED", "Mời đăng nhập."),
    (exceptions.AuthenticationFailed, "NOT_AUTHENTICATED", "Phiên đăng nhập hoặc mã truy cập không còn hiệu lực."),
    (exceptions.Throttled, "TOO_MANY_REQUESTS", "Yêu cầu quá nhiều lần, mời chờ một lát rồi thử lại."),
    (exceptions.MethodNotAllowed, "METHOD_NOT_ALLOWED", "Địa chỉ này không nhận thao tác đó."),
    (exceptions.NotAcceptable, "NOT_ACCEPTABLE", "Hệ thống chỉ trả lời bằng JSON."),
    (exceptions.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "Dữ liệu gửi lên phải là JSON."),
    (exceptions.ValidationError, "INVALID", "Dữ liệu gửi lên chưa hợp lệ."),
    (exceptions.ParseError, "INVALID", "Dữ liệu gửi lên chưa hợp lệ."),
]
_NO_RIGHT = NotAllowed()
DATABASE_AWAY = (
    "DATABASE_AWAY",
    "Cơ sở dữ liệu đang khởi động lại hoặc mất kết nối. Việc vừa làm có thể đã ghi hoặc chưa: chờ một phút, tải lại trang để xem rồi hãy làm tiếp.",
)
DATABASE_FULL = (
    "DATABASE_FULL",
    "Máy chủ cơ sở dữ liệu hết chỗ ghi, việc này chưa được thực hiện. Mời báo ngay bộ phận kỹ thuật.",
)
FAULT = (
    "Hệ thống gặp lỗi, việc này chưa được thực hiện. Mời thử lại sau; nếu còn lỗi, báo bộ phận kỹ thuật mã lỗi {code}."
)
API = "/api/"


class RefusalBody(serializers.Serializer[None]):
    """The body of every answer that is not 2xx; `conflicts` holds ids in conflict or, for INVALID, the fields and their faults."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    conflicts = serializers.ListField(child=serializers.CharField())


# What an address that reads one thing, and one that changes it, may answer with beside what was asked for.
READ = {403: RefusalBody, 404: RefusalBody}
WRITE = {400: RefusalBody, **READ, 409: RefusalBody}


def refusal_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """A `Refusal`, and what the database refuses of two at once, becomes 409 (403 for a missing right), REST framework's own errors keep their status.

    All have the body `RefusalBody`.

    Anything unexpected stays an exception: it is a fault of ours, not an answer.
    """
    refusal = error if isinstance(error, Refusal) else refusal_of(error)
    if refusal is not None:
        code = status.HTTP_403_FORBIDDEN if isinstance(refusal, NotAllowed) else status.HTTP_409_CONFLICT
        return Response(_body(refusal.code, refusal.sentence, refusal.conflicts), status=code)
    response = exception_handler(error, context)
    if response is not None:
        response.data = _body(
            *_said(error), _faults(response.data) if isinstance(error, exceptions.ValidationError) else []
        )
    return response


def refused(code: str, sentence: str, *, status: int) -> JsonResponse:
    """The one shape where no view of REST framework answers."""
    return JsonResponse(_body(code, sentence, []), status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """An address that does not exist: programs get the same shape as from any view, people a page."""
    if request.path.startswith(API):
        return refused("NOT_FOUND", "Không có địa chỉ này.", status=status.HTTP_404_NOT_FOUND)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """A fault of ours: nothing of it is told outside, and what was asked is not half done (each use case is one transaction).

    A database that is away or full is told as that, with 503: whoever lost it while it committed can't know, and is told to look first.
    """
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)) and _is_away(error.__cause__):
        return _database_away(request, full=isinstance(error.__cause__, errors.DiskFull))
    match = request.resolver_match
    sentence = FAULT.format(code=note_fault(route=f"/{match.route}" if match else "", error=error))
    if request.path.startswith(API):
        return refused("SERVER_ERROR", sentence, status=status.HTTP_500_INTERNAL_SERVER_ERROR)
    return render(None, "500.html", {"sentence": sentence}, status=status.HTTP_500_INTERNAL_SERVER_ERROR)


def _is_away(cause: BaseException | None) -> bool:
    """Whether the server could not be reached, ended the session, or has no room: not a lock, a deadlock or a question that took too long."""
    state = cause.sqlstate if isinstance(cause, Error) else None
    return state is None or state.startswith(("08", "53", "57P"))


def _database_away(request: HttpRequest, *, full: bool) -> HttpResponseBase:
    code, sentence = DATABASE_FULL if full else DATABASE_AWAY
    response: HttpResponseBase
    if request.path.startswith(API):
        response = refused(code, sentence, status=status.HTTP_503_SERVICE_UNAVAILABLE)
    else:
        response = render(None, "503.html", {"sentence": sentence}, status=status.HTTP_503_SERVICE_UNAVAILABLE)
    response["Retry-After"] = "60"
    return response


def _said(error: Exception) -> tuple[str, str]:
    for kind, code, sentence in _SENTENCES:
        if isinstance(error, kind):
            return code, sentence
    if isinstance(error, exceptions.APIException) and not isinstance(error, exceptions.PermissionDenied):
        return str(error.default_code).upper(), str(error.detail)
    return _NO_RIGHT.code, _NO_RIGHT.sentence


def _faults(data: Any) -> list[str]:
    """`{"reason": ["…"]}` as `["reason: …"]`; a fault of no field stands alone."""
    if isinstance(data, dict):
        return [f"{field}: {fault}" for field, faults in data.items() for fault in _faults(faults)]
    if isinstance(data, list):
        return [fault for item in data for fault in _faults(item)]
    return [str(data)]


def _body(code: str, sentence: str, conflicts: list[str]) -> dict[str, Any]:
    return {"code": code, "sentence": sentence, "conflicts": conflicts}
