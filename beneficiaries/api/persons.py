"""One person with their enrolments, one enrolment, and who was sent here by another commune: what the pages of a person and of a paper begin with."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.enrolments import EnrolmentRow, with_standing
from beneficiaries.models import Beneficiary, Enrolment
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.refusals import READ, RefusalBody
from staff.models import PaperReading, User
from staff.rights import Right
from staff.services.paper_readings import note_reading

TAG = ["decisions"]
SEES = (having(Right.SEE_PERSONS),)


class PersonRow(serializers.Serializer[Any]):
    """A person as the own unit knows them. `here`: lives in the own reach now; else only the enrolments left behind here are shown."""

    id = serializers.IntegerField()
    full_name = serializers.CharField()
    birth_year = serializers.IntegerField(allow_null=True)
    here = serializers.BooleanField()
    hamlet = serializers.CharField()
    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    enrolments = EnrolmentRow(many=True)


def people_known(actor: User) -> QuerySet[Beneficiary]:
    """Who lives in the actor's subtree, and who left an enrolment there when they moved away."""
    own = actor.unit.path if actor.unit else "-"  # of which no path begins
    left_here = Enrolment.objects.filter(beneficiary=OuterRef("pk"), unit__path__startswith=own)
    return Beneficiary.objects.filter(Q(unit__path__startswith=own) | Exists(left_here)).select_related("unit")


def enrolments_in_reach(actor: User) -> QuerySet[Enrolment]:
    """Enrolments of the actor's subtree."""
    return Enrolment.objects.filter(unit__path__startswith=actor.unit.path if actor.unit else "-")


@method_decorator(never_cache, name="dispatch")
class PersonView(APIView):
    """One person."""

    permission_classes = SEES

    @extend_schema(
        operation_id="people_retrieve",
        tags=TAG,
        summary="Một người hưởng và các hồ sơ hưởng trên địa bàn",
        responses={200: PersonRow, **READ},
    )
    def get(self, request: Request, beneficiary_id: int) -> Response:
        """Enrolments of other communes are not shown, nor where somebody who moved away lives now. Who looked is told to the person who asks."""
        actor = actor_of(request)
        person = get_object_or_404(people_known(actor), pk=beneficiary_id)
        enrolments = list(with_standing(enrolments_in_reach(actor).filter(beneficiary=person)).order_by("code"))
        here = actor.reaches(person.unit)
        unit = person.unit if here else enrolments[0].unit
        shown = {
            "id": person.pk,
            "full_name": person.full_name,
            "birth_year": person.birth_year,
            "here": here,
            "hamlet": person.hamlet if here else "",
            "unit": unit,
            "enrolments": enrolments,
        }
        note_reading(
            kind=PaperReading.Kind.PERSON, paper_id=person.pk, unit=person.unit, actor=actor, now=timezone.now()
        )
        return Response(PersonRow(shown).data)


@method_decorator(never_cache, name="dispatch")
class EnrolmentView(APIView):
    """One enrolment."""

    permission_classes = SEES

    @extend_schema(
        operation_id="enrolments_retrieve", tags=TAG, summary="Một hồ sơ hưởng", responses={200: EnrolmentRow, **READ}
    )
    def get(self, request: Request, enrolment_id: int) -> Response:
        """Where it stands."""
        found = get_object_or_404(with_standing(enrolments_in_reach(actor_of(request))), pk=enrolment_id)
        return Response(EnrolmentRow(found).data)


class ArrivalsView(ListView[Enrolment]):
    """Enrolments of other communes whose people were sent here and not taken in yet."""

    permission_classes = SEES
    serializer_class = EnrolmentRow

    @extend_schema(
        operation_id="enrolments_arriving",
        tags=TAG,
        summary="Hồ sơ nơi khác chuyển đến, chờ tiếp nhận",
        responses={200: EnrolmentRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Whoever goes without money longest first."""
        unit = actor_of(request).unit
        found = Enrolment.objects.filter(
            moved_to__path__startswith=unit.path if unit else "-", continued_by__isnull=True
        )
        return self.page_of(with_standing(found).order_by("ended_month", "code"))
