"""The households of a grant paid once, for whoever sees lists: who receives for whom, what, and who waits."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from beneficiaries.models import Beneficiary, Programme, Reason
from payments.services.once.gift_households import Share, heads_in_reach, read_households
from payments.states import Channel
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.query import Query
from staff.api.reading import filters_of
from staff.api.refusals import READ, RefusalBody
from staff.rights import Right
from staff.services.database_clock import database_now

_SHARE = {
    "code": "QUA-2-9-12", "name": "Trần Thị Bảy", "is_head": True, "amount": 100_000, "own": False, "expected": False, "payable": True,
    "channel": "CASH", "cash_label": "Chưa đăng ký tài khoản", "payee": "Trần Thị Bảy", "waits": "Chờ chuyển", "received": False,
    "batch": 7, "payment": 70,
}  # fmt: skip
_ROW = {
    "head": 12, "name": "Trần Thị Bảy", "unit": "xã Phước Thuận", "hamlet": "Thôn 3", "members": 1, "amount": 100_000, "through_head": 100_000,
    "taken_off": 0, "received": 0, "shares": [_SHARE],
}  # fmt: skip


class HouseholdQuery(Query):
    """Which households."""

    waiting = serializers.BooleanField(required=False, default=False, help_text="chỉ hộ còn người chưa nhận được")


class ShareRow(serializers.Serializer[Any]):
    """One member's share. `expected`: no list has answered yet, `own` is as a list made today would have it. People of other units: no name."""

    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    is_head = serializers.BooleanField()
    amount = serializers.IntegerField(help_text="đồng")
    own = serializers.BooleanField(help_text="vào tài khoản riêng, trừ khỏi số chủ hộ nhận")
    expected = serializers.BooleanField()
    payable = serializers.BooleanField()
    channel = serializers.ChoiceField(choices=Channel.choices, allow_blank=True)
    cash_label = serializers.SerializerMethodField()
    payee = serializers.CharField(allow_blank=True)
    waits = serializers.CharField(allow_blank=True, help_text="vì sao chưa nhận; trống là đã nhận")
    received = serializers.BooleanField()
    batch = serializers.IntegerField(allow_null=True)
    payment = serializers.IntegerField(allow_null=True)

    def get_cash_label(self, share: Share) -> str:
        return str(Reason(share.cash_reason).label) if share.cash_reason else ""


class HouseholdRow(serializers.Serializer[Any]):
    """A head, and everybody of the household who was granted it; sums in đồng of who can be paid."""

    head = serializers.IntegerField(source="head.pk")
    name = serializers.CharField(source="head.full_name")
    unit = serializers.CharField(source="head.unit.name")
    hamlet = serializers.CharField(source="head.hamlet", allow_blank=True)
    members = serializers.SerializerMethodField()
    amount = serializers.IntegerField()
    through_head = serializers.IntegerField()
    taken_off = serializers.IntegerField()
    received = serializers.IntegerField()
    shares = ShareRow(many=True)

    def get_members(self, household: Any) -> int:
        return len(household.shares)


class GiftHouseholdsView(ListView[Beneficiary]):
    """Households by commune and name."""

    permission_classes = (having(Right.SEE_LISTS),)
    serializer_class = HouseholdRow
    queryset = Beneficiary.objects.none()

    @extend_schema(
        operation_id="one_off_households",
        tags=["one-off"],
        summary="Các hộ nhận một khoản chi một lần: chủ hộ, thành viên, ai vào tài khoản riêng, ai còn chờ, vì sao",
        parameters=[HouseholdQuery],
        responses={200: HouseholdRow(many=True), 400: RefusalBody, **READ},
        examples=[OpenApiExample("Một hộ", value=_ROW, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, programme: str) -> Response:
        """Of heads in the reach of whoever asks; a household of one is a person of their own and stands in none."""
        grant = get_object_or_404(Programme, code=programme, kind=Programme.Kind.ONE_OFF)
        actor = actor_of(request)
        heads = heads_in_reach(programme=grant, actor=actor, **filters_of(request, HouseholdQuery))
        page = self.paginate_queryset(heads) or []
        households = read_households(page, programme=grant, actor=actor, now=database_now())
        return self.get_paginated_response(HouseholdRow(households, many=True).data)
