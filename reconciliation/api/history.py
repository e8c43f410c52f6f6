"""The history for auditors: who changed what, when, why and by which request; the last seal and what the last check of all seals found."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reconciliation.services.browse_history import (
    KEPT,
    Names,
    between,
    history_of_actor,
    history_of_record,
    names_in,
    shown_value,
)
from staff.api.access import actor_of, having
from staff.api.pages import Pages
from staff.api.query import Query
from staff.api.reading import filters_of
from staff.api.refusals import RefusalBody
from staff.models import HistoryRow, PaperReading, Seal, SealCheck, User
from staff.rights import Right
from staff.services.paper_readings import note_reading

TAG = ["history"]


class HistoryQuery(Query):
    """One record (`relation` and `row`) or one member of staff (`actor`); the days are those on which it was written."""

    relation = serializers.ChoiceField(choices=[(key, kept.label) for key, kept in KEPT.items()], required=False)
    row = serializers.IntegerField(required=False, min_value=1)
    actor = serializers.CharField(required=False, help_text="tên đăng nhập của cán bộ")
    from_on = serializers.DateField(required=False)
    to_on = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("actor" in attrs) == ("relation" in attrs) or ("relation" in attrs) != ("row" in attrs):
            raise serializers.ValidationError(
                {"actor": ["nêu một cán bộ (actor), hoặc một bản ghi (relation và row)."]}
            )
        return attrs


class ChangeBody(serializers.Serializer[Any]):
    """One column: before and after. Ids and codes only; categories by their neutral code."""

    column = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ActorBody(serializers.Serializer[Any]):
    """A member of staff."""

    username = serializers.CharField()
    full_name = serializers.CharField()


class HistoryRowBody(serializers.Serializer[Any]):
    """One change of one record. `actor` is null for what workers and commands did; `why` is the address, task or command."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    relation = serializers.CharField()
    relation_label = serializers.SerializerMethodField()
    row = serializers.IntegerField(source="row_id")
    operation = serializers.CharField()
    operation_label = serializers.CharField(source="get_operation_display")
    changes = serializers.SerializerMethodField()
    actor = serializers.SerializerMethodField()
    why = serializers.CharField()
    request_id = serializers.CharField()
    session_role = serializers.CharField()

    def get_relation_label(self, row: HistoryRow) -> str:
        """What one row of the table is called."""
        return KEPT[row.relation].label

    @extend_schema_field(ChangeBody(many=True))
    def get_changes(self, row: HistoryRow) -> list[dict[str, Any]]:
        """The columns that changed."""
        names: Names = self.context["names"]
        return [
            {"column": column, "before": shown_value(column, before, names), "after": shown_value(column, after, names)}
            for column, (before, after) in sorted(row.changes.items())
        ]

    @extend_schema_field(ActorBody(allow_null=True))
    def get_actor(self, row: HistoryRow) -> dict[str, str] | None:
        """Who, as the application said."""
        names: Names = self.context["names"]
        if row.actor_id is None or row.actor_id not in names.staff:
            return None
        username, full_name = names.staff[row.actor_id]
        return {"username": username, "full_name": full_name}


@method_decorator(never_cache, name="dispatch")
class HistoryView(GenericAPIView[HistoryRow]):
    """What happened to a record, or what somebody did."""

    permission_classes = (having(Right.SEE_HISTORY),)
    pagination_class = Pages
    serializer_class = HistoryRowBody
    queryset = HistoryRow.objects.none()

    @extend_schema(
        operation_id="history_list", tags=TAG, summary="Nhật ký: ai đổi gì, khi nào, vì sao", parameters=[HistoryQuery],
        responses={200: HistoryRowBody(many=True), 400: RefusalBody, 403: RefusalBody, 404: RefusalBody},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The newest first. 404 for a record or a member of staff outside the scope."""
        given = filters_of(request, HistoryQuery)
        reader = actor_of(request)
        rows = between(_asked(given, reader=reader), from_on=given.get("from_on"), to_on=given.get("to_on"))
        page = list(self.paginate_queryset(rows) or [])
        if "row" in given and reader.unit is not None:
            note_reading(
                kind=PaperReading.Kind.HISTORY,
                paper_id=given["row"],
                unit=reader.unit,
                actor=reader,
                now=timezone.now(),
            )
        body = HistoryRowBody(page, many=True, context={"names": names_in(page)})
        return self.get_paginated_response(body.data)


def _asked(given: dict[str, Any], *, reader: User) -> QuerySet[HistoryRow]:
    if "actor" in given:
        actor = User.objects.filter(username=given["actor"]).select_related("unit").first()
        if actor is None or actor.unit is None or not reader.reaches(actor.unit):
            raise Http404
        return history_of_actor(actor=actor, reader=reader)
    rows = history_of_record(relation=given["relation"], row_id=given["row"], reader=reader)
    if rows is None:
        raise Http404
    return rows


class SealRow(serializers.ModelSerializer[Seal]):
    """One seal; the first twelve digits of `digest` stand in the footer of reports."""

    class Meta:
        model = Seal
        fields = ["number", "digest", "rows", "sealed_at", "public_key"]


class SealCheckRow(serializers.ModelSerializer[SealCheck]):
    """What the last check of everything sealed found: history, and the rows of append-only tables; no findings: it is as it was sealed."""

    findings = serializers.ListField(child=serializers.CharField())
    checked_by = serializers.CharField(source="checked_by.full_name", default=None, allow_null=True)

    class Meta:
        model = SealCheck
        fields = [
            "checked_at",
            "checked_by",
            "expected",
            "seals",
            "sealed_rows",
            "unsealed_rows",
            "sealed_table_rows",
            "unsealed_table_rows",
            "last_digest",
            "findings",
            "finding_count",
        ]


class SealsBody(serializers.Serializer[Any]):
    """The last seal, how many rows are not sealed yet, and the last check; null where there is none.

    `expected_seal` is the one whose digest was asked for, from the foot of a report; null where the chain has none.
    """

    expected_seal = SealRow(allow_null=True)
    last_seal = SealRow(allow_null=True)
    unsealed_rows = serializers.IntegerField()
    last_check = SealCheckRow(allow_null=True)


class SealsQuery(Query):
    """A seal known from paper."""

    expect = serializers.RegexField(
        r"^[0-9a-f]{12,64}$", required=False, help_text="mã niêm phong in ở cuối báo cáo, từ 12 ký tự"
    )


@method_decorator(never_cache, name="dispatch")
class SealsView(APIView):
    """How the seals stand."""

    permission_classes = (having(Right.SEE_HISTORY),)

    @extend_schema(
        operation_id="history_seals", tags=TAG, summary="Niêm phong nhật ký: lần cuối và kết quả kiểm tra", parameters=[SealsQuery],
        responses={200: SealsBody, 400: RefusalBody, 403: RefusalBody},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The check is made every night, and when somebody asks for it (`POST …/check/`, `manage.py verify_audit`)."""
        expect = filters_of(request, SealsQuery).get("expect")
        expected = Seal.objects.filter(digest__startswith=expect).first() if expect else None
        seal, check = (
            Seal.objects.order_by("-number").first(),
            SealCheck.objects.select_related("checked_by").order_by("-pk").first(),
        )
        unsealed = HistoryRow.objects.filter(pk__gt=seal.last_id if seal else 0).count()
        return Response(
            SealsBody(
                {"expected_seal": expected, "last_seal": seal, "unsealed_rows": unsealed, "last_check": check}
            ).data
        )
