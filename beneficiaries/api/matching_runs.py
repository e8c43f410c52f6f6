"""Runs of matching: ordered here, done in the background, with their manifest; and the second person's yes to a whole review."""

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import MatchOrder
from beneficiaries.services.identity.order_matching import order_matching
from beneficiaries.services.identity.review_lists import accept_reviews
from beneficiaries.tasks import work_on_matching
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.order_shapes import OrderQuery, OrderRow
from staff.api.reading import body_of, filters_of, no_body
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.rights import Right

TAG = ["matching"]
COUNTS = ("matched", "cases", "duplicates")


class MatchingRow(OrderRow):
    """A run: people matched for certain, new cases of doubt, new cases of one programme paid twice; null until it is done."""

    matched = serializers.SerializerMethodField()
    cases = serializers.SerializerMethodField()
    duplicates = serializers.SerializerMethodField()

    def get_matched(self, order: MatchOrder) -> int | None:
        return _count(order, "matched")

    def get_cases(self, order: MatchOrder) -> int | None:
        return _count(order, "cases")

    def get_duplicates(self, order: MatchOrder) -> int | None:
        return _count(order, "duplicates")


class MatchingDetail(MatchingRow):
    """With the manifest: what was read, versions, thresholds, counts by rule and group. Figures only."""

    manifest = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_manifest(self, order: MatchOrder) -> dict[str, Any]:
        return order.run.manifest if order.run else {}


class AcceptReviewsBody(serializers.Serializer[Any]):
    """Below which unit; left out: the own."""

    unit = serializers.CharField(max_length=12, required=False, default="")


class Accepted(serializers.Serializer[Any]):
    """How many people are held to be found now."""

    people = serializers.IntegerField()


def _count(order: MatchOrder, name: str) -> int | None:
    return int(order.run.manifest[name]) if order.run else None


class MatchingRunsView(ListView[MatchOrder]):
    """Runs, newest first. Figures of the whole province, no persons."""

    permission_classes = (having(Right.MATCH),)
    serializer_class = MatchingRow

    @extend_schema(
        operation_id="matching_runs_list",
        tags=TAG,
        summary="Các lượt đối khớp",
        parameters=[OrderQuery],
        responses={200: MatchingRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Filter by stage."""
        wanted = filters_of(request, OrderQuery)
        return self.page_of(MatchOrder.objects.filter(**wanted).select_related("ordered_by", "run").order_by("-pk"))

    @extend_schema(
        operation_id="matching_runs_create",
        tags=TAG,
        summary="Đối khớp người hưởng với dữ liệu dân cư (chạy nền)",
        request=None,
        responses={202: MatchingDetail, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """The province's maker orders; while an order waits, ordering again is the same order."""
        no_body(request)
        order = order_matching(actor=actor_of(request), now=timezone.now())
        transaction.on_commit(work_on_matching.delay, robust=True)
        return Response(MatchingDetail(order).data, status=status.HTTP_202_ACCEPTED)


@method_decorator(never_cache, name="dispatch")
class MatchingRunView(APIView):
    """One run."""

    permission_classes = (having(Right.MATCH),)

    @extend_schema(
        operation_id="matching_runs_retrieve",
        tags=TAG,
        summary="Một lượt đối khớp: tiến độ, số liệu theo quy tắc và nhóm",
        responses={200: MatchingDetail, **READ},
    )
    def get(self, request: Request, order_id: int) -> Response:
        """Where it stands, and its manifest once it is done."""
        return Response(MatchingDetail(get_object_or_404(MatchOrder, pk=order_id)).data)


class AcceptReviewsView(APIView):
    """The second person's yes."""

    permission_classes = (having(Right.CONFIRM_CASE),)

    @extend_schema(
        operation_id="cases_accept_reviews",
        tags=["cases"],
        summary="Xác nhận kết quả rà soát định danh do người khác đề xuất, cả một địa bàn",
        request=AcceptReviewsBody,
        responses={200: Accepted, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """Own proposals are left alone; once more changes nothing."""
        actor = actor_of(request)
        unit = unit_in_reach(actor, body_of(request, AcceptReviewsBody)["unit"])
        return Response(Accepted({"people": accept_reviews(unit=unit, actor=actor, now=timezone.now())}).data)
