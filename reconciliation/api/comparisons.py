"""A clerk's own Excel list against the lists of a month."""

from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.errors.files import FileTooLarge
from beneficiaries.parsers.large_files import large_files_apart
from beneficiaries.parsers.workbook import MAX_BYTES
from payments.api.fields import read_month
from reconciliation.services.months.compare_list import Finding, compare_list
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.reading import body_of, content_of
from staff.api.refusals import WRITE
from staff.api.throttles import PerUser
from staff.rights import Right

MOST_ROWS = 5_000
PATH = [OpenApiParameter("month", OpenApiTypes.STR, OpenApiParameter.PATH, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
_ROW = {
    "row_number": 14, "code": "HS-000512", "full_name": "Trần Văn Ân", "hamlet": "Thôn 3", "theirs": 500000, "ours": 640000, "finding": "AMOUNT",
    "finding_label": "Số tiền khác", "why": "Hệ thống: tháng này 500.000 + truy lĩnh 140.000. Tệp mới ghi mức tháng này.",
}  # fmt: skip
_COMPARISON = {
    "unit": "97101", "unit_name": "xã Phước Thuận", "month": "2024-08", "in_file": 268, "same": 261, "their_total": 140020000,
    "our_total": 140160000, "our_people": 269, "rows": [_ROW], "left_out": 0,
}  # fmt: skip


class ListFile(serializers.Serializer[Any]):
    """The list as it is kept (Excel, ODS, CSV) and of which unit it is."""

    file = serializers.FileField()
    unit = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)


class ComparedRow(serializers.Serializer[Any]):
    """A row to look at; `row_number` is 0 for somebody the file lacks. Sums in đồng."""

    row_number = serializers.IntegerField()
    code = serializers.CharField()
    full_name = serializers.CharField()
    hamlet = serializers.CharField()
    theirs = serializers.IntegerField(allow_null=True)
    ours = serializers.IntegerField(allow_null=True)
    finding = serializers.ChoiceField(choices=Finding.choices)
    finding_label = serializers.CharField()
    why = serializers.CharField()


class ComparisonBody(serializers.Serializer[Any]):
    """How many rows agree, both totals, and each row that does not; `left_out`: rows beyond the first 5,000."""

    unit = serializers.CharField()
    unit_name = serializers.CharField()
    month = serializers.CharField()
    in_file = serializers.IntegerField()
    same = serializers.IntegerField()
    their_total = serializers.IntegerField()
    our_total = serializers.IntegerField()
    our_people = serializers.IntegerField()
    rows = ComparedRow(many=True)
    left_out = serializers.IntegerField()


class ComparisonsPerUser(PerUser):
    """The whole file and the whole commune are read each time."""

    rate = "20/minute"
    scope = "compare_list"


@method_decorator(never_cache, name="dispatch")
class CompareListView(APIView):
    """Nothing is written, so whoever sees lists may."""

    permission_classes = (having(Right.SEE_LISTS),)
    throttle_classes = (ComparisonsPerUser,)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        parameters=PATH,
        operation_id="cycles_compare",
        tags=["cycles"],
        summary="So danh sách của tháng với tệp Excel của đơn vị, từng dòng; không ghi gì",
        request={"multipart/form-data": ListFile},
        responses={200: ComparisonBody, **WRITE},
        examples=[OpenApiExample("Kết quả", value=_COMPARISON, response_only=True, status_codes=["200"])],
    )
    def post(self, request: Request, month: str) -> Response:
        """Rows are found by "Mã hồ sơ hưởng", else by name and year of birth; the sum by "Tổng số được nhận", else "Số tiền"."""
        actor, asked = actor_of(request), body_of(request, ListFile)
        unit = unit_in_reach(actor, asked["unit"])
        first_day = read_month(month)
        if first_day is None:
            raise Http404
        content = content_of(asked["file"], most=MAX_BYTES, refusal=FileTooLarge)
        with large_files_apart():
            found = compare_list(content=content, unit=unit, month=first_day, actor=actor)
        rows = [asdict(row) | {"finding_label": str(row.finding.label)} for row in found.rows[:MOST_ROWS]]
        told = asdict(found) | {
            "unit": unit.code, "unit_name": unit.name, "month": month, "rows": rows, "left_out": len(found.rows) - len(rows),
        }  # fmt: skip
        return Response(ComparisonBody(told).data)
