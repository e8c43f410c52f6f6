"""Delegations by API: who signs for whom, by which document."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.scope import unit_in_reach
from payments.api.signing_shapes import DelegationIn, DelegationRow
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of, no_body
from staff.api.refusals import WRITE, RefusalBody
from staff.models import Delegation, User
from staff.rights import Right
from staff.services.delegations import delegate, revoke

TAG = ["signing"]


class DelegationsView(ListView[Delegation]):
    """Delegations."""

    permission_classes = (having(Right.SEE_LISTS),)
    serializer_class = DelegationRow

    @extend_schema(
        operation_id="delegations_list",
        tags=TAG,
        summary="Ủy quyền ký trong phạm vi địa bàn",
        responses={200: DelegationRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Who signs for whom, by which document; the newest first."""
        actor = actor_of(request)
        rows = Delegation.objects.filter(unit__path__startswith=actor.unit.path if actor.unit else "-")
        return self.page_of(rows.select_related("delegator", "delegate", "unit").order_by("-pk"))


@method_decorator(never_cache, name="dispatch")
class DelegateView(APIView):
    """Delegate one's own signature."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.DELEGATE))

    @extend_schema(
        operation_id="delegations_create",
        tags=TAG,
        summary="Ủy quyền ký",
        request=DelegationIn,
        responses={200: DelegationRow, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """To somebody who neither makes nor controls lists; on a list the two count as one."""
        actor = actor_of(request)
        given = body_of(request, DelegationIn)
        unit = unit_in_reach(actor, given.pop("unit"))
        to = User.objects.filter(
            username=given.pop("to"), unit__path__startswith=actor.unit.path if actor.unit else "-"
        )
        made = delegate(to=get_object_or_404(to), unit=unit, actor=actor, now=timezone.now(), **given)
        return Response(DelegationRow(made).data)


@method_decorator(never_cache, name="dispatch")
class RevokeDelegationView(APIView):
    """Take a delegation back."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.DELEGATE))

    @extend_schema(
        operation_id="delegations_revoke",
        tags=TAG,
        summary="Thu hồi ủy quyền",
        request=None,
        responses={200: DelegationRow, **WRITE},
    )
    def post(self, request: Request, delegation_id: int) -> Response:
        """Signatures made until now stand."""
        actor = actor_of(request)
        get_object_or_404(Delegation, pk=delegation_id, unit__path__startswith=actor.unit.path if actor.unit else "-")
        no_body(request)
        return Response(DelegationRow(revoke(delegation_id=delegation_id, actor=actor, now=timezone.now())).data)
