"""Versions of the matching model by API: trained in the background, or kept from what an audit proposes; and another person's decision to use one."""

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import AuditSample, MatchModel, TrainingOrder
from beneficiaries.services.identity.match_models import (
    adopt_match_model,
    adopted_model,
    keep_proposal,
    propose_thresholds,
)
from beneficiaries.services.identity.order_training import order_training
from beneficiaries.tasks import work_on_trainings
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.order_shapes import OrderQuery, OrderRow
from staff.api.reading import body_of, filters_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.api.words import Words
from staff.models import User
from staff.rights import Right

TAG = ["match-models"]


class ThresholdRow(serializers.Serializer[Any]):
    """One rule of points: bits asked now and proposed, links judged and right, the one-sided 95 % bound above, right answers still lacking for 99.9 %."""

    rule = serializers.CharField()
    present = serializers.FloatField()
    proposed = serializers.FloatField()
    judged = serializers.IntegerField()
    right = serializers.IntegerField()
    low = serializers.FloatField()
    lacking = serializers.IntegerField()


class MatchModelRow(serializers.Serializer[Any]):
    """A version kept: thresholds in bits, what it was made from (counts, no persons), and whether matching decides by it now."""

    version = serializers.CharField()
    made_by = serializers.CharField(source="made_by.full_name")
    made_at = serializers.DateTimeField()
    sample = serializers.IntegerField(source="sample_id", allow_null=True)
    thresholds = serializers.SerializerMethodField()
    made = serializers.SerializerMethodField()
    used = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_thresholds(self, model: MatchModel) -> dict[str, Any]:
        return dict(model.content["thresholds"])

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_made(self, model: MatchModel) -> dict[str, Any]:
        return dict(model.content["made"])

    def get_used(self, model: MatchModel) -> bool:
        return bool(self.context["used"] == model.version)


class VersionBody(serializers.Serializer[Any]):
    """Name of the new version, and the audit sample whose proposal it takes."""

    version = serializers.CharField(max_length=40)
    sample = serializers.IntegerField(min_value=1)


class TrainingBody(serializers.Serializer[Any]):
    """Name of the version to be trained."""

    version = serializers.CharField(max_length=40)


class TrainingRow(OrderRow):
    """A training: the version it makes, and where it stands."""

    version = serializers.CharField()


class AdoptionBody(serializers.Serializer[Any]):
    """Which version, and why."""

    version = serializers.CharField(max_length=40)
    reason = Words(max_length=300)


class AdoptionRow(serializers.Serializer[Any]):
    """From when on matching decides by the version."""

    version = serializers.CharField(source="model.version")
    adopted_at = serializers.DateTimeField()
    reason = serializers.CharField()


def _sample_in_reach(actor: User, sample: int) -> AuditSample:
    path = actor.unit.path if actor.unit else "-"
    return get_object_or_404(AuditSample, pk=sample, unit__path__startswith=path)


@method_decorator(never_cache, name="dispatch")
class AuditThresholdsView(APIView):
    """What a sample says about the thresholds."""

    permission_classes = (having(Right.TRAIN_MATCHING, Right.ADOPT_MATCHING),)

    @extend_schema(
        operation_id="audit_samples_thresholds",
        tags=TAG,
        summary="Ngưỡng khớp đề xuất theo mẫu kiểm tra",
        responses={200: ThresholdRow(many=True), **READ},
    )
    def get(self, request: Request, sample_id: int) -> Response:
        """Figures only. Thresholds are raised, never lowered: what lies below was never linked."""
        sample = _sample_in_reach(actor_of(request), sample_id)
        return Response(ThresholdRow(propose_thresholds(sample=sample), many=True).data)


class MatchModelsView(ListView[MatchModel]):
    """Versions, newest first. None is marked `used` while the one shipped with the product decides."""

    permission_classes = (having(Right.TRAIN_MATCHING, Right.ADOPT_MATCHING),)
    serializer_class = MatchModelRow

    @extend_schema(
        operation_id="match_models_list",
        tags=TAG,
        summary="Các phiên bản mô hình đối khớp",
        responses={200: MatchModelRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Weights of the whole province, no persons."""
        return self.page_of(MatchModel.objects.select_related("made_by").order_by("-pk"), used=adopted_model().version)

    @extend_schema(
        operation_id="match_models_create",
        tags=TAG,
        summary="Lưu phiên bản theo ngưỡng đề xuất từ mẫu kiểm tra",
        request=VersionBody,
        responses={201: MatchModelRow, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """Decides nothing until somebody else adopts it."""
        actor, given = actor_of(request), body_of(request, VersionBody)
        sample = _sample_in_reach(actor, given["sample"])
        model = keep_proposal(sample=sample, version=given["version"], actor=actor, now=timezone.now())
        row = MatchModelRow(model, context={"used": adopted_model().version})
        return Response(row.data, status=status.HTTP_201_CREATED)


class MatchModelTrainingsView(ListView[TrainingOrder]):
    """Trainings, newest first."""

    permission_classes = (having(Right.TRAIN_MATCHING),)
    serializer_class = TrainingRow

    @extend_schema(
        operation_id="match_model_trainings_list",
        tags=TAG,
        summary="Các lượt huấn luyện mô hình đối khớp",
        parameters=[OrderQuery],
        responses={200: TrainingRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Filter by stage."""
        wanted = filters_of(request, OrderQuery)
        return self.page_of(TrainingOrder.objects.filter(**wanted).select_related("ordered_by").order_by("-pk"))

    @extend_schema(
        operation_id="match_model_trainings_create",
        tags=TAG,
        summary="Huấn luyện một phiên bản từ dữ liệu của tỉnh (chạy nền)",
        request=TrainingBody,
        responses={202: TrainingRow, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """Reads the whole register and extract for minutes. The version decides nothing until somebody else adopts it."""
        version = body_of(request, TrainingBody)["version"]
        order = order_training(version=version, actor=actor_of(request), now=timezone.now())
        transaction.on_commit(work_on_trainings.delay, robust=True)
        return Response(TrainingRow(order).data, status=status.HTTP_202_ACCEPTED)


@method_decorator(never_cache, name="dispatch")
class MatchModelTrainingView(APIView):
    """One training."""

    permission_classes = (having(Right.TRAIN_MATCHING),)

    @extend_schema(
        operation_id="match_model_trainings_retrieve",
        tags=TAG,
        summary="Một lượt huấn luyện: đang chờ, đã xong hay vì sao không làm được",
        responses={200: TrainingRow, **READ},
    )
    def get(self, request: Request, order_id: int) -> Response:
        """Its version is in the list of models once it is done."""
        return Response(TrainingRow(get_object_or_404(TrainingOrder, pk=order_id)).data)


class MatchModelAdoptionsView(APIView):
    """The other person's decision."""

    permission_classes = (having(Right.ADOPT_MATCHING),)

    @extend_schema(
        operation_id="match_models_adopt",
        tags=TAG,
        summary="Quyết định dùng một phiên bản mô hình đối khớp",
        request=AdoptionBody,
        responses={201: AdoptionRow, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """Never whoever made it. Links made before keep theirs."""
        given = body_of(request, AdoptionBody)
        adoption = adopt_match_model(actor=actor_of(request), now=timezone.now(), **given)
        return Response(AdoptionRow(adoption).data, status=status.HTTP_201_CREATED)
