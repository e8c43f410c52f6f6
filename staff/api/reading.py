"""What a request says, read once: its body, its filters, a file that is not too large. All raise `ValidationError` for what a shape refuses."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.serializers import Field, ListField, ListSerializer, Serializer, ValidationError

from staff.api.query import Query
from staff.errors import Refusal

CSRF = "csrfmiddlewaretoken"  # what every form of a page sends along
STRANGERS_NAMED, LONGEST_NAME = 5, 60
NO_DATA = "Chưa gửi dữ liệu nào; mời gửi các mục có tên, hoặc {} khi không có mục nào."
FILTERED = "filters_were_read"  # a mark on the request
_STEP = re.compile(r"[^.\[\]]+")
Part = Field[Any, Any, Any, Any] | None
Shape = TypeVar("Shape", bound=Serializer[Any])


class Nothing(Serializer[Any]):
    """No body."""


def read_body(request: Request, shape: type[Shape], **context: Any) -> Shape:
    """The body as `shape` reads it, valid; a key the shape does not have is refused, at any depth: it is most often one that was misspelt."""
    if request.data is None:
        raise ValidationError([NO_DATA])
    body = shape(data=request.data, context=context)
    strangers = sorted(set(_strangers(request.data, body)))
    if strangers:
        named = ", ".join(name[:LONGEST_NAME] for name in strangers[:STRANGERS_NAMED])
        known = ", ".join(name for name, part in body.fields.items() if not part.read_only) or "không có"
        raise ValidationError([f"trường không có: {named}", f"các trường nhận: {known}"])
    body.is_valid(raise_exception=True)
    return body


def body_of(request: Request, shape: type[Serializer[Any]], **context: Any) -> dict[str, Any]:
    """What `read_body` read."""
    return dict(read_body(request, shape, **context).validated_data)


def no_body(request: Request) -> None:
    """For a change that is told everything by its address: whoever sends a key means something that would not happen."""
    read_body(request, Nothing)


def filters_of(request: Request, shape: type[Query], **columns: str) -> dict[str, Any]:
    """What stands behind the question mark as `shape` reads it; `columns` names the column of a filter that is called otherwise."""
    query = shape(data=request.query_params)
    query.is_valid(raise_exception=True)
    setattr(request, FILTERED, True)
    return {columns.get(name, name): value for name, value in query.validated_data.items()}


def filters_were_read(request: Request) -> bool:
    """Whether a shape has looked at what stands behind the question mark."""
    return getattr(request, FILTERED, False)


def content_of(upload: UploadedFile, *, most: int, refusal: type[Refusal]) -> bytes:
    """The bytes of a file that was sent in; raises `refusal` before any of a file over `most` bytes is read."""
    if upload.size is None or upload.size > most:
        raise refusal
    content: bytes = upload.read()
    return content


def _strangers(data: Any, shape: Part, *, at: str = "") -> Iterator[str]:
    """Keys of `data` that `shape` would pass over in silence, each with where it stands; other faults are the shape's to find."""
    if isinstance(data, QueryDict):
        for name in data:
            if name != CSRF and not _knows(shape, _STEP.findall(name)):
                yield name
    elif isinstance(shape, (ListSerializer, ListField)):
        for row in data if isinstance(data, list) else []:
            yield from _strangers(row, shape.child, at=at)
    elif isinstance(shape, Serializer) and isinstance(data, Mapping):
        for name, value in data.items():
            part = shape.fields.get(str(name))
            if part is None or part.read_only:
                yield f"{at}{name}"
            else:
                yield from _strangers(value, part, at=f"{at}{name}.")


def _knows(shape: Part, names: list[str]) -> bool:
    """Whether a field of a form, `account.number` or `rows[0]code`, has a place in the shape."""
    if isinstance(shape, (ListSerializer, ListField)):
        return _knows(shape.child, names[1:] if names and names[0].isdecimal() else names)
    if not isinstance(shape, Serializer) or not names:
        return True
    part = shape.fields.get(names[0])
    return part is not None and not part.read_only and _knows(part, names[1:])
