"""The proof of a month, as JSON for programs and as a page to print: numbers on both sides, and where each open difference is."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.fields import MonthField, read_month
from payments.models import Cycle
from payments.money import format_amount
from reconciliation.models import Discrepancy
from reconciliation.services.months.proof_places import MOST_NAMED
from reconciliation.services.months.prove import Proof, figure, prove_cycle
from staff.api.access import actor_of, having
from staff.api.refusals import RefusalBody
from staff.models import User
from staff.rights import Right

TAG = ["proof"]
PATH = [OpenApiParameter("month", OpenApiTypes.STR, OpenApiParameter.PATH, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
_PROOF = {
    "month": "2024-08", "unit": "97", "proven": False,
    "lines": [{"name": "Đã trả qua tài khoản", "people": 16467, "amount": 11040000000}],
    "checks": [{"name": "TKCT-971: sổ ghi kép = sao kê", "ours": 11040000000, "theirs": 11040000000, "unit": "đ", "holds": True}],
    "differences": [
        "Chênh lệch chưa xử lý: Dòng lạ, dòng sao kê số 17, ngày 05/08/2024, -750.000 đ, sao kê TKCT-971 từ 01/08/2024 đến 31/08/2024"
    ],
    "places": [{"sentence": "Sao kê SP000001, dòng 4 ngày 05/08/2024: trên sao kê -499.999 đ, đã nối -500.000 đ.", "list_id": None, "statement_id": 31}],
    "places_left": 0,
    "discrepancies": [{"id": 12, "kind_label": "Dòng lạ", "sentence": "Dòng sao kê không có khoản chi.", "ours": None, "theirs": -11000,
                       "url": "/api/discrepancies/12/"}],
}  # fmt: skip


class LineBody(serializers.Serializer[Any]):
    """One answer: people (enrolments of the month) and đồng."""

    name = serializers.CharField()
    people = serializers.IntegerField()
    amount = serializers.IntegerField()


class CheckBody(serializers.Serializer[Any]):
    """Two figures that must be equal."""

    name = serializers.CharField()
    ours = serializers.IntegerField()
    theirs = serializers.IntegerField()
    unit = serializers.CharField()
    holds = serializers.BooleanField()


class OpenBody(serializers.Serializer[Any]):
    """An open difference and its address."""

    id = serializers.IntegerField()
    kind_label = serializers.CharField()
    sentence = serializers.CharField()
    ours = serializers.IntegerField(allow_null=True)
    theirs = serializers.IntegerField(allow_null=True)
    url = serializers.CharField()


class PlaceOffBody(serializers.Serializer[Any]):
    """Where a sum is off, and the list or statement it stands on, where there is one."""

    sentence = serializers.CharField()
    list_id = serializers.IntegerField(allow_null=True)
    statement_id = serializers.IntegerField(allow_null=True)


class ProofBody(serializers.Serializer[Any]):
    """The proof of a month for the units of the own reach; proven when there is no difference."""

    month = MonthField()
    unit = serializers.CharField()
    proven = serializers.BooleanField()
    lines = LineBody(many=True)
    checks = CheckBody(many=True)
    differences = serializers.ListField(child=serializers.CharField())
    places = PlaceOffBody(many=True, help_text="chỗ lệch, nêu đích danh, nhiều nhất mười")
    places_left = serializers.IntegerField(help_text="số chỗ lệch còn lại, không nêu")
    discrepancies = OpenBody(many=True)


def _proof(request: Request, month: str) -> tuple[Proof, dict[str, Any], User]:
    actor, first_day = actor_of(request), read_month(month)
    if first_day is None or actor.unit is None:
        raise Http404
    cycle = get_object_or_404(Cycle, month=first_day)
    proof = prove_cycle(month=cycle.month, scope=actor.unit.path)
    found = Discrepancy.objects.filter(pk__in=proof.discrepancies).order_by("pk")
    open_items = [
        {
            "id": item.pk,
            "kind_label": item.get_kind_display(),
            "sentence": item.sentence,
            "ours": item.ours,
            "theirs": item.theirs,
            "url": reverse("api-discrepancy", args=[item.pk]),
        }
        for item in found
    ]
    body = {
        "month": proof.month, "unit": actor.unit.code, "proven": proof.proven, "lines": proof.lines, "checks": proof.checks,
        "differences": proof.differences, "discrepancies": open_items, "places": proof.places[:MOST_NAMED],
        "places_left": max(len(proof.places) - MOST_NAMED, 0),
    }  # fmt: skip
    return proof, body, actor


@method_decorator(never_cache, name="dispatch")
class ProofView(APIView):
    """The proof as figures; no persons."""

    permission_classes = (having(Right.SEE_REPORTS),)

    @extend_schema(
        operation_id="cycles_proof",
        tags=TAG,
        summary="Bảng kiểm tra khớp số của một kỳ chi trả",
        parameters=PATH,
        responses={200: ProofBody, 403: RefusalBody, 404: RefusalBody},
        examples=[OpenApiExample("Bảng kiểm tra", value=_PROOF, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, month: str) -> Response:
        """Counted now, for the units of the own reach."""
        return Response(ProofBody(_proof(request, month)[1]).data)


@method_decorator(never_cache, name="dispatch")
class ProofPageView(APIView):
    """The proof as a page."""

    permission_classes = (having(Right.SEE_REPORTS),)

    @extend_schema(
        operation_id="cycles_proof_page",
        tags=TAG,
        summary="Bảng kiểm tra khớp số, để in",
        parameters=PATH,
        responses={(200, "text/html"): OpenApiTypes.STR, 403: RefusalBody, 404: RefusalBody},
    )
    def get(self, request: Request, month: str) -> HttpResponse:
        """The same figures; each open difference links to itself."""
        proof, body, actor = _proof(request, month)
        rows = [(line.name, format_amount(line.people), format_amount(line.amount)) for line in proof.lines]
        total = (sum(line.people for line in proof.lines), sum(line.amount for line in proof.lines))
        checks = [(check, figure(check.ours, check.unit), figure(check.theirs, check.unit)) for check in proof.checks]
        items = [
            (item, *("-" if item[side] is None else format_amount(item[side]) for side in ("ours", "theirs")))
            for item in body["discrepancies"]
        ]
        given = {
            "proof": proof, "places": body["places"], "places_left": body["places_left"], "unit": actor.unit, "rows": rows,
            "total": [format_amount(one) for one in total], "checks": checks,
            "items": items, "failed": sum(not check.holds for check in proof.checks), "printed_at": timezone.localtime(),
        }  # fmt: skip
        return render(request._request, "reconciliation/proof.html", given)
