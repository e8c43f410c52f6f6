"""Rules that decide what is owed: read them, set a newer one. Sensitive categories go by their neutral code."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import AgeChange, BenefitCategory, Exclusion, Programme, TopUpRate
from beneficiaries.services.rules.keep_rules import set_age_rule, set_exclusion, set_top_up
from staff.api.access import actor_of, having
from staff.api.codes import CodeField
from staff.api.reading import body_of
from staff.api.refusals import RefusalBody
from staff.rights import Right

TAG = ["rules"]
READ = {403: RefusalBody}
WRITE = {400: RefusalBody, 403: RefusalBody, 409: RefusalBody}


def _category(**options: Any) -> CodeField[BenefitCategory]:
    return CodeField(slug_field="neutral_code", queryset=BenefitCategory.objects.all(), **options)


def _programme() -> CodeField[Programme]:
    return CodeField(slug_field="code", queryset=Programme.objects.all())


class ExclusionBody(serializers.ModelSerializer[Exclusion]):
    """Two grounds (`category` empty: all of the programme): `together`, or only the higher is paid."""

    programme = _programme()
    category = _category(required=False, allow_null=True, default=None)
    other_programme = _programme()
    other_category = _category(required=False, allow_null=True, default=None)
    together = serializers.BooleanField(required=True)

    class Meta:
        model = Exclusion
        fields = [
            "programme",
            "category",
            "other_programme",
            "other_category",
            "together",
            "valid_from",
            "legal_source",
        ]
        validators: list[Any] = []


class TopUpBody(serializers.ModelSerializer[TopUpRate]):
    """What the province adds to a category, đồng per month; 0 ends it."""

    category = _category()
    amount = serializers.IntegerField(min_value=0, max_value=10**12)

    class Meta:
        model = TopUpRate
        fields = ["category", "amount", "budget_source", "valid_from", "known_on", "legal_source"]
        validators: list[Any] = []


class AgeRuleBody(serializers.ModelSerializer[AgeChange]):
    """An age that is asked about 60 days before; without `next_category` the right ends there."""

    category = _category()
    age = serializers.IntegerField(min_value=1, max_value=120)
    next_category = _category(required=False, allow_null=True, default=None)
    ended_on = serializers.DateField(required=False, allow_null=True, default=None)

    class Meta:
        model = AgeChange
        fields = ["category", "age", "next_category", "ended_on"]
        validators: list[Any] = []


class _Rules(APIView):
    """Whoever sees lists may read the rules; the province's chief accountant sets them."""

    def get_permissions(self) -> list[Any]:
        right = Right.KEEP_RULES if self.request.method == "POST" else Right.SEE_LISTS
        return [having(right)()]


@method_decorator(never_cache, name="dispatch")
class ExclusionsView(_Rules):
    """Grounds that exclude each other."""

    @extend_schema(
        operation_id="exclusions_list", tags=TAG, summary="Quy định không hưởng đồng thời", responses={200: ExclusionBody(many=True), **READ}
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The newest first."""
        rows = Exclusion.objects.select_related("programme", "category", "other_programme", "other_category")
        return Response(ExclusionBody(rows.order_by("-valid_from", "-pk"), many=True).data)

    @extend_schema(
        operation_id="exclusions_create", tags=TAG, summary="Đặt quy định không hưởng đồng thời (hoặc được hưởng đồng thời)",
        request=ExclusionBody, responses={200: ExclusionBody, **WRITE},
        examples=[OpenApiExample("Chỉ hưởng mức cao nhất", request_only=True, value={
            "programme": "HTXH", "other_programme": "TCXH", "together": False, "valid_from": "2025-07-01", "legal_source": "Nghị định 176/2025/NĐ-CP",
        })],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """For months from that day on; lists already built stay as they are."""
        body = body_of(request, ExclusionBody)
        return Response(ExclusionBody(set_exclusion(actor=actor_of(request), **body)).data)


@method_decorator(never_cache, name="dispatch")
class TopUpsView(_Rules):
    """The province's top-ups."""

    @extend_schema(
        operation_id="top_up_rates_list", tags=TAG, summary="Mức hỗ trợ thêm của tỉnh", responses={200: TopUpBody(many=True), **READ}
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The newest first."""
        rows = TopUpRate.objects.select_related("category").order_by("-valid_from", "-pk")
        return Response(TopUpBody(rows, many=True).data)

    @extend_schema(
        operation_id="top_up_rates_create", tags=TAG, summary="Đặt mức hỗ trợ thêm của tỉnh", request=TopUpBody,
        responses={200: TopUpBody, **WRITE},
        examples=[OpenApiExample("Nghị quyết mới", request_only=True, value={
            "category": "CT-80", "amount": 100000, "budget_source": "Ngân sách tỉnh", "valid_from": "2024-09-01", "known_on": "2024-08-15",
            "legal_source": "Nghị quyết 15/2024/NQ-HĐND",
        })],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Months already paid get the difference as arrears."""
        body = body_of(request, TopUpBody)
        return Response(TopUpBody(set_top_up(actor=actor_of(request), **body)).data)


@method_decorator(never_cache, name="dispatch")
class AgeRulesView(_Rules):
    """Ages that are asked about."""

    @extend_schema(
        operation_id="age_rules_list", tags=TAG, summary="Tuổi thay đổi mức hưởng", responses={200: AgeRuleBody(many=True), **READ}
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """By category and age, ended ones included."""
        rows = AgeChange.objects.select_related("category", "next_category").order_by("category__neutral_code", "age")
        return Response(AgeRuleBody(rows, many=True).data)

    @extend_schema(
        operation_id="age_rules_create", tags=TAG, summary="Đặt hoặc thôi áp dụng một tuổi thay đổi mức hưởng", request=AgeRuleBody,
        responses={200: AgeRuleBody, **WRITE},
        examples=[OpenApiExample("Đủ 80 tuổi", request_only=True, value={"category": "CT-60", "age": 80, "next_category": "CT-80"})],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Nothing is applied by itself: a decision is asked for."""
        body = body_of(request, AgeRuleBody)
        return Response(AgeRuleBody(set_age_rule(actor=actor_of(request), **body)).data)
