"""What is paid once: open a grant, name whom it goes to, grant the funeral allowance."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import Beneficiary, Programme
from payments.api import examples
from payments.api.access import actor_of, having
from payments.api.one_off_shapes import FuneralBody, FuneralGranted, GrantBody, GrantedBody, GrantRow, PeopleBody
from payments.services.once.emergency import Newcomer
from payments.services.once.grants import grant_to, grants_in_reach
from payments.services.once.one_off import Household, grant_funeral_allowance, open_one_off
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import READ, WRITE
from staff.models import User
from staff.rights import Right

TAG = ["one-off"]
_ORDER = {
    "number": "80/NQ-CP",
    "signed_on": "2024-07-10",
    "signer": "Nguyễn Văn Chủ, Chủ tịch UBND tỉnh",
    "month": "2024-08",
}
_GRANT = {
    "code": "QUA-2-9",
    "name": "Quà Quốc khánh",
    "amount": 100_000,
    "budget_source": "Ngân sách trung ương",
    "order": _ORDER,
}
_ROW = {
    "code": "QUA-2-9",
    "name": "Quà Quốc khánh",
    "budget_source": "Ngân sách trung ương",
    "amount": 100_000,
    "decision": "80/NQ-CP",
    "granted": 812,
    "listed": 800,
    "received": 640,
    "waits_for": "2024-09",
}
_PEOPLE = {"order": _ORDER, "households": [{"head": 12, "members": [12, 13, 14]}]}
_FUNERAL = {
    "code": "MTP-97101-12",
    "organiser_name": "Lê Thị Lo",
    "sex": "FEMALE",
    "unit": "97101",
    "dead": 12,
    "order": _ORDER,
}


def _people(actor: User) -> QuerySet[Beneficiary]:
    """People of the actor's subtree; outside it nobody exists."""
    if actor.unit is None:
        return Beneficiary.objects.none()
    return Beneficiary.objects.filter(unit__path__startswith=actor.unit.path)


@method_decorator(never_cache, name="dispatch")
class GrantsView(ListView[Programme]):
    """Grants paid once."""

    serializer_class = GrantRow
    queryset = Programme.objects.none()

    def get_permissions(self) -> list[Any]:
        """Reading and opening are two rights."""
        return [having(Right.BUILD_LIST if self.request.method == "POST" else Right.SEE_LISTS)()]

    @extend_schema(
        operation_id="one_off_list",
        tags=TAG,
        summary="Các khoản chi một lần: số người được ghi, đã lên danh sách, đã nhận",
        responses={200: GrantRow(many=True), **READ},
        examples=[OpenApiExample("Quà Quốc khánh", value=_ROW, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        """The newest first; figures are of the reach of whoever asks."""
        return self.page_of(grants_in_reach(actor_of(request)).order_by("-pk"))

    @extend_schema(
        operation_id="one_off_create",
        tags=TAG,
        summary="Mở khoản chi một lần (trợ cấp một lần, trợ giúp khẩn cấp, quà)",
        request=GrantBody,
        responses={201: GrantRow, **WRITE},
        examples=[OpenApiExample("Quà Quốc khánh", value=_GRANT, request_only=True), examples.NO_RIGHT],
    )
    def post(self, request: Request) -> Response:
        """The province's: one policy with one amount per person."""
        body = body_of(request, GrantBody)
        actor = actor_of(request)
        opened = open_one_off(actor=actor, **body)
        return Response(GrantRow(grants_in_reach(actor).get(pk=opened.pk)).data, status=201)


@method_decorator(never_cache, name="dispatch")
class GrantView(APIView):
    """One grant."""

    permission_classes = (having(Right.SEE_LISTS),)

    @extend_schema(
        operation_id="one_off_read",
        tags=TAG,
        summary="Một khoản chi một lần",
        responses={200: GrantRow, **READ},
        examples=[OpenApiExample("Quà Quốc khánh", value=_ROW, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, programme: str) -> Response:
        """Figures are of the reach of whoever asks."""
        return Response(GrantRow(get_object_or_404(grants_in_reach(actor_of(request)), code=programme)).data)


class GrantPeopleView(APIView):
    """Whom a grant goes to."""

    permission_classes = (having(Right.BUILD_LIST),)

    @extend_schema(
        operation_id="one_off_people",
        tags=TAG,
        summary="Ghi người được nhận khoản chi một lần: theo người, theo hộ, người chưa có hồ sơ",
        request=PeopleBody,
        responses={200: GrantedBody, **WRITE},
        examples=[OpenApiExample("Quà theo hộ", value=_PEOPLE, request_only=True), examples.NO_RIGHT],
    )
    def post(self, request: Request, programme: str) -> Response:
        """Once per person, whatever is sent again; 404 as soon as one of them lies outside the reach."""
        actor, now = actor_of(request), timezone.now()
        grant = get_object_or_404(Programme, code=programme, kind=Programme.Kind.ONE_OFF)
        given = body_of(request, PeopleBody, actor=actor)
        wanted = {*given["people"]}
        for household in given["households"]:
            wanted |= {household["head"], *household["members"]}
        found = _found(actor, wanted)
        people = [found[pk] for pk in dict.fromkeys(given["people"])]
        households = [
            Household(found[one["head"]], [found[pk] for pk in one["members"]]) for one in given["households"]
        ]
        newcomers = [Newcomer(**one) for one in given["newcomers"]]
        granted = grant_to(
            programme=grant,
            people=people,
            households=households,
            newcomers=newcomers,
            order=given["order"],
            actor=actor,
            now=now,
            preview=given["preview"],
        )
        return Response(GrantedBody(granted).data)


class FuneralAllowancesView(APIView):
    """The funeral allowance."""

    permission_classes = (having(Right.RECORD_DECISION),)

    @extend_schema(
        operation_id="funeral_allowances_create",
        tags=TAG,
        summary="Ghi quyết định hỗ trợ chi phí mai táng cho tổ chức, cá nhân lo mai táng",
        request=FuneralBody,
        responses={201: FuneralGranted, **WRITE},
        examples=[OpenApiExample("Lo mai táng", value=_FUNERAL, request_only=True), examples.NO_RIGHT],
    )
    def post(self, request: Request) -> Response:
        """Once per dead person; whoever arranged it need not be enrolled."""
        actor = actor_of(request)
        given = body_of(request, FuneralBody, actor=actor)
        dead = get_object_or_404(_people(actor), pk=given.pop("dead"))
        return Response(
            FuneralGranted(grant_funeral_allowance(dead=dead, actor=actor, now=timezone.now(), **given)).data,
            status=201,
        )


def _found(actor: User, ids: Iterable[int]) -> dict[int, Beneficiary]:
    wanted = set(ids)
    found = _people(actor).in_bulk(sorted(wanted))
    if len(found) != len(wanted):
        raise Http404
    return found
