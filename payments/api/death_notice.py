"""A death told at the desk, about a person found on the screen; no number is typed or sent."""

from enum import StrEnum
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

from beneficiaries.api.reach import people_in_reach
from beneficiaries.models import LifeEvent
from beneficiaries.parsers.life_events import LONGEST_ID
from beneficiaries.services.life_events.now import life_of
from payments.services.life.notice import report_death
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import WRITE
from staff.rights import Right


class DeathNoticeIn(serializers.Serializer[Any]):
    """Who told it and the day. `event_id` and `issued_at`: the sender's own, so that one message sent twice is one."""

    event_id = serializers.CharField(max_length=LONGEST_ID)
    issued_at = serializers.DateTimeField()
    reported_by = serializers.ChoiceField(choices=LifeEvent.Source.choices)
    occurred_on = serializers.DateField()


class MoneyAfterDeath(StrEnum):
    """What a notice does to the months after the death. Only a registered or confirmed death stops them; a notice holds them and asks."""

    HELD = "HELD"
    STOPPED = "STOPPED"
    AS_BEFORE = "AS_BEFORE"


class DeathNoticeOut(serializers.Serializer[Any]):
    """`repeated`: it was told before; nothing changed. `money`: the months after the death, by all that is known of the person now."""

    repeated = serializers.BooleanField()
    money = serializers.ChoiceField(choices=[one.value for one in MoneyAfterDeath])


@method_decorator(never_cache, name="dispatch")
class DeathNoticeView(APIView):
    """One death."""

    permission_classes = (having(Right.SEE_PERSONS), having(Right.REPORT_LIFE_EVENTS))

    @extend_schema(
        operation_id="people_death_notice",
        tags=["life-events"],
        summary="Ghi tin báo tử của một người hưởng trên địa bàn",
        request=DeathNoticeIn,
        responses={200: DeathNoticeOut, **WRITE},
    )
    def post(self, request: Request, beneficiary_id: int) -> Response:
        """An unregistered death holds the money and asks; a registered one stops it from the next month on."""
        actor = actor_of(request)
        people = people_in_reach(actor).select_related("number", "identity__number")
        person = get_object_or_404(people, pk=beneficiary_id)
        told = report_death(beneficiary=person, actor=actor, now=timezone.now(), **body_of(request, DeathNoticeIn))
        life = life_of([person.pk])[person.pk]
        money = MoneyAfterDeath.AS_BEFORE
        if life.deceased_on or life.notice_on:
            money = MoneyAfterDeath.STOPPED if life.deceased_on else MoneyAfterDeath.HELD
        return Response(DeathNoticeOut({"repeated": not told.recorded.added, "money": money}).data)
