"""Payments of which two things were said and nobody can be asked afresh: the letter put on file by one, confirmed by another in another role."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.scope import payments_in_reach
from payments.errors import (
    UnreadablePaper,
)
from payments.models import Finding, Payment
from payments.services.learning.findings import confirm_finding, contradicted_payments, put_finding, read_finding
from payments.services.signing.papers import MAX_BYTES
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.papers import PAPER, paper_answer
from staff.api.reading import body_of, content_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["alarms"]
SETTLES = (having(Right.SEE_LISTS), having(Right.SETTLE_UNKNOWN))
_ROW = {
    "payment_id": 128, "end_to_end_id": "k3f9a2c1000128", "paying_unit": "971", "amount": 750000, "status": "FAILED",
    "told_at": "2024-08-06T09:12:00+07:00", "debited_on": None, "outcome": "LEFT_NOTHING", "document": "12/NH ngày 06/8/2024",
    "found_by": "Trần Thị Kế", "found_role": "CHECKER", "batch": 7, "finding": 3,
}  # fmt: skip


class ContradictedRow(serializers.Serializer[Any]):
    """A payment two things were said of: when last, and the finding that waits to be confirmed, if a letter is on file."""

    payment_id = serializers.IntegerField(source="pk")
    end_to_end_id = serializers.CharField()
    paying_unit = serializers.CharField(source="batch.paying_unit.code")
    amount = serializers.IntegerField(help_text="đồng")
    status = serializers.CharField(help_text="how it stands with us")
    told_at = serializers.DateTimeField(source="contradiction.told_at")
    debited_on = serializers.DateField(
        source="contradiction.debited_on",
        allow_null=True,
        help_text="a statement shows a debit of this day that never came back: no finding that it left nothing is taken",
    )
    outcome = serializers.SerializerMethodField(help_text="empty: no letter is on file")
    document = serializers.SerializerMethodField()
    found_by = serializers.SerializerMethodField()
    found_role = serializers.SerializerMethodField(help_text="who confirms it has another role")
    batch = serializers.IntegerField(source="batch_id")
    finding = serializers.SerializerMethodField(
        help_text="id of the finding that waits, to be sent with the confirmation"
    )

    def get_finding(self, payment: Payment) -> int | None:
        finding = _waiting(payment)
        return finding.pk if finding else None

    def get_outcome(self, payment: Payment) -> str:
        finding = _waiting(payment)
        return finding.outcome if finding else ""

    def get_document(self, payment: Payment) -> str:
        finding = _waiting(payment)
        return finding.document if finding else ""

    def get_found_by(self, payment: Payment) -> str:
        finding = _waiting(payment)
        return finding.found_by.full_name if finding else ""

    def get_found_role(self, payment: Payment) -> str:
        finding = _waiting(payment)
        return finding.found_role if finding else ""


class FindingIn(serializers.Serializer[Any]):
    """What the bank or provider wrote: its number and date, the paper (PDF, JPEG, PNG), and what follows from it."""

    outcome = serializers.ChoiceField(choices=Finding.Outcome.choices)
    document = serializers.CharField(max_length=100)
    arrived_on = serializers.DateField(
        required=False,
        help_text="the day the letter says it arrived; without it the statement's, else the day of confirming",
    )
    file = serializers.FileField()


class ConfirmBody(serializers.Serializer[Any]):
    """Which finding was read; without it, the newest."""

    finding = serializers.IntegerField(required=False, min_value=1, max_value=2**62)


def _waiting(payment: Payment) -> Finding | None:
    """The newest one that waits; they come in the order they were made."""
    waiting: list[Finding] = getattr(payment, "waiting_findings", [])
    return waiting[-1] if waiting else None


class ContradictedView(ListView[Payment]):
    """The queue of contradicted payments."""

    permission_classes = (having(Right.SEE_LISTS),)
    serializer_class = ContradictedRow

    @extend_schema(
        operation_id="contradicted_payments_list",
        tags=TAG,
        summary="Khoản chi bị báo khác nhau, chờ kết luận theo văn bản",
        responses={200: ContradictedRow(many=True), 403: RefusalBody},
        examples=[OpenApiExample("Chờ xác nhận", value=_ROW, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        """The oldest first; until it is ended, its money goes no other way."""
        return self.page_of(contradicted_payments(unit=actor_of(request).unit))


@method_decorator(never_cache, name="dispatch")
class FindingView(APIView):
    """The letter, and what it says."""

    permission_classes = SETTLES
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="contradicted_payments_letter",
        tags=TAG,
        summary="Xem văn bản đang chờ xác nhận",
        responses={**PAPER, **READ, 409: RefusalBody},
    )
    def get(self, request: Request, payment_id: int) -> HttpResponse:
        """As it was received, for whoever is to confirm it; that it was read is written down."""
        actor = actor_of(request)
        get_object_or_404(payments_in_reach(actor), pk=payment_id)
        content, media_type = read_finding(payment_id=payment_id, actor=actor, now=database_now())
        return paper_answer(content, media_type=media_type, name=f"van-ban-khoan-chi-{payment_id}")

    @extend_schema(
        operation_id="contradicted_payments_find",
        tags=TAG,
        summary="Đính kèm văn bản của ngân hàng, tổ chức chi trả và đề xuất kết luận",
        request={"multipart/form-data": FindingIn},
        responses={204: None, **WRITE},
    )
    def post(self, request: Request, payment_id: int) -> Response:
        """Counts for nothing until another confirms it; a newer one replaces it."""
        actor = actor_of(request)
        get_object_or_404(payments_in_reach(actor), pk=payment_id)
        body = body_of(request, FindingIn)
        put_finding(
            payment_id=payment_id,
            outcome=Finding.Outcome(body["outcome"]),
            content=content_of(body["file"], most=MAX_BYTES, refusal=UnreadablePaper),
            document=body["document"],
            arrived_on=body.get("arrived_on"),
            actor=actor,
            now=database_now(),
        )
        return Response(status=204)


@method_decorator(never_cache, name="dispatch")
class ConfirmFindingView(APIView):
    """End the question."""

    permission_classes = SETTLES

    @extend_schema(
        operation_id="contradicted_payments_confirm",
        tags=TAG,
        summary="Xác nhận kết luận theo văn bản đã đính kèm",
        request=ConfirmBody,
        responses={204: None, **WRITE},
    )
    def post(self, request: Request, payment_id: int) -> Response:
        """By another person in another role; refused when something was told since the letter was put on file. What arrived stands as paid from now on."""
        actor = actor_of(request)
        get_object_or_404(payments_in_reach(actor), pk=payment_id)
        confirm_finding(payment_id=payment_id, actor=actor, now=database_now(), **body_of(request, ConfirmBody))
        return Response(status=204)
