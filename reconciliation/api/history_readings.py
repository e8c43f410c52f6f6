"""Who read whose history and what for: kept with every paper that was handed out, for auditors to look through."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reconciliation.models import IssuedPaper
from reconciliation.services.browse_history import readings_in_reach
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.query import Query
from staff.api.reading import filters_of
from staff.api.refusals import RefusalBody
from staff.rights import Right


class HistoryReadingQuery(Query):
    """Readings of one person, by one member of staff, of some days; all in reach unless given."""

    person = serializers.IntegerField(required=False, min_value=1)
    reader = serializers.CharField(required=False, help_text="tên đăng nhập của người đọc")
    from_on = serializers.DateField(required=False)
    to_on = serializers.DateField(required=False)


class HistoryReadingRow(serializers.ModelSerializer[IssuedPaper]):
    """One reading: the person by id alone, who read, when, why, and the code printed on the paper."""

    person = serializers.IntegerField(source="beneficiary_id")
    unit = serializers.CharField(source="unit.code")
    reader = serializers.CharField(source="made_for.username")
    reader_name = serializers.CharField(source="made_for.full_name")
    read_at = serializers.DateTimeField(source="made_at")
    code = serializers.SerializerMethodField()

    class Meta:
        model = IssuedPaper
        fields = ["id", "person", "unit", "reader", "reader_name", "read_at", "purpose", "code"]

    def get_code(self, paper: IssuedPaper) -> str:
        """Mã số liệu at the foot of the paper."""
        return paper.digest[:12]


@method_decorator(never_cache, name="dispatch")
class HistoryReadingsView(ListView[IssuedPaper]):
    """Readings of persons' histories."""

    permission_classes = (having(Right.SEE_HISTORY),)
    serializer_class = HistoryReadingRow
    queryset = IssuedPaper.objects.none()

    @extend_schema(
        operation_id="history_readings", tags=["history"], summary="Ai đã xem quá trình hưởng của ai, để làm gì", parameters=[HistoryReadingQuery],
        responses={200: HistoryReadingRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The newest first; only people below the reader's own unit."""
        given: dict[str, Any] = filters_of(request, HistoryReadingQuery)
        found = readings_in_reach(
            looking=actor_of(request), person=given.get("person"), reader=given.get("reader"), from_on=given.get("from_on"), to_on=given.get("to_on")
        )  # fmt: skip
        return self.page_of(found)
