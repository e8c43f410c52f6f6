"""What is silent, and which banks do not answer."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from payments.models import Alarm
from payments.services.alarms import alarms_in_reach, books_unread, clock_silence
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.refusals import RefusalBody
from staff.rights import Right, may
from staff.services.database_clock import database_now

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
        """The oldest silence first; a clock that stands still comes before all others, as nobody could raise it, and is told to whoever may
        halt what is sent: they have it seen to, others can do nothing about it. So do books nobody read since they were restored."""
        actor = actor_of(request)
        silent = clock_silence(now=database_now()) if may(actor, Right.PAUSE_LIST) else None
        stored = list(alarms_in_reach(unit=actor.unit))
        found = [alarm for alarm in (silent, books_unread(now=database_now())) if alarm is not None]
        return self.page_of([*found, *stored])
