"""The freeze switch by API: who, why, since when."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import Programme
from payments.api.scope import unit_in_reach
from payments.api.signing_shapes import FreezeIn, FreezeRow, NoteIn
from payments.models import Freeze
from payments.services.signing.freeze import freeze, lift
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import WRITE, RefusalBody
from staff.rights import Right

TAG = ["signing"]


class FreezesView(ListView[Freeze]):
    """The freeze switch."""

    permission_classes = (having(Right.SEE_LISTS),)
    serializer_class = FreezeRow

    @extend_schema(
        operation_id="freezes_list",
        tags=TAG,
        summary="Tạm ngừng chi: đang hiệu lực và đã gỡ",
        responses={200: FreezeRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Those that hold lists of the own units, of units above too; in force first."""
        path = (actor.unit.path if (actor := actor_of(request)).unit else "-") or "-"
        parts = path.strip("/").split("/")
        above = ["/" + "/".join(parts[:length]) + "/" for length in range(1, len(parts))]
        freezes = Freeze.objects.filter(unit__path__startswith=path) | Freeze.objects.filter(unit__path__in=above)
        return self.page_of(
            freezes.select_related("unit", "programme", "began_by", "ended_by").order_by("ended_at", "-pk")
        )


@method_decorator(never_cache, name="dispatch")
class FreezeView(APIView):
    """Switch on."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.FREEZE))

    @extend_schema(
        operation_id="freezes_create",
        tags=TAG,
        summary="Tạm ngừng chi",
        request=FreezeIn,
        responses={200: FreezeRow, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """Nothing is sent or handed over there from now on."""
        actor = actor_of(request)
        given = body_of(request, FreezeIn)
        programme = get_object_or_404(Programme, code=given["programme"]) if given["programme"] else None
        frozen = freeze(
            unit=unit_in_reach(actor, given["unit"]),
            programme=programme,
            reason=given["reason"],
            actor=actor,
            now=timezone.now(),
        )
        return Response(FreezeRow(frozen).data)


@method_decorator(never_cache, name="dispatch")
class LiftView(APIView):
    """Switch off."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.UNFREEZE))

    @extend_schema(
        operation_id="freezes_lift",
        tags=TAG,
        summary="Gỡ tạm ngừng chi",
        request=NoteIn,
        responses={200: FreezeRow, **WRITE},
    )
    def post(self, request: Request, freeze_id: int) -> Response:
        """The releaser alone, with a reason."""
        actor = actor_of(request)
        get_object_or_404(Freeze, pk=freeze_id, unit__path__startswith=actor.unit.path if actor.unit else "-")
        body = body_of(request, NoteIn)
        lifted = lift(freeze_id=freeze_id, reason=body["note"], actor=actor, now=timezone.now())
        return Response(FreezeRow(lifted).data)
