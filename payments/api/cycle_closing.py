"""What keeps a month open, list by list."""

from typing import Any

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.fields import MonthField, read_month
from payments.api.scope import batches_in_reach
from payments.models import Cycle
from payments.services.lists.close_cycle import unfinished_lists
from payments.services.lists.granted_late import granted_late
from staff.api.access import actor_of, having
from staff.api.refusals import READ
from staff.rights import Right


class UnfinishedList(serializers.Serializer[Any]):
    """A list that is not at its end."""

    id = serializers.IntegerField()
    programme = serializers.CharField(source="programme.name")
    paying_unit = serializers.CharField(source="paying_unit.name")
    channel = serializers.CharField()
    channel_label = serializers.CharField(source="get_channel_display")
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")


class WaitingGrant(serializers.Serializer[Any]):
    """Something granted once, with how many people no list of the month has answered."""

    code = serializers.CharField(source="programme__code")
    name = serializers.CharField(source="programme__name")
    people = serializers.IntegerField()


class CycleClosing(serializers.Serializer[Any]):
    """Closed when and by whom, or what keeps it open in reach: lists, and people who wait for a supplementary one."""

    month = MonthField()
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_by = serializers.CharField(source="closed_by.full_name", default="")
    unfinished = UnfinishedList(many=True)
    waiting = WaitingGrant(many=True)


@method_decorator(never_cache, name="dispatch")
class CycleClosingView(APIView):
    """One month."""

    permission_classes = (having(Right.SEE_LISTS),)

    @extend_schema(
        operation_id="cycles_closing",
        tags=["cycles"],
        summary="Một kỳ chi trả đã khóa chưa, danh sách nào còn dở",
        parameters=[
            OpenApiParameter("month", OpenApiTypes.STR, OpenApiParameter.PATH, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
        ],
        responses={200: CycleClosing, **READ},
    )
    def get(self, request: Request, month: str) -> Response:
        """Lists by id."""
        first_day = read_month(month)
        if first_day is None:
            raise Http404
        cycle = get_object_or_404(Cycle.objects.select_related("closed_by"), month=first_day)
        actor = actor_of(request)
        reach = batches_in_reach(actor).values("pk")
        late = granted_late(cycle.month).filter(unit__path__startswith=actor.unit.path if actor.unit else "-")
        lists = unfinished_lists(cycle).filter(pk__in=reach).select_related("programme", "paying_unit")
        shown = {
            "month": cycle.month,
            "closed_at": cycle.closed_at,
            "closed_by": cycle.closed_by,
            "unfinished": lists,
            "waiting": late.values("programme__code", "programme__name")
            .annotate(people=Count("pk"))
            .order_by("programme__code"),
        }
        return Response(CycleClosing(shown).data)
