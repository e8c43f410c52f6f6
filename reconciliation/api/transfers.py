"""Money that moves beside payments: lump sums to a provider, what comes back, what goes to the budget, fees."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.batches import OneList, lists_of, require_whole_list
from payments.api.provider_shapes import HeldBody, HeldQuery, HeldRow, TransferBody, TransferRow
from payments.api.scope import sees_whole_list
from payments.models import FundingAccount, FundTransfer, PaymentBatch
from payments.services.ledger.transfers import held_for_lists, held_of_lists, record_transfer
from reconciliation.api.periods import accounts_in_reach
from reconciliation.models import StatementMatch
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of, filters_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["providers"]
_BODY = {
    "kind": "FORWARDED", "batch": 17, "amount": 297650000, "reference": "UNC-2024-0815", "treasury_number": "0815/UNC", "booked_on": "2024-08-02",
}  # fmt: skip
_HELD = {
    "total": 297650000, "forwarded": 290000000, "paid": 0, "given_back": 0, "refunded": 0, "held": 290000000, "brought_over": 7650000, "suggested": 0,
}  # fmt: skip


@method_decorator(never_cache, name="dispatch")
class TransfersView(ListView[FundTransfer]):
    """Transfers of one funding account, the newest first; and a new one."""

    serializer_class = TransferRow
    queryset = FundTransfer.objects.none()

    def get_permissions(self) -> list[Any]:
        """Reading and recording are two rights."""
        right = Right.RECONCILE if self.request.method == "POST" else Right.SEE_RECONCILIATION
        return [having(right)()]

    @extend_schema(
        operation_id="transfers_list",
        tags=TAG,
        summary="Chuyển tiền khác khoản chi của tài khoản",
        responses={200: TransferRow(many=True), **READ},
    )
    def get(self, request: Request, account: str) -> Response:
        """With what the statement says of each."""
        found = get_object_or_404(accounts_in_reach(actor_of(request)), code=account)
        return self.page_of(_rows(found).order_by("-booked_on", "-pk"))

    @extend_schema(
        operation_id="transfers_create",
        tags=TAG,
        summary="Ghi lần chuyển tiền: chuyển tổ chức chi trả, trả lại, nộp trả ngân sách, phí",
        request=TransferBody,
        responses={200: TransferRow, **WRITE},
        examples=[OpenApiExample("Chuyển một lần cho bưu điện", value=_BODY, request_only=True)],
    )
    def post(self, request: Request, account: str) -> Response:
        """The statement's line with this reference and amount books it; the same again is the same row."""
        actor = actor_of(request)
        found = get_object_or_404(accounts_in_reach(actor), code=account)
        given = body_of(request, TransferBody)
        kind, batch_id = FundTransfer.Kind(given.pop("kind")), given.pop("batch", None)
        batch = get_object_or_404(lists_of(actor), pk=batch_id) if batch_id is not None else None
        made = record_transfer(account=found, kind=kind, batch=batch, actor=actor, now=database_now(), **given)
        return Response(TransferRow(_rows(found).get(pk=made.pk)).data)


@method_decorator(never_cache, name="dispatch")
class HeldView(OneList):
    """One list's money with the provider."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)

    @extend_schema(
        operation_id="batches_held",
        tags=TAG,
        summary="Tiền của danh sách ở tổ chức dịch vụ chi trả; số nên chuyển",
        responses={200: HeldBody, **READ},
        examples=[OpenApiExample("Đang giữ", value=_HELD, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """The lump sum is what the list still needs beyond what the provider holds of earlier lists of its programme, source and channel."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        batch = get_object_or_404(lists_of(actor), pk=batch_id)
        return Response(HeldBody(_money_of([batch])[batch.pk]).data)


@method_decorator(never_cache, name="dispatch")
class HeldOfListsView(APIView):
    """Money of many lists with the provider."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)

    @extend_schema(
        operation_id="batches_held_many",
        tags=TAG,
        summary="Tiền của nhiều danh sách của một tài khoản ở tổ chức dịch vụ chi trả",
        parameters=[HeldQuery],
        responses={200: HeldRow(many=True), **READ, 400: RefusalBody},
        examples=[OpenApiExample("Đang giữ", value=_HELD | {"batch": 17}, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, account: str) -> Response:
        """Of those named, the account's own that are in reach as a whole; each as it answers alone."""
        actor = actor_of(request)
        found = get_object_or_404(accounts_in_reach(actor), code=account)
        named = filters_of(request, HeldQuery)["lists"]
        lists = lists_of(actor).filter(pk__in=named, paying_unit=found.paying_unit_id).order_by("pk")
        whole = [batch for batch in lists if sees_whole_list(actor, batch)]
        money = _money_of(whole)
        return Response(HeldRow([{"batch": batch.pk} | money[batch.pk] for batch in whole], many=True).data)


def _money_of(batches: Collection[PaymentBatch]) -> dict[int, dict[str, int]]:
    """By list, all of one paying unit."""
    held = held_of_lists(batches)
    account = FundingAccount.objects.filter(paying_unit__in={batch.paying_unit_id for batch in batches}).first()
    before = {} if account is None else held_for_lists(batches, account=account, besides=True)
    money: dict[int, dict[str, int]] = {}
    for pk, one in held.items():
        brought_over = max(before.get(pk, 0), 0)
        money[pk] = {
            name: getattr(one, name) for name in ("total", "forwarded", "paid", "given_back", "refunded", "held")
        }
        money[pk] |= {"brought_over": brought_over, "suggested": max(one.total - one.forwarded - brought_over, 0)}
    return money


def _rows(account: FundingAccount) -> Any:
    on_statement = StatementMatch.objects.filter(
        fund_transfer=OuterRef("pk"), reverses__isnull=True, reversed_by__isnull=True
    )
    transfers = FundTransfer.objects.filter(funding_account=account).select_related("recorded_by")
    return transfers.annotate(on_statement=Exists(on_statement))
