"""What inspectors opened: to themselves their own, to whoever assigns roles that of the own reach."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.query import Query
from staff.api.reading import filters_of
from staff.api.refusals import RefusalBody
from staff.models import PageReading
from staff.rights import Right
from staff.services.page_readings import readings_for

_ROW = {
    "id": 81,
    "reader": "Võ Thị Tra",
    "unit": "tỉnh Phước Hòa",
    "method": "GET",
    "path": "/nguoi-huong/412/tong-hop/",
    "asked_unit": "",
    "status": 200,
    "read_at": "2026-11-21T09:12:40+07:00",
}


class PageReadingQuery(Query):
    """Whose; of everybody when nothing is said."""

    reader = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class PageReadingRow(serializers.Serializer[Any]):
    """One address one inspector asked for; `status` as HTTP counts."""

    id = serializers.IntegerField()
    reader = serializers.CharField(source="reader.full_name")
    unit = serializers.CharField(source="unit.name", default="", help_text="the inspector's scope then")
    method = serializers.CharField()
    path = serializers.CharField()
    asked_unit = serializers.CharField()
    status = serializers.IntegerField()
    read_at = serializers.DateTimeField()


class PageReadingsView(ListView[PageReading]):
    """What was opened."""

    permission_classes = (having(Right.SEE_HISTORY, Right.ASSIGN_ROLES),)
    serializer_class = PageReadingRow

    @extend_schema(
        operation_id="page_readings_list",
        tags=["history"],
        summary="Thanh tra, kiểm toán đã mở những gì",
        parameters=[PageReadingQuery],
        responses={200: PageReadingRow(many=True), 400: RefusalBody, 403: RefusalBody},
        examples=[OpenApiExample("Lượt mở", value=_ROW, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        """The newest first."""
        asked = filters_of(request, PageReadingQuery)
        return self.page_of(readings_for(actor_of(request)).filter(**asked))
