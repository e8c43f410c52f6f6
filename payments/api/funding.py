"""Funding accounts by API: balances, opening and closing by two people, top-ups with their document."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.funding_shapes import (
    ACCOUNT,
    CHANGE,
    TOP_UP,
    DocumentIn,
    FundingAccountIn,
    FundingAccountRow,
    SettingChangeRow,
    TopUpIn,
    TopUpRow,
)
from payments.api.scope import unit_in_reach
from payments.models import FundingAccount, JournalEntry, TopUp
from payments.services.ledger.balances import balances_of
from payments.services.ledger.funding import propose_account, propose_closing, record_top_up
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.models import User
from staff.rights import Right

TAG = ["funding"]
PROPOSED = OpenApiExample("Chờ người thứ hai", value=CHANGE, response_only=True, status_codes=["200"])


def accounts_in_reach(actor: User) -> QuerySet[FundingAccount]:
    """Funding accounts of the actor's subtree."""
    path = actor.unit.path if actor.unit else "-"
    return FundingAccount.objects.filter(paying_unit__path__startswith=path).select_related("paying_unit")


@method_decorator(never_cache, name="dispatch")
class FundingAccountsView(ListView[Any]):
    """Funding accounts, and a new one."""

    serializer_class = FundingAccountRow
    queryset = FundingAccount.objects.none()

    def get_permissions(self) -> list[Any]:
        """Reading and keeping are two rights."""
        return [having(Right.KEEP_FUNDING if self.request.method == "POST" else Right.SEE_RECONCILIATION)()]

    @extend_schema(
        operation_id="funding_accounts_list",
        tags=TAG,
        summary="Tài khoản chi trả: đã cấp, giữ chỗ, đang chuyển, đã chi, hoàn trả",
        responses={200: FundingAccountRow(many=True), 403: RefusalBody},
        examples=[OpenApiExample("Số dư", value=ACCOUNT, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        """By code, by our journal; the statement confirms what came in and what left."""
        return self.page_of(balances_of(list(accounts_in_reach(actor_of(request)).order_by("code"))))

    @extend_schema(
        operation_id="funding_accounts_propose",
        tags=TAG,
        summary="Đề nghị mở tài khoản chi trả",
        request=FundingAccountIn,
        responses={200: SettingChangeRow, **WRITE},
        examples=[PROPOSED],
    )
    def post(self, request: Request) -> Response:
        """Open only when another person in another role accepts it (`setting-changes/<id>/accept/`)."""
        actor = actor_of(request)
        given = body_of(request, FundingAccountIn)
        unit = unit_in_reach(actor, given.pop("unit"))
        return Response(SettingChangeRow(propose_account(unit=unit, actor=actor, now=timezone.now(), **given)).data)


@method_decorator(never_cache, name="dispatch")
class CloseAccountView(APIView):
    """End one account."""

    permission_classes = (having(Right.KEEP_FUNDING),)

    @extend_schema(
        operation_id="funding_accounts_close",
        tags=TAG,
        summary="Đề nghị đóng tài khoản chi trả",
        request=DocumentIn,
        responses={200: SettingChangeRow, **WRITE},
        examples=[PROPOSED],
    )
    def post(self, request: Request, account: str) -> Response:
        """Refused while a list of its unit is not over or money of it is anywhere."""
        actor = actor_of(request)
        found = get_object_or_404(accounts_in_reach(actor), code=account)
        given = body_of(request, DocumentIn)
        return Response(SettingChangeRow(propose_closing(account=found, actor=actor, now=timezone.now(), **given)).data)


@method_decorator(never_cache, name="dispatch")
class FundingTopUpsView(ListView[TopUp]):
    """Money from the Treasury into one account."""

    serializer_class = TopUpRow
    queryset = TopUp.objects.none()

    def get_permissions(self) -> list[Any]:
        """Reading and recording are two rights."""
        return [having(Right.RECORD_TOP_UP if self.request.method == "POST" else Right.SEE_RECONCILIATION)()]

    @extend_schema(
        operation_id="top_ups_list",
        tags=TAG,
        summary="Các lần cấp kinh phí vào tài khoản chi trả",
        responses={200: TopUpRow(many=True), **READ},
        examples=[OpenApiExample("Cấp kinh phí", value=TOP_UP, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, account: str) -> Response:
        """The newest first, with whether the statement has it."""
        found = get_object_or_404(accounts_in_reach(actor_of(request)), code=account)
        return self.page_of(_rows(found).order_by("-booked_on", "-pk"))

    @extend_schema(
        operation_id="top_ups_create",
        tags=TAG,
        summary="Ghi nhận cấp kinh phí, kèm chứng từ",
        request=TopUpIn,
        responses={200: TopUpRow, **WRITE},
        examples=[OpenApiExample("Cấp kinh phí", value=TOP_UP, response_only=True, status_codes=["200"])],
    )
    def post(self, request: Request, account: str) -> Response:
        """The statement's line with this reference and amount books it; the same again is the same row."""
        actor = actor_of(request)
        found = get_object_or_404(accounts_in_reach(actor), code=account)
        made = record_top_up(account=found, actor=actor, now=timezone.now(), **body_of(request, TopUpIn))
        return Response(TopUpRow(_rows(found).get(pk=made.pk)).data)


def _rows(account: FundingAccount) -> QuerySet[TopUp]:
    """Booked when the statement's line was found (`book_top_up`)."""
    booked = JournalEntry.objects.filter(source=Concat(Value("top-up:"), OuterRef("reference")))
    rows = TopUp.objects.filter(funding_account=account).select_related("recorded_by")
    return rows.annotate(on_statement=Exists(booked))
