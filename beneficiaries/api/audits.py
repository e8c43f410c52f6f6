"""Audit samples by API: draw, judge pairs blind, see the precision. Whoever judges learns neither decision nor points."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import AuditAnswer, AuditItem, AuditSample
from beneficiaries.services.identity.audit_samples import (
    LARGEST,
    answer_audit_item,
    draw_audit_sample,
    evaluate_audit_sample,
)
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.pages import Pages
from staff.api.reading import body_of
from staff.api.refusals import RefusalBody
from staff.api.words import Words
from staff.models import User
from staff.rights import Right


class DrawnSample(serializers.Serializer[Any]):
    """Size, seed and unit to draw with; the answer says how many pairs there are to judge."""

    unit = serializers.CharField(max_length=12, required=False, default="", allow_blank=True, write_only=True)
    size = serializers.IntegerField(min_value=1, max_value=LARGEST, default=3000, write_only=True)
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=1)
    id = serializers.IntegerField(read_only=True)
    drawn_at = serializers.DateTimeField(read_only=True)
    strata = serializers.JSONField(read_only=True)


class SampleRow(serializers.Serializer[Any]):
    """A sample drawn before: how many pairs it has, and how many somebody judged."""

    id = serializers.IntegerField()
    unit = serializers.CharField(source="unit.name")
    drawn_by = serializers.CharField(source="drawn_by.full_name")
    drawn_at = serializers.DateTimeField()
    seed = serializers.IntegerField()
    pairs = serializers.IntegerField()
    judged = serializers.IntegerField()


class PairSide(serializers.Serializer[Any]):
    """What one source says of a person; no number."""

    full_name = serializers.CharField()
    birth_date = serializers.DateField(allow_null=True)
    birth_year = serializers.IntegerField(allow_null=True)
    sex = serializers.CharField()
    unit = serializers.CharField(source="unit.name")
    hamlet = serializers.CharField()


class BlindPair(serializers.Serializer[Any]):
    """A pair to be judged."""

    id = serializers.IntegerField()
    beneficiary = PairSide()
    identity = PairSide()


class GivenAnswer(serializers.Serializer[Any]):
    """Same person, different person (then the papers it rests on), or unsure."""

    answer = serializers.ChoiceField(choices=AuditAnswer.Answer.choices)
    note = Words(max_length=300, required=False, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["answer"] == AuditAnswer.Answer.DIFFERENT and not attrs["note"].strip():
            raise serializers.ValidationError({"note": "Mời ghi căn cứ khi trả lời là người khác."})
        return attrs


class PrecisionRow(serializers.Serializer[Any]):
    """One stratum ("" is all together, "DECOY" the pairs that are two people): right of answered, and the one-sided 95 % lower bound."""

    stratum = serializers.CharField()
    links = serializers.IntegerField()
    answered = serializers.IntegerField()
    right = serializers.IntegerField()
    unsure = serializers.IntegerField()
    low = serializers.FloatField()


def _items_in_reach(actor: User) -> QuerySet[AuditItem]:
    """Pairs whose beneficiary lies in the actor's subtree."""
    if actor.unit is None:
        return AuditItem.objects.none()
    return AuditItem.objects.filter(beneficiary__unit__path__startswith=actor.unit.path)


class AuditSamplesView(ListView[AuditSample]):
    """Samples, and drawing one."""

    serializer_class = SampleRow

    def get_permissions(self) -> list[Any]:
        """Drawing is a right of its own."""
        reading = having(Right.DRAW_AUDIT, Right.ANSWER_AUDIT, Right.SEE_REPORTS)
        return [(having(Right.DRAW_AUDIT) if self.request.method == "POST" else reading)()]

    @extend_schema(
        operation_id="audit_samples_list",
        tags=["audit-samples"],
        summary="Các mẫu kiểm tra đã chọn",
        responses={200: SampleRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Newest first: of the own subtree, and those that hold pairs of it."""
        actor = actor_of(request)
        path = actor.unit.path if actor.unit else "-"
        mine = Q(unit__path__startswith=path) | Q(Exists(_items_in_reach(actor).filter(sample=OuterRef("pk"))))
        counted = AuditSample.objects.filter(mine).annotate(pairs=Count("items"), judged=Count("items__answer"))
        return self.page_of(counted.select_related("unit", "drawn_by").order_by("-pk"))

    @extend_schema(
        operation_id="audit_samples_draw",
        tags=["audit-samples"],
        summary="Chọn mẫu kiểm tra kết quả khớp tự động",
        request=DrawnSample,
        responses={201: DrawnSample, 400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody},
    )
    def post(self, request: Request) -> Response:
        """The same seed over the same links draws the same pairs."""
        actor, given = actor_of(request), body_of(request, DrawnSample)
        sample = draw_audit_sample(
            size=given["size"],
            seed=given["seed"],
            unit=unit_in_reach(actor, given["unit"]),
            actor=actor,
            now=timezone.now(),
        )
        return Response(DrawnSample(sample).data, status=status.HTTP_201_CREATED)


class AuditPairsView(APIView):
    """Pairs of a sample that nobody has judged yet."""

    permission_classes = (having(Right.ANSWER_AUDIT),)

    @extend_schema(
        operation_id="audit_pairs_list",
        tags=["audit-samples"],
        summary="Các cặp chờ kiểm tra",
        responses={200: BlindPair(many=True), 403: RefusalBody, 404: RefusalBody},
    )
    def get(self, request: Request, sample_id: int) -> Response:
        """In the order drawn, links and decoys mixed; only of the own scope."""
        items = _items_in_reach(actor_of(request)).filter(sample_id=sample_id)
        if not items.exists():
            get_object_or_404(items)
        pages = Pages()
        waiting = items.filter(answer=None).select_related("beneficiary__unit", "identity__unit").order_by("position")
        found = pages.paginate_queryset(waiting, request, view=self)
        return pages.get_paginated_response(BlindPair(found, many=True).data)


class AuditAnswerView(APIView):
    """Judge one pair."""

    permission_classes = (having(Right.ANSWER_AUDIT),)

    @extend_schema(
        operation_id="audit_pairs_answer",
        tags=["audit-samples"],
        summary="Trả lời một cặp",
        request=GivenAnswer,
        responses={204: None, 400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody},
    )
    def post(self, request: Request, item_id: int) -> Response:
        """Once; the same answer again is no fault."""
        actor = actor_of(request)
        item = get_object_or_404(_items_in_reach(actor).select_related("beneficiary__unit", "sample"), pk=item_id)
        given = body_of(request, GivenAnswer)
        answer_audit_item(item=item, actor=actor, now=timezone.now(), **given)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AuditSampleView(APIView):
    """What a sample has shown so far."""

    permission_classes = (having(Right.DRAW_AUDIT, Right.SEE_REPORTS),)

    @extend_schema(
        operation_id="audit_samples_evaluate",
        tags=["audit-samples"],
        summary="Độ chính xác theo mẫu kiểm tra",
        responses={200: PrecisionRow(many=True), 403: RefusalBody, 404: RefusalBody},
    )
    def get(self, request: Request, sample_id: int) -> Response:
        """Figures only; nobody's data."""
        actor = actor_of(request)
        path = actor.unit.path if actor.unit else "-"
        sample = get_object_or_404(AuditSample, pk=sample_id, unit__path__startswith=path)
        return Response(PrecisionRow(evaluate_audit_sample(sample=sample), many=True).data)
