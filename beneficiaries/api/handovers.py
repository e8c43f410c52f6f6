"""Handover of open work: drawn up and signed by one side, accepted by the other; and as a workbook to print."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api import case_examples
from beneficiaries.api.case_shapes import Unit
from beneficiaries.models import Handover, HandoverSignature
from beneficiaries.services.cases.handing_over import accept_handover, draw_up_handover
from beneficiaries.services.cases.handover_sheet import handover_sheet
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of, no_body
from staff.api.refusals import WRITE
from staff.api.words import Words
from staff.models import AdministrativeUnit, Assignment, User
from staff.rights import Right

TAG = ["handovers"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NewHandover(serializers.Serializer[Any]):
    """From whom to whom, of which unit. `giver` may be left out: the one who asks."""

    giver = serializers.CharField(max_length=150, required=False, allow_blank=True, default="", help_text="user name")
    receiver = serializers.CharField(max_length=150, help_text="user name")
    unit = serializers.CharField(max_length=12)
    note = Words(max_length=300, required=False, allow_blank=True, default="")


class HandoverSigned(serializers.Serializer[Any]):
    """Who signed for which side."""

    side = serializers.ChoiceField(choices=HandoverSignature.Side.choices)
    name = serializers.CharField(source="signer.full_name")
    signed_at = serializers.DateTimeField()


class HandoverRow(serializers.Serializer[Any]):
    """A handover; it holds once both sides have signed."""

    id = serializers.IntegerField()
    giver = serializers.CharField(source="giver.full_name")
    receiver = serializers.CharField(source="receiver.full_name")
    unit = Unit()
    cases = serializers.SerializerMethodField()
    note = serializers.CharField()
    listed_at = serializers.DateTimeField()
    digest = serializers.CharField()
    signatures = HandoverSigned(many=True, source="signatures.all")
    to_sign = serializers.SerializerMethodField(help_text="chờ chính bạn ký nhận")

    def get_cases(self, handover: Handover) -> int:
        return len(handover.case_ids)

    def get_to_sign(self, handover: Handover) -> bool:
        reader = self.context.get("reader")
        sides = {signature.side for signature in handover.signatures.all()}
        return reader is not None and reader.pk == handover.receiver_id and HandoverSignature.Side.RECEIVER not in sides


def _in_reach(actor: User) -> QuerySet[Handover]:
    """Own ones on either side, and those of the subtree."""
    reach = Q(giver=actor) | Q(receiver=actor)
    if actor.unit is not None:
        reach |= Q(unit__path__startswith=actor.unit.path)
    return (
        Handover.objects.filter(reach)
        .select_related("giver", "receiver", "unit")
        .prefetch_related("signatures__signer")
    )


def who_can_look_after(unit: AdministrativeUnit) -> QuerySet[User]:
    """Active staff whose own unit holds `unit`, or who are assigned to one that does today."""
    today = timezone.localdate()
    codes = unit.path.strip("/").split("/")
    above = ["/" + "/".join(codes[:length]) + "/" for length in range(1, len(codes) + 1)]
    running = Assignment.objects.filter(unit__path__in=above, from_on__lte=today).filter(
        Q(until_on__isnull=True) | Q(until_on__gte=today)
    )
    return User.objects.filter(Q(unit__path__in=above) | Q(pk__in=running.values("officer")), is_active=True)


class HandoversView(ListView[Handover]):
    """Handovers, newest first; a new one."""

    permission_classes = (having(Right.TRANSFER_WORK),)
    serializer_class = HandoverRow

    @extend_schema(
        operation_id="handovers_list",
        tags=TAG,
        summary="Bàn giao công việc",
        responses={200: HandoverRow(many=True), **WRITE},
        examples=case_examples.HANDOVER,
    )
    def get(self, request: Request) -> Response:
        """Own ones, and those of the own units."""
        actor = actor_of(request)
        return self.page_of(_in_reach(actor).order_by("-pk"), reader=actor)

    @extend_schema(
        operation_id="handovers_create",
        tags=TAG,
        summary="Lập bản bàn giao",
        request=NewHandover,
        responses={201: HandoverRow, **WRITE},
        examples=case_examples.NEW_HANDOVER,
    )
    def post(self, request: Request) -> Response:
        """Lists the giver's open work and signs for the giver's side; nothing moves before the receiver signs."""
        actor = actor_of(request)
        asked = body_of(request, NewHandover)
        own = actor.unit.path if actor.unit else "-"  # of which no path begins
        unit = get_object_or_404(AdministrativeUnit, code=asked["unit"], path__startswith=own)
        receiver = get_object_or_404(who_can_look_after(unit), username=asked["receiver"])
        giver = User.objects.filter(unit__path__startswith=own, username=asked["giver"]).first() or actor
        if asked["giver"] and giver.username != asked["giver"]:
            raise Http404
        handover = draw_up_handover(
            giver=giver, receiver=receiver, unit=unit, actor=actor, note=asked["note"], now=timezone.now()
        )
        return Response(
            HandoverRow(get_object_or_404(_in_reach(actor), pk=handover.pk), context={"reader": actor}).data,
            status=status.HTTP_201_CREATED,
        )


@method_decorator(never_cache, name="dispatch")
class AcceptHandoverView(APIView):
    """The receiver signs, and all of it is theirs."""

    permission_classes = (having(Right.TRANSFER_WORK),)

    @extend_schema(
        operation_id="handovers_accept",
        tags=TAG,
        summary="Nhận bàn giao",
        request=None,
        responses={200: HandoverRow, **WRITE},
        examples=case_examples.HANDOVER,
    )
    def post(self, request: Request, handover_id: int) -> Response:
        """All or none."""
        actor = actor_of(request)
        get_object_or_404(_in_reach(actor), pk=handover_id)
        no_body(request)  # part of a handover can't be accepted: whoever names a part is told so
        accept_handover(handover_id=handover_id, actor=actor, now=timezone.now())
        accepted = get_object_or_404(_in_reach(actor), pk=handover_id)
        return Response(HandoverRow(accepted, context={"reader": actor}).data)


@method_decorator(never_cache, name="dispatch")
class HandoverSheetView(APIView):
    """The handover as a workbook to print."""

    permission_classes = (having(Right.TRANSFER_WORK), having(Right.SEE_PERSONS))

    @extend_schema(
        operation_id="handovers_sheet",
        tags=TAG,
        summary="In biên bản bàn giao",
        responses={(200, XLSX): OpenApiTypes.BINARY, **WRITE},
    )
    def get(self, request: Request, handover_id: int) -> HttpResponse:
        """As listed and signed."""
        handover = get_object_or_404(_in_reach(actor_of(request)), pk=handover_id)
        response = HttpResponse(handover_sheet(handover=handover), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="ban-giao-{handover.pk}.xlsx"'
        return response
