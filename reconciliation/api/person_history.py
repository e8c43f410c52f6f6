"""One person's whole history, as a paper of two pages."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from beneficiaries.models import Beneficiary
from reconciliation.services.papers.person_history import print_person
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import RefusalBody
from staff.api.throttles import PerUser
from staff.api.words import Words
from staff.rights import Right

TAG = ["people"]


class PurposeIn(serializers.Serializer[Any]):
    """Why it is read: printed on the paper and written down."""

    purpose = Words(max_length=200, min_length=5)


class HistoriesPerUser(PerUser):
    """Faster than anybody reads two pages, too slow for copying a commune: thirty a minute for one user."""

    rate = "30/minute"
    scope = "person_history"


@method_decorator(never_cache, name="dispatch")
class PersonHistoryView(APIView):
    """A person of the own reach."""

    permission_classes = (having(Right.SEE_PERSONS),)
    throttle_classes = (HistoriesPerUser,)

    @extend_schema(
        operation_id="people_history", tags=TAG, summary="Quá trình hưởng của một người (PDF hai trang)", request=PurposeIn,
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 429: RefusalBody},
    )  # fmt: skip
    def post(self, request: Request, person_id: int) -> HttpResponse:
        """A POST, because that it was read is written down, with the purpose. The number is masked but for those who verify identities."""
        actor = actor_of(request)
        people = Beneficiary.objects.filter(unit__path__startswith=actor.unit.path if actor.unit else "-")
        person = get_object_or_404(people.select_related("unit", "same_as"), pk=person_id)
        body = body_of(request, PurposeIn)
        content = print_person(person=person, purpose=body["purpose"], actor=actor, now=timezone.now())
        name = {"Content-Disposition": f'attachment; filename="qua-trinh-{person_id}.pdf"'}
        return HttpResponse(content, content_type="application/pdf", headers=name)
