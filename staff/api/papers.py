"""Answers that are papers as somebody once sent them, and who was given which."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.query import Query
from staff.api.reading import filters_of
from staff.api.refusals import RefusalBody
from staff.models import PaperReading, User
from staff.rights import Right

ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
PAPER = {(200, media_type): OpenApiTypes.BINARY for media_type in ENDINGS}


def paper_answer(content: bytes, *, media_type: str, name: str) -> HttpResponse:
    """The paper to keep, never to run: it is a stranger's file. What is none of the three kinds is bytes; `name` is without its ending.

    No browser guesses another type, opens it inside our pages, or stores it.
    """
    known = media_type in ENDINGS
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{ENDINGS[media_type] if known else "bin"}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=media_type if known else "application/octet-stream", headers=headers)


class ReadingQuery(Query):
    """Which readings."""

    kind = serializers.ChoiceField(choices=PaperReading.Kind.choices, required=False)
    paper_id = serializers.IntegerField(required=False, min_value=1, max_value=2**62)


class ReadingRow(serializers.Serializer[Any]):
    """Who was given which paper, when."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=PaperReading.Kind.choices)
    kind_label = serializers.CharField(source="get_kind_display")
    paper_id = serializers.IntegerField()
    unit = serializers.CharField(source="unit.name")
    read_by = serializers.CharField(source="read_by.full_name")
    read_at = serializers.DateTimeField()


class PaperReadingsView(ListView[PaperReading]):
    """Papers given out."""

    permission_classes = (having(Right.SEE_HISTORY),)
    serializer_class = ReadingRow

    @extend_schema(
        operation_id="paper_readings_list",
        tags=["history"],
        summary="Ai đã mở giấy tờ nào, lúc nào",
        parameters=[ReadingQuery],
        responses={200: ReadingRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Of papers of the own reach, newest first."""
        wanted = filters_of(request, ReadingQuery)
        return self.page_of(_readings(actor_of(request)).filter(**wanted).order_by("-pk"))


def _readings(actor: User) -> QuerySet[PaperReading]:
    if actor.unit is None:
        return PaperReading.objects.none()
    readings = PaperReading.objects.select_related("unit", "read_by")
    return readings.filter(unit__path__startswith=actor.unit.path)
