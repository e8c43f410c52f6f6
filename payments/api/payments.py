"""Payments of a list, and taking one off."""

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api import examples
from payments.api.removal import remove_from_list
from payments.api.scope import batches_in_reach, payments_in_reach
from payments.api.serializers import PaymentQuery, PaymentRow, StopReason, notes_of_rows
from payments.models import Entitlement, Payment
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of, filters_of
from staff.api.refusals import RefusalBody
from staff.models import User
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["payments"]


def payments_shown(actor: User) -> QuerySet[Payment]:
    """Payments in reach with all that a `PaymentRow` shows."""
    months = Prefetch("entitlements", queryset=Entitlement.objects.only("month", "payment"))
    return (
        payments_in_reach(actor)
        .select_related("batch", "beneficiary__unit", "bank_account__number")
        .prefetch_related(months, notes_of_rows())
    )


class BatchPaymentsView(ListView[Payment]):
    """Payments of one list, in the order of the list."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.SEE_PERSONS))
    serializer_class = PaymentRow

    @extend_schema(
        operation_id="batches_payments_list",
        tags=TAG,
        summary="Các khoản chi của một danh sách",
        parameters=[PaymentQuery],
        responses={200: PaymentRow(many=True), 400: RefusalBody, 403: RefusalBody, 404: RefusalBody},
        examples=[examples.PAYMENT, examples.NO_RIGHT, examples.NOT_FOUND],
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """Names, amounts, bank and last four digits; never an identity number or a category."""
        actor = actor_of(request)
        get_object_or_404(batches_in_reach(actor), pk=batch_id)
        query = filters_of(request, PaymentQuery)
        return self.page_of(payments_shown(actor).filter(batch=batch_id, **query).order_by("ordinal"))


@method_decorator(never_cache, name="dispatch")
class StopView(APIView):
    """Take one payment off its list (phiếu rút tên)."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.SEE_PERSONS), having(Right.STOP_PAYMENT))

    @extend_schema(
        operation_id="payments_stop",
        tags=TAG,
        summary="Rút tên khỏi danh sách",
        request=StopReason,
        responses={200: PaymentRow, 400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody},
        examples=[examples.STOP_REASON, examples.PAYMENT, examples.NO_RIGHT, examples.NOT_FOUND, examples.CANNOT_STOP],
    )
    def post(self, request: Request, payment_id: int) -> Response:
        """Off a list in draft at once. Off a signed one by a slip: the payment is held until checker and releaser have signed it."""
        actor = actor_of(request)
        payment = get_object_or_404(payments_shown(actor), pk=payment_id)
        body = body_of(request, StopReason)
        remove_from_list(payment=payment, actor=actor, now=database_now(), **body)
        return Response(PaymentRow(get_object_or_404(payments_shown(actor), pk=payment_id)).data)
