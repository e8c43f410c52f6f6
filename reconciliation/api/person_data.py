"""What a person asks about their own data, answered at the desk: held, looked at, given out."""

from typing import Any

from django.db import transaction
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
from beneficiaries.services.lookup import records_of
from reconciliation.services.papers.person_data import data_about
from staff.api.access import actor_of, having
from staff.api.refusals import READ
from staff.models import PaperReading
from staff.rights import Right
from staff.services.paper_readings import note_reading


class HoldingBody(serializers.Serializer[Any]):
    """One kind of data we hold."""

    what = serializers.CharField()
    rows = serializers.IntegerField()
    kept = serializers.CharField(help_text="giữ bao lâu, xóa được không")


class LookBody(serializers.Serializer[Any]):
    """Who opened something about the person, and what for."""

    at = serializers.DateTimeField()
    who = serializers.CharField()
    role = serializers.CharField()
    what = serializers.CharField()
    purpose = serializers.CharField()


class GivingBody(serializers.Serializer[Any]):
    """To whom data of the person was given."""

    to = serializers.CharField()
    what = serializers.CharField()
    purpose = serializers.CharField()
    times = serializers.IntegerField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()


class PersonDataBody(serializers.Serializer[Any]):
    """The whole answer; `looks` has the newest 200 of `looks_in_all`. `elsewhere`: records outside the own reach are not told of here."""

    full_name = serializers.CharField()
    birth_year = serializers.IntegerField(allow_null=True)
    unit_name = serializers.CharField()
    asked_at = serializers.DateTimeField()
    elsewhere = serializers.BooleanField()
    held = HoldingBody(many=True)
    looks = LookBody(many=True)
    looks_in_all = serializers.IntegerField()
    given = GivingBody(many=True)


@method_decorator(never_cache, name="dispatch")
class PersonDataView(APIView):
    """Data of one person of the own reach."""

    permission_classes = (having(Right.SEE_PERSONS),)

    @extend_schema(
        operation_id="people_data",
        tags=["people"],
        summary="Trả lời người dân về dữ liệu cá nhân: giữ gì, ai đã xem, đã đưa cho ai",
        responses={200: PersonDataBody, **READ},
    )
    @transaction.atomic
    def get(self, request: Request, person_id: int) -> Response:
        """That it was asked is a look too, and stands in the next answer. No number is told."""
        actor, now = actor_of(request), timezone.now()
        person = get_object_or_404(people_in_reach(actor), pk=person_id)
        records = list(records_of(person.pk).select_related("unit").order_by("pk"))
        seen = [record.pk for record in records if actor.reaches(record.unit)]
        found = data_about(seen)
        note_reading(kind=PaperReading.Kind.HELD, paper_id=person.pk, unit=person.unit, actor=actor, now=now)
        about = {"full_name": person.full_name, "birth_year": person.birth_year, "unit_name": person.unit.name}
        parts = {name: getattr(found, name) for name in ("held", "looks", "looks_in_all", "given")}
        elsewhere = len(seen) < len(records)
        return Response(PersonDataBody(about | parts | {"asked_at": now, "elsewhere": elsewhere}).data)
