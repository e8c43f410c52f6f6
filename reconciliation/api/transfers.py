"""Money that moves beside payments: lump sums to a provider, what comes back, what goes to the budget, fees."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api.batches import OneList, lists_of, require_whole_list
from payments.api.provider_shapes import HeldBody, TransferBody, TransferRow
from payments.models import FundingAccount, FundTransfer
from payments.services.ledger.transfers import held_by_provider, held_of, record_transfer
from reconciliation.api.periods import accounts_in_reach
from reconciliation.models import StatementMatch
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import READ, WRITE
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
        held = held_of(batch)
        account = FundingAccount.objects.filter(paying_unit=batch.paying_unit_id).first()
        before = 0
        if account is not None:
            before = max(held_by_provider(account=account, like=batch, besides=True), 0)
        suggested = max(held.total - held.forwarded - before, 0)
        values = {
            name: getattr(held, name) for name in ("total", "forwarded", "paid", "given_back", "refunded", "held")
        }
        return Response(HeldBody({**values, "brought_over": before, "suggested": suggested}).data)


def _rows(account: FundingAccount) -> Any:
    on_statement = StatementMatch.objects.filter(
        fund_transfer=OuterRef("pk"), reverses__isnull=True, reversed_by__isnull=True
    )
    transfers = FundTransfer.objects.filter(funding_account=account).select_related("recorded_by")
    return transfers.annotate(on_statement=Exists(on_statement))
