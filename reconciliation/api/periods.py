"""Close a month of a funding account, and reopen it by decision."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.signers import SignerField
from payments.api.fields import MonthField, read_month
from payments.models import FundingAccount
from reconciliation.api.discrepancy_shapes import DiscrepancyRow, with_evidence
from reconciliation.models import PeriodStep
from reconciliation.services.months.close_period import (
    ReopeningDecision,
    carried_before,
    close_period,
    open_in_period,
    open_months_before,
    reopen_period,
)
from reconciliation.services.months.period_states import period_states, unsettled_lists
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import RefusalBody
from staff.api.words import Words
from staff.models import User
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["periods"]
PATH = [
    OpenApiParameter("account", OpenApiTypes.STR, OpenApiParameter.PATH, description="mã tài khoản chi trả"),
    OpenApiParameter("month", OpenApiTypes.STR, OpenApiParameter.PATH, pattern=r"^\d{4}-(0[1-9]|1[0-2])$"),
]
_STEP = {
    "account": "TKCT-971", "month": "2024-08-01", "kind": "CLOSED", "kind_label": "Khóa kỳ", "decision_number": "", "decision_on": None,
    "decision_signer": "", "reason": "", "made_by": "Lê Thị Soát", "made_at": "2024-09-05T09:00:00+07:00",
}  # fmt: skip
EXAMPLES = [OpenApiExample("Khóa kỳ", value=_STEP, response_only=True, status_codes=["200"])]
DONE_CODES = {400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody}


class PeriodRow(serializers.ModelSerializer[PeriodStep]):
    """One closing or reopening."""

    account = serializers.CharField(source="funding_account.code")
    kind = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    made_by = serializers.CharField(source="made_by.full_name")

    class Meta:
        model = PeriodStep
        fields = [
            "account", "month", "kind", "kind_label", "decision_number", "decision_on", "decision_signer", "reason", "made_by", "made_at",
        ]  # fmt: skip


class CarriedItem(serializers.Serializer[Any]):
    """An open difference that goes over into the next month, and why."""

    discrepancy = serializers.IntegerField()
    note = Words(max_length=300)


class CloseBody(serializers.Serializer[Any]):
    """What is carried forward by name; empty when everything is explained."""

    carried = CarriedItem(many=True, required=False, default=list)


class ReopenBody(serializers.Serializer[Any]):
    """The decision a closed month is reopened by."""

    number = serializers.CharField(max_length=60)
    decided_on = serializers.DateField()
    signer = SignerField()
    reason = Words(max_length=300)


def accounts_in_reach(actor: User) -> QuerySet[FundingAccount]:
    """Funding accounts of the actor's subtree."""
    if actor.unit is None:
        return FundingAccount.objects.none()
    return FundingAccount.objects.filter(paying_unit__path__startswith=actor.unit.path).select_related("paying_unit")


class PeriodsView(APIView):
    """How the months of one funding account stand."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)

    @extend_schema(
        operation_id="periods_list",
        tags=TAG,
        summary="Các lần khóa kỳ, mở lại kỳ của một tài khoản chi trả",
        parameters=PATH[:1],
        responses={200: PeriodRow(many=True), 403: RefusalBody, 404: RefusalBody},
        examples=EXAMPLES,
    )
    def get(self, request: Request, account: str) -> Response:
        """The latest step of a month says how it stands."""
        steps = get_object_or_404(accounts_in_reach(actor_of(request)), code=account).period_steps
        rows = steps.select_related("funding_account", "made_by").order_by("-month", "-ordinal")
        return Response(PeriodRow(rows, many=True).data)


class PeriodStateRow(serializers.Serializer[Any]):
    """A month of one account: closed or not, and how much stands in the way."""

    account = serializers.CharField(source="account.code")
    unit_name = serializers.CharField(source="account.paying_unit.name")
    month = MonthField()
    closed = serializers.BooleanField()
    covered = serializers.BooleanField(help_text="a statement reaches the month's last day")
    covered_to = serializers.DateField(allow_null=True)
    unsettled = serializers.IntegerField(help_text="payments of this month and earlier ones without an end")
    differences = serializers.IntegerField(help_text="open differences of this month and earlier ones")
    open_before = MonthField(allow_null=True, help_text="the first earlier month that is used and not closed")


class UnsettledList(serializers.Serializer[Any]):
    """A list with payments without an end."""

    id = serializers.IntegerField()
    cycle = MonthField(source="cycle.month")
    programme = serializers.CharField(source="programme.name")
    paying_unit = serializers.CharField(source="paying_unit.name")
    channel_label = serializers.CharField(source="get_channel_display")
    payments = serializers.IntegerField(source="unsettled")


class CarriedRow(serializers.Serializer[Any]):
    """That a difference still open was carried into the next month: out of which, why, by whom."""

    discrepancy = serializers.IntegerField(source="discrepancy_id")
    month = MonthField(source="due_on", help_text="the month it was last carried out of")
    note = serializers.CharField()
    made_by = serializers.CharField(source="made_by.full_name")


class PeriodDetail(serializers.Serializer[Any]):
    """What stands in the way of closing, by name, and what of it months before left over; and every closing and reopening there was."""

    state = PeriodStateRow()
    earlier_open = serializers.ListField(
        child=MonthField(),
        help_text="months before in which something was booked and which are not closed; they close first",
    )
    unsettled_lists = UnsettledList(many=True)
    differences = DiscrepancyRow(many=True)
    carried = CarriedRow(many=True)
    steps = PeriodRow(many=True)


@method_decorator(never_cache, name="dispatch")
class PeriodStatesView(APIView):
    """A month of every funding account in reach."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)

    @extend_schema(
        operation_id="periods_of_month",
        tags=TAG,
        summary="Một tháng của mọi tài khoản chi trả: đã khóa chưa, còn vướng gì",
        parameters=PATH[1:],
        responses={200: PeriodStateRow(many=True), 403: RefusalBody, 404: RefusalBody},
    )
    def get(self, request: Request, month: str) -> Response:
        """By code."""
        unit, first_day = actor_of(request).unit, read_month(month)
        if first_day is None:
            raise Http404
        return Response(PeriodStateRow(period_states(unit=unit, month=first_day) if unit else [], many=True).data)


@method_decorator(never_cache, name="dispatch")
class PeriodView(APIView):
    """A month of one account."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)

    @extend_schema(
        operation_id="periods_retrieve",
        tags=TAG,
        summary="Một tháng của một tài khoản chi trả và những gì còn vướng",
        parameters=PATH,
        responses={200: PeriodDetail, 403: RefusalBody, 404: RefusalBody},
    )
    def get(self, request: Request, account: str, month: str) -> Response:
        """Lists with payments without an end, open differences one by one, and the month's steps, the latest first."""
        actor, first_day = actor_of(request), read_month(month)
        found = get_object_or_404(accounts_in_reach(actor), code=account)
        if first_day is None or actor.unit is None:
            raise Http404
        steps = found.period_steps.filter(month=first_day).select_related("funding_account", "made_by")
        differences = open_in_period(found, month=first_day)
        shown = {
            "state": period_states(unit=actor.unit, month=first_day, account=found)[0],
            "earlier_open": open_months_before(found, month=first_day),
            "unsettled_lists": unsettled_lists(account=found, month=first_day),
            "differences": with_evidence(differences),
            "carried": carried_before(differences),
            "steps": steps.order_by("-ordinal"),
        }
        return Response(PeriodDetail(shown).data)


class ClosePeriodView(APIView):
    """Close a month."""

    permission_classes = (having(Right.SEE_RECONCILIATION), having(Right.RECONCILE))

    @extend_schema(
        operation_id="periods_close", tags=TAG, summary="Khóa kỳ", parameters=PATH, request=CloseBody, responses={200: PeriodRow, **DONE_CODES},
        examples=EXAMPLES,
    )  # fmt: skip
    def post(self, request: Request, account: str, month: str) -> Response:
        """409 names what is neither explained nor carried forward."""
        actor, first_day = actor_of(request), read_month(month)
        found = get_object_or_404(accounts_in_reach(actor), code=account)
        if first_day is None:
            raise Http404
        body = body_of(request, CloseBody)
        carried = {item["discrepancy"]: item["note"] for item in body["carried"]}
        step = close_period(account=found, month=first_day, carried=carried, actor=actor, now=database_now())
        return Response(PeriodRow(step).data)


class ReopenPeriodView(APIView):
    """Reopen a closed month."""

    permission_classes = (having(Right.SEE_RECONCILIATION), having(Right.REOPEN_PERIOD))

    @extend_schema(
        operation_id="periods_reopen", tags=TAG, summary="Mở lại kỳ theo quyết định", parameters=PATH, request=ReopenBody,
        responses={200: PeriodRow, **DONE_CODES}, examples=EXAMPLES,
    )  # fmt: skip
    def post(self, request: Request, account: str, month: str) -> Response:
        """The decision's number, day, signer and reason stay with the month."""
        actor, first_day = actor_of(request), read_month(month)
        found = get_object_or_404(accounts_in_reach(actor), code=account)
        if first_day is None:
            raise Http404
        body = body_of(request, ReopenBody)
        decision = ReopeningDecision(**body)
        step = reopen_period(account=found, month=first_day, decision=decision, actor=actor, now=database_now())
        return Response(PeriodRow(step).data)
