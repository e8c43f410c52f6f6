"""The person was at the bank and has not seen the money."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.payments import TAG
from payments.api.scope import payments_in_reach
from payments.services.learning.not_seen import report_not_seen
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import WRITE
from staff.api.words import Words
from staff.rights import Right
from staff.services.database_clock import database_now


class NotSeenIn(serializers.Serializer[Any]):
    """What the person said, if more than that."""

    said = Words(max_length=250, required=False, default="", allow_blank=True)


class NotSeenOut(serializers.Serializer[Any]):
    """The case, and the day the person is answered by."""

    case = serializers.IntegerField(source="pk")
    due_on = serializers.DateField()


@method_decorator(never_cache, name="dispatch")
class NotSeenView(APIView):
    """Tra soát for the person."""

    permission_classes = (having(Right.SEE_PERSONS), having(Right.DECIDE_CASE))

    @extend_schema(
        operation_id="payments_not_seen", tags=TAG, summary="Người dân chưa thấy tiền: mở tra soát", request=NotSeenIn,
        responses={200: NotSeenOut, **WRITE},
    )  # fmt: skip
    def post(self, request: Request, payment_id: int) -> Response:
        """Of a payment that is said to have arrived. The look-up page tells the person until when, and then the answer."""
        actor = actor_of(request)
        payment = get_object_or_404(payments_in_reach(actor), pk=payment_id)
        said = body_of(request, NotSeenIn)["said"]
        case = report_not_seen(payment_id=payment.pk, note=said, actor=actor, now=database_now())
        return Response(NotSeenOut(case).data)
