"""What is silent, which banks do not answer, and the unknown outcomes that only people can end."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from banks.errors import BankError
from payments.api.scope import payments_in_reach
from payments.api.signing import BankSilent
from payments.models import Alarm, Payment
from payments.services.alarms import alarms_in_reach, clock_silence
from payments.services.bank import the_bank
from payments.services.end_enquiry import end_enquiry, take_enquiry, unknown_outcomes
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import WRITE, RefusalBody
from staff.rights import Right

TAG = ["alarms"]


class AlarmRow(serializers.Serializer[Any]):
    """One silence. `subject` names a list, a bank or an account, never a person."""

    kind = serializers.ChoiceField(choices=Alarm.Kind.choices)
    kind_label = serializers.CharField(source="get_kind_display")
    subject = serializers.CharField()
    unit = serializers.CharField(source="unit.code", default=None, allow_null=True)
    count = serializers.IntegerField()
    since = serializers.DateTimeField()
    raised_at = serializers.DateTimeField()


class UnknownRow(serializers.Serializer[Any]):
    """An outcome nobody could learn: who looks into it, and since when it is unknown."""

    payment_id = serializers.IntegerField(source="pk")
    end_to_end_id = serializers.CharField()
    paying_unit = serializers.CharField(source="batch.paying_unit.code")
    amount = serializers.IntegerField(help_text="đồng")
    unknown_since = serializers.DateTimeField(source="first_used_at")
    owner = serializers.SerializerMethodField()

    def get_owner(self, payment: Payment) -> str:
        names = [enquiry.owner.full_name for enquiry in payment.enquiries.all() if enquiry.attempt == payment.attempt]
        return names[0] if names else ""


class BankLetter(serializers.Serializer[Any]):
    """The bank's letter: its number and date."""

    document = serializers.CharField(max_length=100)


class Ended(serializers.Serializer[Any]):
    """`sent_again`: true if it may be sent under a new key; false if the bank's list did show it, and that was applied."""

    sent_again = serializers.BooleanField()


class AlarmsView(ListView[Alarm]):
    """Open alarms."""

    permission_classes = (having(Right.SEE_LISTS),)
    serializer_class = AlarmRow

    @extend_schema(
        operation_id="alarms_list",
        tags=TAG,
        summary="Cảnh báo im lặng trong phạm vi địa bàn",
        responses={200: AlarmRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """The oldest silence first; a clock that stands still comes before all others, as nobody could raise it."""
        silent = clock_silence(now=timezone.now())
        stored = list(alarms_in_reach(unit=actor_of(request).unit))
        return self.page_of([silent, *stored] if silent else stored)


class UnknownOutcomesView(ListView[Payment]):
    """The queue of unknown outcomes."""

    permission_classes = (having(Right.SEE_LISTS),)
    serializer_class = UnknownRow

    @extend_schema(
        operation_id="unknown_outcomes_list",
        tags=TAG,
        summary="Khoản chi chưa rõ kết quả, chờ tra soát",
        responses={200: UnknownRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """The oldest first, with who looks into it."""
        return self.page_of(unknown_outcomes(unit=actor_of(request).unit, now=timezone.now()))


@method_decorator(never_cache, name="dispatch")
class TakeUnknownView(APIView):
    """Look into one."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.SETTLE_UNKNOWN))

    @extend_schema(
        operation_id="unknown_outcomes_take",
        tags=TAG,
        summary="Nhận tra soát",
        request=None,
        responses={204: None, **WRITE},
    )
    def post(self, request: Request, payment_id: int) -> Response:
        """From now on it has an owner."""
        actor = actor_of(request)
        get_object_or_404(payments_in_reach(actor), pk=payment_id)
        take_enquiry(payment_id=payment_id, actor=actor, now=timezone.now())
        return Response(status=204)


@method_decorator(never_cache, name="dispatch")
class EndUnknownView(APIView):
    """End one."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.SETTLE_UNKNOWN))

    @extend_schema(
        operation_id="unknown_outcomes_end",
        tags=TAG,
        summary="Kết luận theo văn bản và sổ của ngân hàng",
        request=BankLetter,
        responses={200: Ended, **WRITE, 503: RefusalBody},
    )
    def post(self, request: Request, payment_id: int) -> Response:
        """By a second person, with the bank's letter; the bank's list is read afresh and has the last word."""
        actor = actor_of(request)
        get_object_or_404(payments_in_reach(actor), pk=payment_id)
        body = body_of(request, BankLetter)
        try:
            again = end_enquiry(
                payment_id=payment_id,
                document=body["document"],
                actor=actor,
                now=timezone.now(),
                bank=the_bank(),
            )
        except BankError as error:
            raise BankSilent from error
        return Response(Ended({"sent_again": again}).data)
