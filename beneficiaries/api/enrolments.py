"""Enrolments by code or name: the way from a paper in hand to the addresses of its person. By POST: no name stands in an address or a log."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.linkage.names import name_key
from beneficiaries.models import Decision, Enrolment
from beneficiaries.services.decisions.record import GRANTING
from beneficiaries.services.decisions.rules import Standing, standing_of
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import RefusalBody
from staff.api.throttles import PerUser
from staff.rights import Right

MOST = 50


class EnrolmentQuery(serializers.Serializer[Any]):
    """A code, or a whole name in any spelling of its marks; `arriving`: of those sent here by another commune and not taken in yet, all or these."""

    code = serializers.CharField(max_length=30, required=False, default="", allow_blank=True, write_only=True)
    name = serializers.CharField(max_length=100, required=False, default="", allow_blank=True, write_only=True)
    arriving = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Whoever asks for nobody gets nobody."""
        if not (attrs["code"] or name_key(attrs["name"]) or attrs["arriving"]):
            raise serializers.ValidationError({"code": "Mời nhập mã hồ sơ hoặc họ và tên."})
        return attrs


@extend_schema_field(OpenApiTypes.STR)
class MonthOnly(serializers.DateField):
    """A month, written `2024-09`."""

    def __init__(self, **given: Any) -> None:
        super().__init__(format="%Y-%m", **given)


class EnrolmentRow(serializers.Serializer[Any]):
    """One enrolment: `id` for its decisions and for moving in, `beneficiary_id` for slips, payees and accounts. No number, no category."""

    id = serializers.IntegerField()
    beneficiary_id = serializers.IntegerField()
    code = serializers.CharField()
    full_name = serializers.CharField(source="beneficiary.full_name")
    birth_year = serializers.IntegerField(source="beneficiary.birth_year", allow_null=True)
    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    programme = serializers.CharField(source="programme.code")
    programme_name = serializers.CharField(source="programme.name")
    standing = serializers.SerializerMethodField()
    standing_label = serializers.SerializerMethodField()
    starts_month = MonthOnly()
    suspended_month = MonthOnly(allow_null=True)
    ended_month = MonthOnly(allow_null=True)
    moved_to = serializers.CharField(source="moved_to.code", allow_null=True, default=None)

    def get_standing(self, enrolment: Any) -> str:
        return standing_of(enrolment, granted=enrolment.granted).value

    def get_standing_label(self, enrolment: Any) -> str:
        return str(Standing(self.get_standing(enrolment)).label)


def with_standing(enrolments: QuerySet[Enrolment]) -> QuerySet[Any]:
    """Enrolments with all an `EnrolmentRow` shows, in one statement."""
    granted = Decision.objects.filter(enrolment=OuterRef("pk"), kind__in=GRANTING)
    return enrolments.annotate(granted=Exists(granted)).select_related("beneficiary", "unit", "programme", "moved_to")


class EnrolmentsPerUser(PerUser):
    """Enough for a day at the desk, too slow for copying the registry."""

    rate = "120/minute"
    scope = "enrolments"


EXAMPLE = {
    "id": 512, "beneficiary_id": 498, "code": "HS-000512", "full_name": "Trần Văn Ân", "birth_year": 1942, "unit": "97101",
    "unit_name": "xã Phước Thuận", "programme": "TCXH", "programme_name": "Trợ cấp xã hội hằng tháng", "standing": "LIVE",
    "standing_label": "đang hưởng", "starts_month": "2024-01",
    "suspended_month": None, "ended_month": None, "moved_to": None,
}  # fmt: skip


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class EnrolmentsView(APIView):
    """At most fifty, of the own subtree; with `arriving` of other communes, sent to the own."""

    permission_classes = (having(Right.SEE_PERSONS),)
    throttle_classes = (EnrolmentsPerUser,)

    @extend_schema(
        operation_id="enrolments_find",
        tags=["decisions"],
        summary="Tìm hồ sơ hưởng theo mã hoặc họ tên; hồ sơ nơi khác chuyển đến",
        request=EnrolmentQuery,
        responses={200: EnrolmentRow(many=True), 400: RefusalBody, 403: RefusalBody},
        examples=[
            OpenApiExample("Tìm theo mã", value={"code": "HS-000512"}, request_only=True),
            OpenApiExample("Hồ sơ", value=EXAMPLE, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        """By code."""
        actor, asked = actor_of(request), body_of(request, EnrolmentQuery)
        own = actor.unit.path if actor.unit else "-"  # of which no path begins
        if asked["arriving"]:
            found = Enrolment.objects.filter(moved_to__path__startswith=own, continued_by__isnull=True)
        else:
            found = Enrolment.objects.filter(unit__path__startswith=own)
        if asked["code"]:
            found = found.filter(code=asked["code"].strip())
        if asked["name"]:
            found = found.filter(beneficiary__name_key=name_key(asked["name"]))
        return Response(EnrolmentRow(with_standing(found).order_by("code")[:MOST], many=True).data)
