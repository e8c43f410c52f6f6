"""The drive for accounts: hamlets with how far they are, people with what comes next, and the sheet for visits. Names and steps, no numbers."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import Beneficiary
from beneficiaries.services.accounts.account_drive import (
    ON_THE_WAY,
    HamletProgress,
    OnTheWay,
    Step,
    people_of_drive,
    progress_by_hamlet,
    visiting_sheet,
)
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.query import Query
from staff.api.reading import filters_of
from staff.api.refusals import READ
from staff.rights import Right

TAG = ["account-openings"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEEING = (having(Right.SEE_PERSONS), having(Right.SEE_ACCOUNTS))


class DriveQuery(Query):
    """Of which unit and those below (the own one when empty), which hamlet; which step, everybody still on the way when none is said."""

    unit = serializers.CharField(max_length=12, required=False, default="")
    hamlet = serializers.CharField(max_length=60, required=False)
    step = serializers.ChoiceField(choices=Step.choices, required=False)


class PlaceQuery(Query):
    """Of which unit and those below (the own one when empty), which hamlet; all when none is said."""

    unit = serializers.CharField(max_length=12, required=False, default="")
    hamlet = serializers.CharField(max_length=60, required=False)


class DrivePerson(serializers.Serializer[OnTheWay]):
    """How far somebody is on the way to an account, and what is to be done next."""

    beneficiary_id = serializers.IntegerField()
    full_name = serializers.CharField()
    birth_year = serializers.IntegerField(allow_null=True)
    unit_name = serializers.CharField()
    hamlet = serializers.CharField()
    step = serializers.ChoiceField(choices=Step.choices)
    step_label = serializers.CharField()
    bank = serializers.CharField(help_text="ngân hàng hoặc ví, khi đã đề nghị hoặc đã có")
    to_do = serializers.CharField(help_text="bước tiếp theo, bằng lời")
    identified = serializers.BooleanField(help_text="đã xác định đúng người: ngân hàng chỉ mở cho người ấy")
    visit_label = serializers.CharField(help_text="lần đến nhà gần nhất nghe được gì; rỗng: chưa đến")
    is_wished = serializers.BooleanField(help_text="không ai nói là không muốn, ngân hàng không từ chối")
    may_be_asked_for = serializers.BooleanField(
        help_text="đề nghị ngân hàng mở đứng tên người này được: đã xác định đúng người, đủ tuổi tự ký, không có người giám hộ"
    )


class HamletRow(serializers.Serializer[HamletProgress]):
    """People of one hamlet by how far they are; `without`: no account and none on its way."""

    unit = serializers.CharField()
    unit_name = serializers.CharField()
    hamlet = serializers.CharField()
    people = serializers.IntegerField()
    without = serializers.IntegerField()
    requested = serializers.IntegerField()
    opened = serializers.IntegerField()
    verified = serializers.IntegerField()
    cash = serializers.IntegerField()


class DrivePeopleView(ListView[Beneficiary]):
    """People on the way to an account."""

    permission_classes = SEEING
    serializer_class = DrivePerson

    @extend_schema(
        operation_id="account_openings_people",
        tags=TAG,
        summary="Ai chưa có tài khoản, đang ở bước nào, việc tiếp theo",
        parameters=[DriveQuery],
        responses={200: DrivePerson(many=True), **READ},
    )
    def get(self, request: Request) -> Response:
        """By hamlet, then by name."""
        given = filters_of(request, DriveQuery)
        unit = unit_in_reach(actor_of(request), given["unit"])
        steps = (given["step"],) if "step" in given else ON_THE_WAY
        on = timezone.localdate()
        return self.page_of(people_of_drive(unit=unit, on=on, hamlet=given.get("hamlet"), steps=steps))


class DriveHamletsView(ListView[Beneficiary]):
    """How far each hamlet is."""

    permission_classes = SEEING
    serializer_class = HamletRow

    @extend_schema(
        operation_id="account_openings_hamlets",
        tags=TAG,
        summary="Vận động mở tài khoản: mỗi thôn còn bao nhiêu người chưa có",
        parameters=[PlaceQuery],
        responses={200: HamletRow(many=True), **READ},
    )
    def get(self, request: Request) -> Response:
        """In the order of the map."""
        given = filters_of(request, PlaceQuery)
        unit = unit_in_reach(actor_of(request), given["unit"])
        return self.page_of(progress_by_hamlet(unit=unit, on=timezone.localdate()))


@method_decorator(never_cache, name="dispatch")
class VisitingSheetView(APIView):
    """The sheet to go from house to house with."""

    permission_classes = SEEING

    @extend_schema(
        operation_id="account_openings_visits",
        tags=TAG,
        summary="Danh sách đi từng nhà: người chưa có tài khoản theo thôn (Excel)",
        parameters=[PlaceQuery],
        responses={(200, XLSX): OpenApiTypes.BINARY, **READ},
    )
    def get(self, request: Request) -> HttpResponse:
        """Names, years of birth and what to do; no number."""
        given: dict[str, Any] = filters_of(request, PlaceQuery)
        unit = unit_in_reach(actor_of(request), given["unit"])
        content = visiting_sheet(unit=unit, hamlet=given.get("hamlet"), on=timezone.localdate())
        named = {"Content-Disposition": 'attachment; filename="di-tung-nha.xlsx"'}
        return HttpResponse(content, content_type=XLSX, headers=named)
