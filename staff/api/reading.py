"""What a request says, read once: its body, its filters, a file that is not too large. All raise `ValidationError` for what a shape refuses."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from staff.errors import Refusal


def body_of(request: Request, shape: type[Serializer[Any]]) -> dict[str, Any]:
    """The body as `shape` reads it."""
    body = shape(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def filters_of(request: Request, shape: type[Serializer[Any]], **columns: str) -> dict[str, Any]:
    """What stands behind the question mark as `shape` reads it; `columns` names the column of a filter that is called otherwise."""
    query = shape(data=request.query_params)
    query.is_valid(raise_exception=True)
    return {columns.get(name, name): value for name, value in query.validated_data.items()}


def content_of(upload: UploadedFile, *, most: int, refusal: type[Refusal]) -> bytes:
    """The bytes of a file that was sent in; raises `refusal` before any of a file over `most` bytes is read."""
    if upload.size is None or upload.size > most:
        raise refusal
    content: bytes = upload.read()
    return content
