"""Unknown outcomes that only people can end: taken by one, answered by the bank's letter, ended by another in another role."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from banks.errors import BankError
from payments.api.scope import payments_in_reach
from payments.api.signing import BankSilent
from payments.errors import (
    UnreadablePaper,
)
from payments.models import Enquiry, Payment
from payments.services.learning.end_enquiry import (
    answer_enquiry,
    end_enquiry,
    read_letter,
    take_enquiry,
    unknown_outcomes,
)
from payments.services.sending.bank import the_bank
from payments.services.signing.papers import MAX_BYTES
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.papers import PAPER, paper_answer
from staff.api.reading import body_of, content_of, no_body
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["alarms"]
SETTLES = (having(Right.SEE_LISTS), having(Right.SETTLE_UNKNOWN))


class UnknownRow(serializers.Serializer[Any]):
    """An outcome nobody could learn: since when, who looks into it, and the bank's letter if it is on file."""

    payment_id = serializers.IntegerField(source="pk")
    end_to_end_id = serializers.CharField()
    paying_unit = serializers.CharField(source="batch.paying_unit.code")
    amount = serializers.IntegerField(help_text="đồng")
    unknown_since = serializers.DateTimeField(source="first_used_at")
    owner = serializers.SerializerMethodField()
    owner_role = serializers.SerializerMethodField(help_text="who ends it has another role")
    document = serializers.SerializerMethodField(help_text="the letter's number and date; empty: none on file")
    batch = serializers.IntegerField(source="batch_id")
    letter = serializers.SerializerMethodField(help_text="id of the letter on file, to be sent with the end")
    mine = serializers.SerializerMethodField(help_text="whether the reader looks into it")

    def get_letter(self, payment: Payment) -> int | None:
        enquiry = _of_this_attempt(payment)
        return enquiry.letter_id if enquiry else None

    def get_mine(self, payment: Payment) -> bool:
        enquiry = _of_this_attempt(payment)
        return enquiry is not None and enquiry.owner_id == self.context["actor"].pk

    def get_owner(self, payment: Payment) -> str:
        enquiry = _of_this_attempt(payment)
        return enquiry.owner.full_name if enquiry else ""

    def get_owner_role(self, payment: Payment) -> str:
        enquiry = _of_this_attempt(payment)
        return enquiry.owner_role if enquiry else ""

    def get_document(self, payment: Payment) -> str:
        enquiry = _of_this_attempt(payment)
        return enquiry.document if enquiry else ""


class BankLetterIn(serializers.Serializer[Any]):
    """The bank's letter: its number and date, and the paper (PDF, JPEG, PNG)."""

    document = serializers.CharField(max_length=100)
    file = serializers.FileField()


class EndBody(serializers.Serializer[Any]):
    """Which letter was read; without it, whichever is on file."""

    letter = serializers.IntegerField(required=False, min_value=1, max_value=2**62)


class Ended(serializers.Serializer[Any]):
    """`never_had`: true if the payment is ended and its money may go on a new list; false if the bank's list did show it, and that was applied."""

    never_had = serializers.BooleanField()


def _of_this_attempt(payment: Payment) -> Enquiry | None:
    return next((enquiry for enquiry in payment.enquiries.all() if enquiry.attempt == payment.attempt), None)


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
        actor = actor_of(request)
        return self.page_of(unknown_outcomes(unit=actor.unit, now=database_now()), actor=actor)


@method_decorator(never_cache, name="dispatch")
class TakeUnknownView(APIView):
    """Look into one."""

    permission_classes = SETTLES

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
        no_body(request)
        take_enquiry(payment_id=payment_id, actor=actor, now=database_now())
        return Response(status=204)


@method_decorator(never_cache, name="dispatch")
class LetterView(APIView):
    """The bank's letter."""

    permission_classes = SETTLES
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="unknown_outcomes_letter",
        tags=TAG,
        summary="Xem văn bản trả lời của ngân hàng",
        responses={**PAPER, **READ, 409: RefusalBody},
    )
    def get(self, request: Request, payment_id: int) -> HttpResponse:
        """As it was received, for whoever is to end the enquiry."""
        actor = actor_of(request)
        get_object_or_404(payments_in_reach(actor), pk=payment_id)
        content, media_type = read_letter(payment_id=payment_id, actor=actor, now=database_now())
        return paper_answer(content, media_type=media_type, name=f"van-ban-ngan-hang-{payment_id}")

    @extend_schema(
        operation_id="unknown_outcomes_answer",
        tags=TAG,
        summary="Đính kèm văn bản trả lời của ngân hàng",
        request={"multipart/form-data": BankLetterIn},
        responses={204: None, **WRITE},
    )
    def post(self, request: Request, payment_id: int) -> Response:
        """By its owner; a wrong paper is replaced until the enquiry is ended."""
        actor = actor_of(request)
        get_object_or_404(payments_in_reach(actor), pk=payment_id)
        body = body_of(request, BankLetterIn)
        answer_enquiry(
            payment_id=payment_id,
            content=content_of(body["file"], most=MAX_BYTES, refusal=UnreadablePaper),
            document=body["document"],
            actor=actor,
            now=database_now(),
        )
        return Response(status=204)


@method_decorator(never_cache, name="dispatch")
class EndUnknownView(APIView):
    """End one."""

    permission_classes = SETTLES

    @extend_schema(
        operation_id="unknown_outcomes_end",
        tags=TAG,
        summary="Kết luận theo văn bản và sổ của ngân hàng",
        request=EndBody,
        responses={200: Ended, **WRITE, 503: RefusalBody},
    )
    def post(self, request: Request, payment_id: int) -> Response:
        """By another person in another role, by the letter on file; the bank's list is read afresh and has the last word."""
        actor = actor_of(request)
        get_object_or_404(payments_in_reach(actor), pk=payment_id)
        try:
            ended = end_enquiry(
                payment_id=payment_id,
                actor=actor,
                now=database_now(),
                bank=the_bank(),
                letter=body_of(request, EndBody).get("letter"),
            )
        except BankError as error:
            raise BankSilent from error
        return Response(Ended({"never_had": ended}).data)
