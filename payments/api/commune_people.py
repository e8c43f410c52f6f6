"""The whole list of one commune, to leaf through: by hamlet, by given name; who has no account yet, whose last month has not arrived."""

import re
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from beneficiaries.api.enrolments import EnrolmentRow, with_standing
from beneficiaries.models import (
    BankAccount,
    Enrolment,
    Reason,
    fold_hamlet,
    hamlet_folded,
    hamlets_as_said,
    in_hamlet_order,
)
from beneficiaries.services.receiving.contacts import phones_to_call
from beneficiaries.states import AccountStatus
from payments.api.fields import MonthField
from payments.models import Cycle, Entitlement, PaymentBatch
from payments.states import UNPAID_FINAL, BatchStatus, Channel, PaymentStatus
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.query import Query
from staff.api.reading import filters_of
from staff.api.refusals import READ, RefusalBody
from staff.api.throttles import PerUser
from staff.models import AdministrativeUnit
from staff.rights import Right

_NUMBER = re.compile(r"(\d+)")
HAS_ACCOUNT = (AccountStatus.OPENED, AccountStatus.VERIFIED)
NOT_DUE, IN_CASH, IN_ACCOUNT, NOT_FETCHED = "Không có tháng này", "Đã nhận tiền mặt", "Đã vào tài khoản", "Chưa đến nhận tiền mặt"  # fmt: skip
RECEIVING = Q(ended_month=None, moved_to=None, suspended_month=None)
UNPAID, TO_CALL = "unpaid", "to-call"
CALLED = (UNPAID, TO_CALL)
# Lists that pay: what only waits for signatures is nobody's missing money.
PAYING = (BatchStatus.RELEASED, BatchStatus.CLOSED)
WHO = {
    "receiving": "Đang hưởng",
    "no-account": "Đang hưởng, chưa có tài khoản",
    UNPAID: "Tháng gần nhất chưa nhận được tiền",
    TO_CALL: "Phải liên hệ: kỳ đang chi không nhận được tiền",
    "not-receiving": "Tạm dừng, thôi hưởng, chuyển đi",
}


class CommuneQuery(Query):
    """One commune (the own one when nothing is said), one hamlet of it, and which of the people."""

    unit = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)
    hamlet = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    who = serializers.ChoiceField(choices=list(WHO.items()), required=False, default="receiving")


class CommuneRow(EnrolmentRow):
    """A grant of the commune, whether its person has an account, and what became of the last month that has lists. Sums in đồng."""

    here = serializers.BooleanField(
        help_text="lives in the own reach; of whoever moved away neither hamlet nor account is told"
    )
    hamlet = serializers.CharField(source="hamlet_here")
    has_account = serializers.BooleanField(allow_null=True)
    month = MonthField(allow_null=True)
    amount = serializers.IntegerField(source="last_amount", allow_null=True)
    phone = serializers.CharField(
        default="", help_text="only of who was not paid, to whoever looks after them; with whose it is"
    )
    arrived = serializers.SerializerMethodField()
    outcome = serializers.SerializerMethodField()

    def get_arrived(self, enrolment: Any) -> bool:
        return bool(enrolment.last_status == PaymentStatus.POSTED)

    def get_outcome(self, enrolment: Any) -> str:
        return outcome_of(status=enrolment.last_status, channel=enrolment.last_channel, reason=enrolment.last_reason)


def outcome_of(*, status: str | None, channel: str | None, reason: str | None) -> str:
    """What became of a month in the words of lists: its payment, else why there is none."""
    if status is None:
        return str(Reason(reason).label) if reason else NOT_DUE
    if status == PaymentStatus.POSTED:
        return IN_CASH if channel == Channel.CASH else IN_ACCOUNT
    if status == PaymentStatus.FAILED and channel == Channel.CASH:
        return NOT_FETCHED
    return str(PaymentStatus(status).label)


def people_of(unit: AdministrativeUnit, *, hamlet: str, who: str, reach: str) -> QuerySet[Any]:
    """Grants of one commune with all a `CommuneRow` shows, by hamlet and given name; `reach` is the reader's path.

    Whoever moved out of it left the grant behind: where they live and what account they have now is the new commune's to know (I13).
    """
    cycle = _month_for(who)
    due = Entitlement.objects.filter(
        enrolment=OuterRef("pk"), cycle=cycle, month=F("cycle__month"), corrects=None, withdrawn_in=None
    ).order_by("pk")
    accounts = BankAccount.objects.filter(beneficiary=OuterRef("beneficiary"), status__in=HAS_ACCOUNT)
    here = Q(beneficiary__unit__path__startswith=reach)
    found: QuerySet[Any] = with_standing(Enrolment.objects.filter(unit=unit)).annotate(
        here=ExpressionWrapper(here, output_field=BooleanField()),
        hamlet_here=Case(When(here, then=F("beneficiary__hamlet")), default=Value("")),
        has_account=Case(When(here, then=Exists(accounts)), default=None, output_field=BooleanField(null=True)),
        due=Exists(due),
        last_status=Subquery(due.values("payment__status")[:1]),
        last_channel=Subquery(due.values("payment__batch__channel")[:1]),
        last_reason=Subquery(due.values("not_payable_reason")[:1]),
        last_amount=Subquery(due.values("amount")[:1]),
    )
    if hamlet:
        found = found.alias(folded=hamlet_folded("hamlet_here")).filter(folded=fold_hamlet(hamlet))
    wanted = {
        "receiving": RECEIVING,
        "no-account": RECEIVING & Q(has_account=False),
        "unpaid": Q(due=True) & (Q(last_status=None) | ~Q(last_status=PaymentStatus.POSTED)),
        TO_CALL: Q(due=True) & (Q(last_status=None) | Q(last_status__in=UNPAID_FINAL)),
        "not-receiving": ~RECEIVING,
    }[who]
    ordered: QuerySet[Any] = found.filter(wanted).order_by(
        in_hamlet_order("hamlet_here"), "beneficiary__sort_key", "code"
    )
    return ordered


def _month_for(who: str) -> Cycle | None:
    """The newest month; of whom to call the newest of which a list pays or has paid."""
    months = Cycle.objects.filter(opening=False).order_by("-month")
    if who == TO_CALL:
        months = months.filter(Exists(PaymentBatch.objects.filter(cycle=OuterRef("pk"), status__in=PAYING)))
    return months.first()


def hamlets_of(unit: str) -> list[str]:
    """Hamlets of a commune as people say them: thôn 2 before thôn 10, each once however lists write it. Asked only of a unit whose people were just shown."""
    living = Enrolment.objects.filter(unit__code=unit, beneficiary__unit=F("unit"))
    names = living.values_list("unit__code", "beneficiary__hamlet")
    return sorted(filter(None, hamlets_as_said(names).values()), key=_as_counted)


def _as_counted(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _NUMBER.split(name)]


class CommunePerUser(PerUser):
    """Enough to leaf through a commune, too slow for copying a province."""

    rate = "60/minute"
    scope = "commune_people"


class CommunePeopleView(ListView[Any]):
    """The people of one commune."""

    permission_classes = (having(Right.SEE_PERSONS),)
    throttle_classes = (CommunePerUser,)
    serializer_class = CommuneRow

    @extend_schema(
        operation_id="commune_people_list",
        tags=["people"],
        summary="Cả danh sách của một xã: theo thôn, theo tên; ai chưa có tài khoản, ai chưa nhận được tiền",
        parameters=[CommuneQuery],
        responses={200: CommuneRow(many=True), 400: RefusalBody, **READ},
    )
    def get(self, request: Request) -> Response:
        """One commune at a time; of a district or a province one searches. 404 for a unit that is no commune of the own reach."""
        asked = filters_of(request, CommuneQuery)
        actor = actor_of(request)
        unit = unit_in_reach(actor, asked["unit"])
        if unit.kind != AdministrativeUnit.Kind.COMMUNE:
            raise Http404
        cycle = _month_for(asked["who"])
        reach = actor.unit.path if actor.unit else "-"  # of which no path begins
        rows = people_of(unit, hamlet=asked["hamlet"], who=asked["who"], reach=reach)
        page = self.paginate_queryset(rows) or []
        called = [row.beneficiary_id for row in page if row.here] if asked["who"] in CALLED else []
        phones = phones_to_call(called, actor=actor)
        for row in page:
            row.month = cycle.month if cycle else None
            row.phone = phones.get(row.beneficiary_id, "")
        return self.get_paginated_response(CommuneRow(page, many=True).data)
