"""Beside a row of a list: a note, or "để kỳ sau" with its ground."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api import examples
from payments.api.payments import TAG, payments_shown
from payments.api.serializers import PaymentRow
from payments.models import RowNote
from payments.services.lists.put_back import put_back
from payments.services.lists.row_notes import MAY_WRITE, leave_for_next_month, write_note
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import RefusalBody
from staff.api.words import Words
from staff.rights import Right
from staff.services.database_clock import database_now

ANSWERS = {200: PaymentRow, 400: RefusalBody, 403: RefusalBody, 404: RefusalBody}
EXAMPLES = [examples.PAYMENT, examples.NO_RIGHT, examples.NOT_FOUND]


class RowNoteIn(serializers.Serializer[Any]):
    """What is to be known about the row; for the office, never told to the person."""

    text = Words(max_length=300)


class NextMonthIn(serializers.Serializer[Any]):
    """On which ground (the person is told that) and why in the office's own words."""

    ground = serializers.ChoiceField(choices=RowNote.Ground.choices)
    text = Words(max_length=300)


@method_decorator(never_cache, name="dispatch")
class RowNoteView(APIView):
    """A note beside one payment."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.SEE_PERSONS), having(*MAY_WRITE))

    @extend_schema(
        operation_id="payments_note", tags=TAG, summary="Ghi chú cạnh một người trong danh sách", request=RowNoteIn,
        responses=ANSWERS, examples=[examples.ROW_NOTE, *EXAMPLES],
    )  # fmt: skip
    def post(self, request: Request, payment_id: int) -> Response:
        """Whoever signs after reads it; nothing of the list changes. Of makers, signers and the commune's officer."""
        actor = actor_of(request)
        shown = payments_shown(actor)
        payment = get_object_or_404(shown, pk=payment_id)
        write_note(payment_id=payment.pk, actor=actor, now=database_now(), **body_of(request, RowNoteIn))
        return Response(PaymentRow(shown.get(pk=payment_id)).data)


@method_decorator(never_cache, name="dispatch")
class NextMonthView(APIView):
    """Leave somebody for the next month."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.SEE_PERSONS), having(Right.STOP_PAYMENT))

    @extend_schema(
        operation_id="payments_next_month", tags=TAG, summary="Để kỳ sau", request=NextMonthIn,
        responses={**ANSWERS, 409: RefusalBody}, examples=[examples.NEXT_MONTH, *EXAMPLES, examples.SIGNED_LIST],
    )  # fmt: skip
    def post(self, request: Request, payment_id: int) -> Response:
        """Off a list in draft; this month's money goes with the next month's list. A signed list leaves nobody."""
        actor = actor_of(request)
        shown = payments_shown(actor)
        payment = get_object_or_404(shown, pk=payment_id)
        leave_for_next_month(payment_id=payment.pk, actor=actor, now=database_now(), **body_of(request, NextMonthIn))
        return Response(PaymentRow(shown.get(pk=payment_id)).data)


@method_decorator(never_cache, name="dispatch")
class PutBackView(APIView):
    """Take back that somebody was left for the next month."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.SEE_PERSONS), having(Right.STOP_PAYMENT))

    @extend_schema(
        operation_id="payments_put_back", tags=TAG, summary="Đưa lại danh sách người đã để kỳ sau", request=RowNoteIn,
        responses={**ANSWERS, 409: RefusalBody}, examples=[examples.PUT_BACK, *EXAMPLES, examples.TAKES_NOBODY_BACK],
    )  # fmt: skip
    def post(self, request: Request, payment_id: int) -> Response:
        """On the same list while it is in draft, as a new line with the same money; the answer is that line. A signed list takes nobody back."""
        actor = actor_of(request)
        shown = payments_shown(actor)
        payment = get_object_or_404(shown, pk=payment_id)
        again = put_back(payment_id=payment.pk, actor=actor, now=database_now(), **body_of(request, RowNoteIn))
        return Response(PaymentRow(shown.get(pk=again.pk)).data)
