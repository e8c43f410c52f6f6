"""Quality of data over time, and the sign-off of each level. Figures only, no persons."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import Enrolment
from beneficiaries.models.quality import COUNTS
from beneficiaries.services.quality import figures_over_time, sign_off, signed_units
from beneficiaries.services.quality_gaps import without_signer
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.query import Query
from staff.api.reading import body_of, filters_of
from staff.api.refusals import RefusalBody
from staff.api.words import Words
from staff.rights import Right

TAG = ["quality"]
MOST_DAYS = 366
_SUMS = {"files": 240, "correct": 228, "complete": 231, "cleaned": 236, "live": 214, "solved_mismatches": 9, "open_mismatches": 4,
         "without_number": 5, "not_found": 2, "duplicates": 1, "deceased": 0}  # fmt: skip


class QualityQuery(Query):
    """Which unit (the own one if not said), which programme (all if not said), how many counted days."""

    unit = serializers.CharField(max_length=12, required=False, default="")
    programme = serializers.CharField(max_length=12, required=False, default="")
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, required=False, default=31)


class FiguresBody(serializers.Serializer[Any]):
    """Files of one day and how many of them are so; a rate is any of them ÷ `files`."""

    taken_on = serializers.DateField()
    sums = serializers.DictField(child=serializers.IntegerField(), help_text="files, " + ", ".join(COUNTS))


class SignOffBody(serializers.Serializer[Any]):
    """The unit (the own one if not said) answers for its figures of that day."""

    unit = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)
    taken_on = serializers.DateField()
    note = Words(max_length=300, required=False, default="", allow_blank=True)


class SignedBody(serializers.Serializer[Any]):
    """Who signed what, when."""

    taken_on = serializers.DateField()
    unit = serializers.CharField(source="unit.code")
    signed_by = serializers.CharField(source="signed_by.full_name")
    signed_at = serializers.DateTimeField()
    figures = serializers.DictField(child=serializers.IntegerField())


class SignedQuery(Query):
    """Which unit (the own one if not said), which counted day."""

    unit = serializers.CharField(max_length=12, required=False, default="")
    taken_on = serializers.DateField()


class SignedUnitRow(serializers.Serializer[Any]):
    """Whether a unit answered for its data of that day; `signed_at` null: not yet."""

    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    own = serializers.BooleanField(help_text="đơn vị đang xem")
    files = serializers.IntegerField(source="sums.files")
    sums = serializers.DictField(child=serializers.IntegerField(), help_text="files, " + ", ".join(COUNTS))
    signed_by = serializers.CharField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class QualityView(APIView):
    """Đúng, đủ, sạch, sống of a unit and all below it."""

    permission_classes = (having(Right.SEE_REPORTS, Right.SIGN_OFF_DATA),)

    @extend_schema(
        operation_id="quality_list",
        tags=TAG,
        summary="Chất lượng dữ liệu: đúng, đủ, sạch, sống theo ngày",
        parameters=[
            OpenApiParameter("unit", OpenApiTypes.STR),
            OpenApiParameter("programme", OpenApiTypes.STR),
            OpenApiParameter("days", OpenApiTypes.INT),
        ],
        responses={200: FiguresBody(many=True), 400: RefusalBody, 403: RefusalBody, 404: RefusalBody},
        examples=[
            OpenApiExample(
                "Một ngày", value={"taken_on": "2026-11-21", "sums": _SUMS}, response_only=True, status_codes=["200"]
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        given = filters_of(request, QualityQuery)
        unit = unit_in_reach(actor_of(request), given["unit"])
        return Response(
            FiguresBody(figures_over_time(unit=unit, programme=given["programme"], days=given["days"]), many=True).data
        )


class UnsignedQuery(Query):
    """Which unit (the own one if not said)."""

    unit = serializers.CharField(max_length=12, required=False, default="")


class UnsignedRow(serializers.Serializer[Enrolment]):
    """A right that rests on a decision nobody is named to have signed."""

    enrolment_id = serializers.IntegerField(source="pk")
    code = serializers.CharField()
    full_name = serializers.CharField(source="beneficiary.full_name")
    unit_name = serializers.CharField(source="unit.name")


class UnsignedDecisionsView(ListView[Enrolment]):
    """Rights whose decision names nobody who signed it."""

    permission_classes = (having(Right.SEE_PERSONS),)
    serializer_class = UnsignedRow

    @extend_schema(
        operation_id="quality_unsigned_decisions",
        tags=TAG,
        summary="Hồ sơ đang hưởng mà quyết định nạp từ danh sách cũ chưa rõ người ký",
        parameters=[UnsignedQuery],
        responses={200: UnsignedRow(many=True), 400: RefusalBody, 403: RefusalBody, 404: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """By commune and code."""
        unit = unit_in_reach(actor_of(request), filters_of(request, UnsignedQuery)["unit"])
        return self.page_of(without_signer(unit=unit, on=timezone.localdate()))


class QualitySignOffView(APIView):
    """Sign-off of cleaning."""

    def get_permissions(self) -> list[Any]:
        """Signing is for who answers for the data; who signed may be seen by whoever reads the figures."""
        rights = (Right.SIGN_OFF_DATA,) if self.request.method == "POST" else (Right.SEE_REPORTS, Right.SIGN_OFF_DATA)
        return [having(*rights)()]

    @extend_schema(
        operation_id="quality_sign_off_list",
        tags=TAG,
        summary="Đơn vị nào đã ký xác nhận số liệu của một ngày, đơn vị nào chưa",
        parameters=[SignedQuery],
        responses={200: SignedUnitRow(many=True), 400: RefusalBody, 403: RefusalBody, 404: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Those who have not signed first."""
        given = filters_of(request, SignedQuery)
        unit = unit_in_reach(actor_of(request), given["unit"])
        return Response(SignedUnitRow(signed_units(unit=unit, taken_on=given["taken_on"]), many=True).data)

    @extend_schema(
        operation_id="quality_sign_off",
        tags=TAG,
        summary="Ký xác nhận kết quả làm sạch dữ liệu",
        request=SignOffBody,
        responses={201: SignedBody, 400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody},
        examples=[
            OpenApiExample("Ký", value={"unit": "97101", "taken_on": "2026-11-21"}, request_only=True),
            OpenApiExample(
                "Đã ký",
                value={"taken_on": "2026-11-21", "unit": "97101", "signed_by": "Nguyễn Thị Lập", "signed_at": "2026-11-22T08:00:00+07:00",
                       "figures": _SUMS},
                response_only=True,
                status_codes=["201"],
            ),
        ],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """A higher unit after every commune below it."""
        actor = actor_of(request)
        given = body_of(request, SignOffBody)
        signed = sign_off(
            unit=unit_in_reach(actor, given["unit"]),
            taken_on=given["taken_on"],
            note=given["note"],
            actor=actor,
            now=timezone.now(),
        )
        return Response(SignedBody(signed).data, status=status.HTTP_201_CREATED)
