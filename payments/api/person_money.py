"""Where a person's money is: the answers the person would get, and the payments they rest on; for staff who look after the person."""

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.persons import people_known
from beneficiaries.api.reach import people_in_reach
from payments.api.fields import MonthField
from payments.api.my_status import AnswerBody
from payments.api.scope import payments_in_reach
from payments.api.serializers import PaymentRow, notes_of_rows
from payments.models import Entitlement, Payment
from payments.services.answers import own_answers
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.refusals import READ, RefusalBody
from staff.rights import Right

TAG = ["payments"]


class PersonPaymentRow(PaymentRow):
    """A payment with the list it stands on."""

    batch = serializers.IntegerField(source="batch_id")
    cycle = MonthField(source="batch.cycle.month")
    programme = serializers.CharField(source="batch.programme.name")


@method_decorator(never_cache, name="dispatch")
class PersonAnswersView(APIView):
    """What the person is told."""

    permission_classes = (having(Right.SEE_PERSONS),)

    @extend_schema(
        operation_id="people_answers",
        tags=TAG,
        summary="Tiền của một người hưởng đang ở đâu: câu trả lời như người dân tra cứu",
        responses={200: AnswerBody(many=True), **READ},
    )
    def get(self, request: Request, beneficiary_id: int) -> Response:
        """The same sentences as by the look-up code, of the last six months; of people who live in the own reach."""
        person = get_object_or_404(people_in_reach(actor_of(request)), pk=beneficiary_id)
        answers: Any = own_answers(beneficiary=person, now=timezone.now())
        return Response(AnswerBody(answers, many=True).data)


class PersonPaymentsView(ListView[Payment]):
    """Payments of one person on lists in reach."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.SEE_PERSONS))
    serializer_class = PersonPaymentRow

    @extend_schema(
        operation_id="people_payments",
        tags=TAG,
        summary="Các khoản chi của một người hưởng",
        responses={200: PersonPaymentRow(many=True), 403: RefusalBody, 404: RefusalBody},
    )
    def get(self, request: Request, beneficiary_id: int) -> Response:
        """The newest first."""
        actor = actor_of(request)
        get_object_or_404(people_known(actor), pk=beneficiary_id)
        months = Prefetch("entitlements", queryset=Entitlement.objects.only("month", "payment"))
        rows = payments_in_reach(actor).filter(beneficiary=beneficiary_id).prefetch_related(months, notes_of_rows())
        related = ("batch__cycle", "batch__programme", "beneficiary__unit", "bank_account__number")
        return self.page_of(rows.select_related(*related).order_by("-batch__cycle__month", "-pk"))
