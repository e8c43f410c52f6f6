"""What the social-security office says it pays, beside ours: sums only."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import InsuranceFeed, InsuranceKind, InsuranceTotal
from staff.api.access import actor_of, having
from staff.api.refusals import RefusalBody
from staff.rights import Right

FEWEST = 5


class InsuranceRow(serializers.Serializer[Any]):
    """One kind in the newest list of a unit. `ours`: people of our registries among them.

    `amount` of fewer than five people is null, and so is `ours` below five.
    """

    unit = serializers.CharField(source="feed.unit.code")
    unit_name = serializers.CharField(source="feed.unit.name")
    as_of = serializers.DateField(source="feed.as_of")
    kind = serializers.ChoiceField(choices=InsuranceKind.choices)
    kind_label = serializers.CharField(source="get_kind_display")
    people = serializers.IntegerField()
    amount = serializers.SerializerMethodField(help_text="đồng per month")
    ours = serializers.SerializerMethodField()

    def get_amount(self, total: InsuranceTotal) -> int | None:
        return total.amount if _are_many(total.people) else None

    def get_ours(self, total: InsuranceTotal) -> int | None:
        return total.ours if _are_many(total.ours) else None


def _are_many(people: int) -> bool:
    """None or enough: the sum of one person would be that person's pension."""
    return people == 0 or people >= FEWEST


@method_decorator(never_cache, name="dispatch")
class InsuranceView(APIView):
    """Pensions, social and unemployment insurance."""

    permission_classes = (having(Right.SEE_REPORTS, Right.SEE_PERSONS),)

    @extend_schema(
        operation_id="insurance_list",
        tags=["coverage"],
        summary="Người hưởng lương hưu, trợ cấp bảo hiểm theo danh sách mới nhất của cơ quan bảo hiểm xã hội",
        responses={200: InsuranceRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Of units in the own reach."""
        unit = actor_of(request).unit
        feeds = InsuranceFeed.objects.filter(unit__path__startswith=unit.path if unit else "-")
        newest = feeds.order_by("unit_id", "-as_of", "-pk").distinct("unit_id").values("pk")
        totals = InsuranceTotal.objects.filter(feed__in=newest).select_related("feed__unit")
        return Response(InsuranceRow(totals.order_by("feed__unit__code", "kind"), many=True).data)
