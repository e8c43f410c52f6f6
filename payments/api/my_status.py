"""One answer without log-in: look-up code and birth year in, what became of the money out. Nothing on programme or illness."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import Beneficiary, Reason
from beneficiaries.services.lookup import holder_of_code, told_about
from payments.api import examples
from payments.api.fields import MonthField
from payments.services.answers import Answer, Outcome, own_answers
from payments.services.answers.wording import NOT_FOUND, WARNING
from staff.api.reading import body_of
from staff.api.refusals import RefusalBody
from staff.api.throttles import Allowance, PerAddress


class Lookup(serializers.Serializer[Any]):
    """The code on the slip, with or without hyphens, and the person's year of birth."""

    code = serializers.CharField(max_length=40, write_only=True)
    birth_year = serializers.IntegerField(min_value=1850, max_value=2200, write_only=True)


class AnswerBody(serializers.Serializer[Answer]):
    """One sum, or why there is none; `sentence` and `next_step` can be read aloud."""

    month = MonthField()
    months = serializers.ListField(child=MonthField())
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    outcome_label = serializers.SerializerMethodField()
    amount = serializers.IntegerField(help_text="đồng, sau khi trừ thu hồi")
    deducted = serializers.IntegerField(help_text="đồng đã trừ thu hồi theo quyết định")
    reason = serializers.ChoiceField(choices=Reason.choices, allow_blank=True)
    reason_label = serializers.SerializerMethodField()
    paid_on = serializers.DateField(allow_null=True)
    bank = serializers.CharField()
    account_last_four = serializers.CharField()
    sentence = serializers.CharField()
    next_step = serializers.CharField()

    def get_outcome_label(self, answer: Answer) -> str:
        return str(answer.outcome.label)

    def get_reason_label(self, answer: Answer) -> str:
        return str(Reason(answer.reason).label) if answer.reason else ""


class MyStatus(serializers.Serializer[Any]):
    """Answers of the last months, newest first, whom to call, and the warning against fraud."""

    answers = AnswerBody(many=True)
    phone = serializers.CharField()
    warning = serializers.CharField()


class NobodyByThisCode(APIException):
    """Unknown person, wrong code, wrong year, a year tried too often: the same sentence."""

    status_code = status.HTTP_404_NOT_FOUND
    default_code = "not_found"

    def __init__(self) -> None:
        super().__init__(NOT_FOUND.format(phone=settings.HOTLINE))


class LookupPerAddress(PerAddress):
    """As many questions from one address as settings allow (`lookup`)."""

    scope = "lookup"


class WrongYears(Allowance):
    """Whoever finds a slip has a name, and years of birth are few: ten wrong ones a day, from whatever addresses, and the code tells nothing more."""

    rate = "10/day"
    scope = "lookup_years"

    def __init__(self, holder: Beneficiary | None) -> None:
        super().__init__()
        # A new slip has tries of its own. Only codes that were given are counted: there are as many of them as people. All others are counted
        # together and for nothing, so that they take as long.
        which = f"{holder.pk}.{bytes(holder.lookup_digest or b'').hex()[:8]}" if holder else "nobody"
        self.code = self.cache_format % {"scope": self.scope, "ident": which}


@method_decorator([sensitive_post_parameters("code", "birth_year"), never_cache], name="dispatch")
class MyStatusView(APIView):
    """For the beneficiary, or whoever was given the slip."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (LookupPerAddress,)

    @extend_schema(
        operation_id="my_status",
        tags=["my-status"],
        summary="Tra cứu trợ cấp của tôi",
        request=Lookup,
        responses={200: MyStatus, 400: RefusalBody, 404: RefusalBody, 429: RefusalBody},
        auth=[],
        examples=[examples.LOOKUP, examples.MY_STATUS, examples.WRONG_CODE],
    )
    def post(self, request: Request) -> Response:
        """By POST, so that neither code nor year stands in an address or a log."""
        asked = body_of(request, Lookup)
        beneficiary = _asked_about(asked["code"], birth_year=asked["birth_year"])
        if beneficiary is None:
            raise NobodyByThisCode
        answers = own_answers(beneficiary=beneficiary, now=timezone.now())
        return Response(MyStatus({"answers": answers, "phone": settings.HOTLINE, "warning": WARNING}).data)


def _asked_about(code: str, *, birth_year: int) -> Beneficiary | None:
    """A try is counted before it is judged, so that many at once are not judged together, and taken back when it was right."""
    holder = holder_of_code(code)
    years = WrongYears(holder)
    if not years.allow(years.code) or holder is None:
        return None
    found = told_about(holder, birth_year=birth_year)
    if found is not None:
        years.give_back()
    return found
