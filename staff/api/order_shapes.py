"""What every order shows: where it stands, since when, and why it was refused."""

from typing import Any

from rest_framework import serializers

from staff.api.query import Query
from staff.models import Order


class OrderRow(serializers.Serializer[Any]):
    """`under_way` says that it is being done; a refusal has a code, a sentence and what stands in the way."""

    id = serializers.IntegerField()
    stage = serializers.ChoiceField(choices=Order.Stage.choices)
    stage_label = serializers.CharField(source="get_stage_display")
    under_way = serializers.BooleanField()
    ordered_by = serializers.CharField(source="ordered_by.full_name")
    ordered_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    problem_code = serializers.CharField()
    problem = serializers.CharField()
    conflicts = serializers.ListField(child=serializers.CharField())


class OrderQuery(Query):
    """Which orders."""

    stage = serializers.ChoiceField(choices=Order.Stage.choices, required=False)
