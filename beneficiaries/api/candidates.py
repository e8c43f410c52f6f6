"""Residents a clerk may mean while typing. By POST: neither name nor number stands in an address or a log."""

from typing import Any

from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import CandidateLookup, Sex
from beneficiaries.services.identity.candidates import Typed, find_candidates
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.reading import body_of
from staff.api.refusals import RefusalBody
from staff.api.throttles import PerUser
from staff.rights import Right


class CandidateQuery(serializers.Serializer[Any]):
    """What stands in the form so far, as typed; the unit is the asker's own unless one below is named."""

    name = serializers.CharField(max_length=100, required=False, default="", allow_blank=True, write_only=True)
    birth = serializers.CharField(max_length=30, required=False, default="", allow_blank=True, write_only=True)
    number = serializers.CharField(max_length=30, required=False, default="", allow_blank=True, write_only=True)
    unit = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)
    purpose = serializers.ChoiceField(choices=CandidateLookup.Purpose.choices)


class CandidateRow(serializers.Serializer[Any]):
    """One resident, the likeliest first; `evidence` can be shown as it is. No number."""

    identity_id = serializers.IntegerField()
    full_name = serializers.CharField()
    birth_date = serializers.DateField(allow_null=True)
    birth_year = serializers.IntegerField(allow_null=True)
    sex = serializers.ChoiceField(choices=Sex.choices)
    hamlet = serializers.CharField()
    place = serializers.CharField(help_text="thôn, xã nơi thường trú")
    deceased = serializers.BooleanField()
    likeness = serializers.CharField(help_text="rất giống, khá giống, ít giống")
    evidence = serializers.ListField(child=serializers.CharField())


class CandidatesPerUser(PerUser):
    """Fast enough for typing, too slow for copying the population."""

    rate = "120/minute"
    scope = "candidates"


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class CandidatesView(APIView):
    """At most five residents of the own scope; each look-up is kept with its purpose."""

    permission_classes = (having(Right.FIND_RESIDENTS),)
    throttle_classes = (CandidatesPerUser,)

    @extend_schema(
        operation_id="candidates_find",
        tags=["candidates"],
        summary="Tìm người dân trong dữ liệu dân cư khi nhập hồ sơ",
        request=CandidateQuery,
        responses={200: CandidateRow(many=True), 400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 429: RefusalBody},
        examples=[
            OpenApiExample("Đang nhập", value={"name": "nguyen van an", "birth": "5/9/1942", "purpose": "NEW_FILE"}, request_only=True),
            OpenApiExample(
                "Một người",
                value={
                    "identity_id": 4711, "full_name": "Nguyễn Văn An", "birth_date": "1942-09-05", "birth_year": 1942, "sex": "MALE",
                    "hamlet": "Thôn 3", "place": "Thôn 3, xã Phước Thuận", "deceased": False, "likeness": "rất giống",
                    "evidence": ["họ tên trùng, khác dấu", "ngày sinh trùng"],
                },
                response_only=True,
                status_codes=["200"],
            ),
        ],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Nobody for too little; never anybody outside the scope."""
        actor = actor_of(request)
        given = body_of(request, CandidateQuery)
        found = find_candidates(
            typed=Typed(name=given["name"], birth=given["birth"], number=given["number"]),
            unit=unit_in_reach(actor, given["unit"]),
            purpose=given["purpose"],
            actor=actor,
            now=timezone.now(),
        )
        return Response(CandidateRow(found, many=True).data)
