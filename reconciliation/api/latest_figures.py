"""What a leader reads first: the rates and what waited in the newest figures that were kept, without counting anything."""

from typing import Any

from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reconciliation.api.report_shapes import RateBody
from reconciliation.services.dashboard import latest_figures
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.query import Query
from staff.api.reading import filters_of
from staff.api.refusals import READ, RefusalBody
from staff.rights import Right

_LATEST = {
    "first": "2024-07-01", "last": "2024-09-30", "counted_at": "2024-10-01T06:00:00+07:00", "ties_out": True,
    "rates": [{"name": "Tỷ lệ có tài khoản", "numerator": 1200, "denominator": 1900, "percent": "63.16"}],
    "unpaid": 12, "in_flight": 3, "open_work": 40, "overdue_work": 5,
}  # fmt: skip


class UnitQuery(Query):
    """The unit (the actor's own unless given)."""

    unit = serializers.CharField(required=False, default="", help_text="mã đơn vị")


class NamedRate(RateBody):
    """A rate with its name."""

    name = serializers.CharField()


class LatestFiguresBody(serializers.Serializer[Any]):
    """Of the days from `first` to the end of `last`, as they were known at `counted_at`; people, and cases."""

    first = serializers.DateField()
    last = serializers.DateField()
    counted_at = serializers.DateTimeField()
    ties_out = serializers.BooleanField(help_text="false: a draft, its figures do not agree yet")
    rates = NamedRate(many=True)
    unpaid = serializers.IntegerField()
    in_flight = serializers.IntegerField()
    open_work = serializers.IntegerField()
    overdue_work = serializers.IntegerField()


@method_decorator(never_cache, name="dispatch")
class LatestFiguresView(APIView):
    """The newest figures kept."""

    permission_classes = (having(Right.SEE_REPORTS),)

    @extend_schema(
        operation_id="dashboard_latest",
        tags=["dashboard"],
        summary="Số liệu đã lưu gần nhất: các tỷ lệ và việc đang chờ",
        parameters=[UnitQuery],
        responses={200: LatestFiguresBody, **READ, 400: RefusalBody},
        examples=[OpenApiExample("Quý III", value=_LATEST, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        """Of the unit's newest report, as it froze them; 404 before the first."""
        found = latest_figures(unit=unit_in_reach(actor_of(request), filters_of(request, UnitQuery)["unit"]))
        if found is None:
            raise Http404
        return Response(LatestFiguresBody(found).data)
