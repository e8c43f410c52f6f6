"""Whose telephone notices go to, and who wants none. The number is told to whoever looks after the person, one person at a time or who was not paid."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.reach import people_in_reach
from beneficiaries.models import Beneficiary, Phone
from beneficiaries.services.receiving.contacts import in_groups, record_phone, reveal_phone, set_opt_out
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import READ, RefusalBody
from staff.api.words import Words
from staff.rights import Right

ANSWERS = {204: None, 400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody}


class PhoneIn(serializers.Serializer[Any]):
    """Ten digits, and whose they are; another person's with the name."""

    number = serializers.CharField(max_length=20, write_only=True)
    owner = serializers.ChoiceField(choices=Phone.Owner.choices)
    owner_name = Words(max_length=100, required=False, allow_blank=True, default="")


class PhoneOut(serializers.Serializer[Any]):
    """The number in clear, and whose it is."""

    number = serializers.SerializerMethodField()
    owner = serializers.ChoiceField(choices=Phone.Owner.choices)
    owner_label = serializers.CharField(source="get_owner_display")
    owner_name = serializers.CharField()
    wants_none = serializers.SerializerMethodField()

    def get_number(self, phone: Phone) -> str:
        return in_groups(reveal_phone(phone))

    def get_wants_none(self, phone: Phone) -> bool:
        return phone.opted_out_at is not None


class OptOut(serializers.Serializer[Any]):
    """Whether no notices are wanted."""

    wants_none = serializers.BooleanField()


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class PhoneView(APIView):
    """The telephone of one person in reach."""

    permission_classes = (having(Right.SEE_PERSONS), having(Right.DECIDE_CASE))

    @extend_schema(
        operation_id="phones_retrieve",
        tags=["phones"],
        summary="Điện thoại của một người hưởng",
        responses={200: PhoneOut, **READ},
    )
    def get(self, request: Request, beneficiary_id: int) -> Response:
        """Of people who live in the own reach; 404 when none was recorded."""
        people = people_in_reach(actor_of(request)).filter(pk=beneficiary_id)
        return Response(PhoneOut(get_object_or_404(Phone.objects.exclude(sealed=b""), beneficiary__in=people)).data)

    @extend_schema(
        operation_id="phones_create",
        tags=["phones"],
        summary="Ghi điện thoại nhận tin",
        request=PhoneIn,
        responses=ANSWERS,
    )
    def post(self, request: Request, beneficiary_id: int) -> Response:
        """Replaces the number before."""
        actor = actor_of(request)
        path = actor.unit.path if actor.unit else "-"
        get_object_or_404(Beneficiary, pk=beneficiary_id, unit__path__startswith=path)
        body = body_of(request, PhoneIn)
        record_phone(beneficiary_id=beneficiary_id, actor=actor, now=timezone.now(), **body)
        return Response(status=204)


@method_decorator(never_cache, name="dispatch")
class OptOutView(APIView):
    """No notices, or notices again."""

    permission_classes = (having(Right.SEE_PERSONS), having(Right.DECIDE_CASE))

    @extend_schema(
        operation_id="phones_opt_out", tags=["phones"], summary="Không nhận tin nhắn", request=OptOut, responses=ANSWERS
    )
    def post(self, request: Request, beneficiary_id: int) -> Response:
        """Counts at once, for what is queued too."""
        actor = actor_of(request)
        path = actor.unit.path if actor.unit else "-"
        get_object_or_404(Phone, beneficiary=beneficiary_id, beneficiary__unit__path__startswith=path)
        body = body_of(request, OptOut)
        set_opt_out(beneficiary_id=beneficiary_id, actor=actor, now=timezone.now(), **body)
        return Response(status=204)
