"""Lists of who served a prison sentence: send one in, see what came of those sent."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from beneficiaries.errors.files import FileTooLarge
from beneficiaries.parsers.workbook import MAX_BYTES
from reconciliation.models import PrisonList
from reconciliation.services.inspections.prison_lists import receive_prison_list
from reconciliation.tasks import take_in_prison_lists
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.order_shapes import OrderQuery, OrderRow
from staff.api.reading import body_of, content_of, filters_of
from staff.api.refusals import WRITE, RefusalBody
from staff.models import User
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["questions"]


class PrisonListIn(serializers.Serializer[Any]):
    """The list (Excel, ODS, CSV), of which unit it speaks (left out: the own one), of which days, and by which paper of which office it came."""

    file = serializers.FileField(allow_empty_file=True, max_length=200)
    unit = serializers.CharField(max_length=12, required=False, default="")
    issuer = serializers.CharField(max_length=120)
    paper = serializers.CharField(max_length=120)
    from_on = serializers.DateField()
    until_on = serializers.DateField()


class PrisonListRow(OrderRow):
    """A list and what taking it in did: `ours` of its `rows` are people of our registries; `problems` of the rows not taken in, the first 500."""

    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    issuer = serializers.CharField()
    paper = serializers.CharField()
    from_on = serializers.DateField()
    until_on = serializers.DateField()
    rows = serializers.IntegerField()
    ours = serializers.IntegerField()
    rejected = serializers.IntegerField()
    problems = serializers.ListField(child=serializers.CharField())


class PrisonListsView(ListView[PrisonList]):
    """Lists of the own reach, the newest first; and another one."""

    serializer_class = PrisonListRow
    queryset = PrisonList.objects.none()

    def get_permissions(self) -> list[Any]:
        """Who sends lists of people in, or asks the questions answered from them."""
        if self.request.method == "POST":
            return [having(Right.IMPORT_REGISTRY)()]
        return [having(Right.IMPORT_REGISTRY, Right.SEE_ANSWERS)()]

    def get_parsers(self) -> list[BaseParser]:
        """A file comes as a form."""
        return [MultiPartParser()]

    @extend_schema(
        operation_id="prison_lists_list", tags=TAG, summary="Danh sách người chấp hành án phạt tù đã gửi", parameters=[OrderQuery],
        responses={200: PrisonListRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Filter by stage."""
        return self.page_of(_lists(actor_of(request)).filter(**filters_of(request, OrderQuery)).order_by("-pk"))

    @extend_schema(
        operation_id="prison_lists_create", tags=TAG, summary="Nạp danh sách người chấp hành án phạt tù",
        request={"multipart/form-data": PrisonListIn}, responses={202: PrisonListRow, **WRITE},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Kept sealed and taken in by the background; of people who are not ours nothing stays. Nobody's money is withheld by it."""
        actor, given = actor_of(request), body_of(request, PrisonListIn)
        content = content_of(given.pop("file"), most=MAX_BYTES, refusal=FileTooLarge)
        unit = unit_in_reach(actor, given.pop("unit"))
        order = receive_prison_list(content=content, unit=unit, actor=actor, now=database_now(), **given)
        transaction.on_commit(take_in_prison_lists.delay, robust=True)
        return Response(PrisonListRow(_lists(actor).get(pk=order.pk)).data, status=status.HTTP_202_ACCEPTED)


def _lists(actor: User) -> QuerySet[PrisonList]:
    reach = PrisonList.objects.filter(unit__path__startswith=actor.unit.path if actor.unit else "-")
    return reach.select_related("unit", "ordered_by").defer("sealed")
