"""Supplementary lists of a month whose own lists are made: seen first, then made just so."""

from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import Reason
from payments.api.fields import read_month
from payments.models import Cycle
from payments.services.lists.supplement import supplement
from payments.states import Channel
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import WRITE
from staff.rights import Right
from staff.services.database_clock import database_now

MOST_SHOWN = 500
MONTH = OpenApiParameter("month", OpenApiTypes.STR, OpenApiParameter.PATH, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")


class SupplementBody(serializers.Serializer[Any]):
    """Without `seen` nothing is written and what would be is shown; with it, the digest of that, just this is made."""

    seen = serializers.RegexField(r"^[0-9a-f]{64}$", allow_blank=True, default="")


class SupplementRow(serializers.Serializer[Any]):
    """What one record gets, or why nothing; `payee` is who receives: the head for members without an account of their own."""

    code = serializers.CharField()
    full_name = serializers.CharField()
    unit = serializers.CharField()
    grant = serializers.CharField()
    amount = serializers.IntegerField(help_text="đồng")
    reason = serializers.CharField(allow_blank=True)
    reason_label = serializers.SerializerMethodField()
    channel = serializers.ChoiceField(choices=Channel.choices, allow_blank=True)
    cash_reason = serializers.CharField(allow_blank=True)
    payee = serializers.CharField(allow_blank=True)

    def get_reason_label(self, row: dict[str, Any]) -> str:
        return str(Reason(row["reason"]).label) if row["reason"] else ""


class SupplementOut(serializers.Serializer[Any]):
    """The lists in draft, to be signed by three; of a preview how many there would be. At most 500 lines are shown, in the order of communes."""

    batch_ids = serializers.ListField(child=serializers.IntegerField())
    lists = serializers.IntegerField()
    payable = serializers.IntegerField()
    not_payable = serializers.IntegerField()
    amount = serializers.IntegerField(help_text="đồng")
    digest = serializers.CharField()
    lines = SupplementRow(many=True)


class SupplementsView(APIView):
    """Danh sách bổ sung."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.BUILD_LIST))

    @extend_schema(
        operation_id="supplements_create",
        tags=["cycles"],
        summary="Lập danh sách bổ sung: người được ghi khoản chi một lần sau khi danh sách của tháng đã lập",
        parameters=[MONTH],
        request=SupplementBody,
        responses={200: SupplementOut, **WRITE},
    )
    def post(self, request: Request, month: str) -> Response:
        """The province's maker, while the month is not closed. Made twice, nobody is on two lists."""
        first_day = read_month(month)
        if first_day is None:
            raise Http404
        cycle = get_object_or_404(Cycle, month=first_day, opening=False)
        body = body_of(request, SupplementBody)
        made = supplement(
            month=cycle.month, actor=actor_of(request), now=database_now(), seen=body["seen"], preview=not body["seen"]
        )
        return Response(
            SupplementOut(
                {
                    "batch_ids": made.batch_ids if body["seen"] else [],
                    "lists": made.lists,
                    "payable": len(made.payable),
                    "not_payable": len(made.lines) - len(made.payable),
                    "amount": made.amount,
                    "digest": made.digest,
                    "lines": [asdict(line) for line in made.lines[:MOST_SHOWN]],
                }
            ).data
        )
