"""Slips with look-up codes: how many people have one, the slips to print, a new one for a person, and switching it off. A code is in no JSON answer."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.reach import people_in_reach
from beneficiaries.services.lookup import LookupState, lookup_state
from beneficiaries.services.lookup_slips import (
    HamletCodes,
    codes_by_hamlet,
    print_lookup_slips,
    print_new_lookup_slip,
    stop_looking_up,
)
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.query import Query
from staff.api.reading import body_of, filters_of, no_body
from staff.api.refusals import READ, WRITE
from staff.api.throttles import PerUser
from staff.rights import Right

TAG = ["my-status"]
PDF = "application/pdf"
WHERE = "/tra-cuu/"  # the page for everybody; where it is served is the address we were asked at
SEEING = (having(Right.SEE_PERSONS),)
PRINTING = (having(Right.SEE_PERSONS), having(Right.MANAGE_ACCOUNTS))


class SlipsPerUser(PerUser):
    """Forty sheets are drawn each time."""

    rate = "10/minute"
    scope = "lookup_slips"


class HamletCodesQuery(Query):
    """Of which unit and those below; the own one when nothing is said."""

    unit = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)


class HamletCodesRow(serializers.Serializer[HamletCodes]):
    """People of one hamlet who receive: `given` a code, `none` yet, switched `off`, and `no_year` of birth, who can't look up."""

    unit = serializers.CharField()
    unit_name = serializers.CharField()
    hamlet = serializers.CharField()
    given = serializers.IntegerField()
    none = serializers.IntegerField()
    off = serializers.IntegerField()
    no_year = serializers.IntegerField()


class LookupSlipsBody(serializers.Serializer[Any]):
    """For whom: a unit, or one hamlet of it; `hamlet` "" are those of no hamlet."""

    unit = serializers.CharField(max_length=12)
    hamlet = serializers.CharField(max_length=60, required=False, allow_blank=True)


class LookupStateRow(serializers.Serializer[Any]):
    """Whether one person's money can be asked about by code."""

    beneficiary_id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=LookupState.choices)
    state_label = serializers.CharField()


def _paper(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=PDF, headers=headers)


class _Printing(APIView):
    """Asking is for who sees people, and cheap; giving codes is for who does their papers, and counted."""

    throttle_classes = (SlipsPerUser,)

    def get_permissions(self) -> list[Any]:
        return [permission() for permission in (PRINTING if self.request.method == "POST" else SEEING)]

    def get_throttles(self) -> list[Any]:
        return super().get_throttles() if self.request.method == "POST" else []


class LookupSlipsView(_Printing, ListView[Any]):
    """Codes of a commune."""

    serializer_class = HamletCodesRow

    @extend_schema(
        operation_id="lookup_slips_list",
        tags=TAG,
        summary="Mã tra cứu: từng thôn đã cấp bao nhiêu, còn bao nhiêu",
        parameters=[HamletCodesQuery],
        responses={200: HamletCodesRow(many=True), **READ},
    )
    def get(self, request: Request) -> Response:
        """In the order of the map."""
        actor, asked = actor_of(request), filters_of(request, HamletCodesQuery)
        unit = unit_in_reach(actor, asked["unit"])
        rows = codes_by_hamlet(unit=unit, actor=actor, now=timezone.now())
        return self.page_of([asdict(row) for row in rows])

    @extend_schema(
        operation_id="lookup_slips_print",
        tags=TAG,
        summary="In phiếu tra cứu cho những người chưa có mã (PDF)",
        request=LookupSlipsBody,
        responses={(200, PDF): OpenApiTypes.BINARY, **WRITE},
    )
    def post(self, request: Request) -> HttpResponse:
        """At most 320 slips at a time; asked again it goes on. Codes stand in this answer and nowhere else, so keep it until it is printed."""
        actor, asked = actor_of(request), body_of(request, LookupSlipsBody)
        content = print_lookup_slips(
            unit=unit_in_reach(actor, asked["unit"]),
            hamlet=asked.get("hamlet"),
            address=request.build_absolute_uri(WHERE),
            actor=actor,
            now=timezone.now(),
        )
        return _paper(content, "phieu-tra-cuu")


@method_decorator(never_cache, name="dispatch")
class PersonLookupView(_Printing):
    """The code of one person."""

    @extend_schema(
        operation_id="lookup_slip_state",
        tags=TAG,
        summary="Người này đã có mã tra cứu chưa",
        responses={200: LookupStateRow, **READ},
    )
    def get(self, request: Request, beneficiary_id: int) -> Response:
        """Never the code itself: it can't be read back."""
        return _state(request, beneficiary_id)

    @extend_schema(
        operation_id="lookup_slip_print",
        tags=TAG,
        summary="In phiếu tra cứu mới cho một người; mã cũ hết dùng",
        request=None,
        responses={(200, PDF): OpenApiTypes.BINARY, **WRITE},
    )
    def post(self, request: Request, beneficiary_id: int) -> HttpResponse:
        """For a lost slip, or somebody who wants to be looked up again."""
        actor = actor_of(request)
        person = get_object_or_404(people_in_reach(actor), pk=beneficiary_id)
        no_body(request)
        address = request.build_absolute_uri(WHERE)
        content = print_new_lookup_slip(person=person, address=address, actor=actor, now=timezone.now())
        return _paper(content, f"phieu-tra-cuu-{person.pk}")


@method_decorator(never_cache, name="dispatch")
class LookupOffView(APIView):
    """Nobody is to look this person up."""

    permission_classes = PRINTING

    @extend_schema(
        operation_id="lookup_slip_off",
        tags=TAG,
        summary="Tắt tra cứu theo đề nghị của người hưởng",
        request=None,
        responses={200: LookupStateRow, **WRITE},
    )
    def post(self, request: Request, beneficiary_id: int) -> Response:
        """The code they have finds nothing from now on; slips for the whole commune leave them out."""
        actor = actor_of(request)
        person = get_object_or_404(people_in_reach(actor), pk=beneficiary_id)
        no_body(request)
        stop_looking_up(person=person, actor=actor)
        return _state(request, beneficiary_id)


def _state(request: Request, beneficiary_id: int) -> Response:
    person = get_object_or_404(people_in_reach(actor_of(request)), pk=beneficiary_id)
    state = lookup_state(person)
    return Response(
        LookupStateRow({"beneficiary_id": person.pk, "state": state.value, "state_label": state.label}).data
    )
