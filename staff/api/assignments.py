"""Assignments: who looks after another unit's work, from when to when."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import WRITE
from staff.api.words import Words
from staff.models import AdministrativeUnit, Assignment, User
from staff.rights import Right
from staff.services.assignments import assign_officer


def _example(status_code: str) -> list[OpenApiExample]:
    value = {
        "id": 3,
        "officer": "Phạm Văn Minh",
        "unit_code": "97102",
        "unit_name": "xã Phước Lộc",
        "from_on": "2024-08-01",
        "until_on": "2024-12-31",
        "note": "Quyết định 7/QĐ-UBND ngày 30/07/2024",
        "assigned_by": "Nguyễn Thị Lập",
    }
    return [OpenApiExample("Phân công", value=value, response_only=True, status_codes=[status_code])]


class NewAssignment(serializers.Serializer[Any]):
    """Dates are both included; without `until_on` until further notice."""

    officer = serializers.CharField(max_length=150, help_text="user name")
    unit = serializers.CharField(max_length=12)
    from_on = serializers.DateField()
    until_on = serializers.DateField(required=False, allow_null=True, default=None)
    note = Words(max_length=200, help_text="the paper it rests on")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """An assignment ends after it begins."""
        if attrs["until_on"] and attrs["until_on"] < attrs["from_on"]:
            raise serializers.ValidationError({"until_on": "Ngày kết thúc phải sau ngày bắt đầu."})
        return attrs


class AssignmentRow(serializers.Serializer[Any]):
    """Who looks after which unit, and who said so."""

    id = serializers.IntegerField()
    officer = serializers.CharField(source="officer.full_name")
    unit_code = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    from_on = serializers.DateField()
    until_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    assigned_by = serializers.CharField(source="assigned_by.full_name")


def _in_reach(actor: User) -> QuerySet[Assignment]:
    if actor.unit is None:
        return Assignment.objects.none()
    return Assignment.objects.filter(unit__path__startswith=actor.unit.path).select_related(
        "officer", "unit", "assigned_by"
    )


class AssignmentsView(ListView[Assignment]):
    """Assignments of the own units, newest first; a new one."""

    permission_classes = (having(Right.ASSIGN_WORK),)
    serializer_class = AssignmentRow

    @extend_schema(
        operation_id="assignments_list",
        tags=["assignments"],
        summary="Phân công",
        responses={200: AssignmentRow(many=True), **WRITE},
        examples=_example("200"),
    )
    def get(self, request: Request) -> Response:
        """All of them, past ones too."""
        return self.page_of(_in_reach(actor_of(request)).order_by("-from_on", "-pk"))

    @extend_schema(
        operation_id="assignments_create",
        tags=["assignments"],
        summary="Phân công cán bộ",
        request=NewAssignment,
        responses={201: AssignmentRow, **WRITE},
        examples=_example("201"),
    )
    def post(self, request: Request) -> Response:
        """The officer's queue reaches the unit from that day on; the role stays the same."""
        actor = actor_of(request)
        asked = body_of(request, NewAssignment)
        own = actor.unit.path if actor.unit else "-"  # of which no path begins
        assigned = assign_officer(
            officer=get_object_or_404(User, username=asked["officer"], is_active=True, unit__path__startswith=own),
            unit=get_object_or_404(AdministrativeUnit, code=asked["unit"], path__startswith=own),
            from_on=asked["from_on"],
            until_on=asked["until_on"],
            note=asked["note"],
            actor=actor,
            now=timezone.now(),
        )
        return Response(AssignmentRow(assigned).data, status=status.HTTP_201_CREATED)
