"""The dashboard as figures for programs and as a page: coverage, money paid, steps of account opening, open work, differences, cycles."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.services.accounts.coverage import STEPS
from payments.money import format_amount
from reconciliation.api.discrepancy_shapes import AgeingBody
from reconciliation.api.report_shapes import DifferenceBody, RateBody
from reconciliation.reports.sentences import day_text
from reconciliation.reports.wording import audit_sentence
from reconciliation.services.dashboard import Dashboard, Span, show_dashboard
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.query import Query
from staff.api.reading import filters_of
from staff.api.refusals import RefusalBody
from staff.api.throttles import PerUser
from staff.rights import Right

TAG = ["dashboard"]
READ = {400: RefusalBody, 403: RefusalBody, 404: RefusalBody}
YEARS = (2000, 2100)
STEP_LABELS = {
    "NEEDED": "Cần mở tài khoản", "REQUESTED": "Đã đề nghị mở", "OPENED": "Đã mở, chờ xác nhận", "VERIFIED": "Đã xác nhận",
    "REFUSED": "Ngân hàng từ chối mở", "CASH_CHOSEN": "Chọn nhận tiền mặt", "NOT_REACHED": "Chưa tiếp cận", "FIRST_PAYMENT": "Đã nhận tiền lần đầu",
}  # fmt: skip


class DashboardQuery(Query):
    """The unit (the actor's own unless given), the day (today), and the span that ends on it."""

    unit = serializers.CharField(required=False, default="", help_text="mã đơn vị")
    on = serializers.DateField(required=False, help_text="số liệu đến hết ngày")
    span = serializers.ChoiceField(choices=[span.value for span in Span], required=False, default=Span.QUARTER.value)

    def validate_on(self, on: date) -> date:
        """A day whose quarter and year there are too."""
        if not YEARS[0] <= on.year <= YEARS[1]:
            raise serializers.ValidationError(f"phải trong các năm {YEARS[0]}–{YEARS[1]}.")
        return on


class PlaceBody(serializers.Serializer[Any]):
    """A unit."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()


class SpanBody(serializers.Serializer[Any]):
    """First and last day."""

    first = serializers.DateField(source="from")
    last = serializers.DateField(source="to")


class UnitFigures(PlaceBody):
    """A unit with the sum of its communes; `above` is the code of the unit above it within this dashboard ("" for its own)."""

    above = serializers.CharField(source="parent", allow_blank=True)
    beneficiaries = serializers.IntegerField()
    accounts = serializers.IntegerField()
    paid_cashless = serializers.IntegerField()
    paid_in_cash = serializers.IntegerField()
    in_flight = serializers.IntegerField()
    unpaid = serializers.IntegerField()
    account_money = serializers.IntegerField()
    cash_money = serializers.IntegerField()
    in_flight_money = serializers.IntegerField()
    unpaid_money = serializers.IntegerField()


class GroupFigures(serializers.Serializer[Any]):
    """A group of people; groups under five stand together, sensitive categories by their neutral code."""

    code = serializers.CharField()
    name = serializers.CharField()
    beneficiaries = serializers.IntegerField()
    accounts = serializers.IntegerField()
    paid_cashless = serializers.IntegerField()


class ProgrammeGroup(GroupFigures):
    """A category, with đồng."""

    account_money = serializers.IntegerField()
    cash_money = serializers.IntegerField()


class ProgrammeFigures(ProgrammeGroup):
    """A programme with its categories."""

    budget_source = serializers.CharField()
    groups = ProgrammeGroup(many=True)


class PersonsBody(serializers.Serializer[Any]):
    """By sex and by age on the day."""

    sex = GroupFigures(many=True)
    age = GroupFigures(many=True)


class WorkBody(serializers.Serializer[Any]):
    """Cases of one kind at the end of the day."""

    kind = serializers.CharField()
    kind_label = serializers.CharField(source="label")
    open = serializers.IntegerField()
    overdue = serializers.IntegerField()
    escalated = serializers.IntegerField()


class CycleFigures(serializers.Serializer[Any]):
    """Part of one month: `outcome` PAID, IN_FLIGHT or UNPAID as of the day; a carried month stands with the list that carries it."""

    month = serializers.CharField()
    channel = serializers.CharField()
    outcome = serializers.CharField()
    people = serializers.IntegerField()
    money = serializers.IntegerField()


class MeaningBody(serializers.Serializer[Any]):
    """What a figure means, in the words of the report."""

    key = serializers.CharField()
    official = serializers.CharField()
    short = serializers.CharField()
    how = serializers.CharField()
    numerator = serializers.CharField(allow_blank=True)
    denominator = serializers.CharField(allow_blank=True)


class SealCheckBody(serializers.Serializer[Any]):
    """When the sealed history was last checked, and how much was found wrong (0: it is as it was sealed)."""

    checked_at = serializers.DateTimeField()
    finding_count = serializers.IntegerField()


class LowUnit(serializers.Serializer[Any]):
    """A commune where the fewest have an account, with its numbers of people."""

    code = serializers.CharField()
    name = serializers.CharField()
    accounts = serializers.IntegerField()
    beneficiaries = serializers.IntegerField()
    coverage = serializers.CharField(help_text="as printed: 63,16%")
    unpaid = serializers.IntegerField()


class ReasonBody(serializers.Serializer[Any]):
    """Why people with an account were not paid through it; who deals with it and by when."""

    reason = serializers.CharField()
    people = serializers.IntegerField()
    unpaid = serializers.IntegerField()
    responsible = serializers.CharField(allow_blank=True)
    deadline = serializers.CharField(allow_blank=True)


class BriefBody(serializers.Serializer[Any]):
    """One page for a leader: sentences to read aloud, the five lowest communes, reasons, and what is proposed to whom."""

    sentences = serializers.ListField(child=serializers.CharField())
    lowest = LowUnit(many=True)
    reasons = ReasonBody(many=True)
    proposals = serializers.ListField(child=serializers.CharField())


class DashboardBody(serializers.Serializer[Any]):
    """The dashboard; keys mean what they mean in a report. `ties_out` is false while `differences` names something."""

    unit = PlaceBody()
    period = SpanBody()
    as_of = serializers.CharField()
    counted_at = serializers.DateTimeField()
    ties_out = serializers.BooleanField()
    differences = DifferenceBody(many=True)
    brief = BriefBody()
    headline = serializers.DictField(child=serializers.IntegerField())
    rates = serializers.DictField(child=RateBody())
    units = UnitFigures(many=True)
    programmes = ProgrammeFigures(many=True)
    persons = PersonsBody()
    funnel = serializers.DictField(child=serializers.IntegerField())
    work = WorkBody(many=True)
    ageing = AgeingBody(many=True)
    cycles = CycleFigures(many=True)
    definitions = MeaningBody(many=True)
    seal_check = SealCheckBody(allow_null=True)


class CountsPerUser(PerUser):
    """Every other day asked for is counted anew: thirty a minute for one user, figures and page together."""

    rate = "30/minute"
    scope = "dashboard"


def _dashboard(request: Request) -> Dashboard:
    """404 for a unit outside the scope."""
    given = filters_of(request, DashboardQuery)
    unit, on = unit_in_reach(actor_of(request), given["unit"]), given.get("on") or timezone.localdate()
    return show_dashboard(unit=unit, on=on, span=Span(given["span"]), now=timezone.now())


@method_decorator(never_cache, name="dispatch")
class DashboardView(APIView):
    """The dashboard as figures; no persons."""

    permission_classes = (having(Right.SEE_REPORTS),)
    throttle_classes = (CountsPerUser,)

    @extend_schema(
        operation_id="dashboard_retrieve", tags=TAG, summary="Số liệu tổng hợp tại một ngày, theo đơn vị và chính sách", parameters=[DashboardQuery],
        responses={200: DashboardBody, **READ, 429: RefusalBody},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The figures a report of the same days would freeze, by the same definitions."""
        board = _dashboard(request)
        body = board.figures | {
            "counted_at": board.counted_at, "ties_out": not board.figures["differences"], "funnel": board.funnel, "ageing": board.ageing,
            "cycles": board.cycles, "seal_check": board.seal_check,
            "brief": board.brief,
        }  # fmt: skip
        return Response(DashboardBody(body).data)


@method_decorator(never_cache, name="dispatch")
class DashboardPageView(APIView):
    """The dashboard as a page."""

    permission_classes = (having(Right.SEE_REPORTS),)
    throttle_classes = (CountsPerUser,)

    @extend_schema(
        operation_id="dashboard_page", tags=TAG, summary="Số liệu tổng hợp, để xem và in", parameters=[DashboardQuery],
        responses={(200, "text/html"): OpenApiTypes.STR, **READ, 429: RefusalBody},
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """The same figures."""
        board = _dashboard(request)
        figures = board.figures
        named = {meaning["key"]: meaning for meaning in figures["definitions"]}
        rates = [
            (
                named[key]["official"],
                format_amount(rate["numerator"]),
                format_amount(rate["denominator"]),
                _percent(rate["percent"]),
            )
            for key, rate in figures["rates"].items()
        ]
        units = [
            (
                row["name"],
                [
                    format_amount(row[key])
                    for key in ("beneficiaries", "accounts", "paid_cashless", "paid_in_cash", "in_flight", "unpaid")
                ],
            )
            for row in figures["units"]
        ]
        work = [
            (row["label"], [format_amount(row[key]) for key in ("open", "overdue", "escalated")])
            for row in figures["work"]
        ]
        given = {
            "board": board, "unit": figures["unit"], "day": day_text(_day(figures["period"]["to"])), "from_day": day_text(_day(figures["period"]["from"])),
            "rates": rates, "units": units, "funnel": [(STEP_LABELS[step], format_amount(board.funnel.get(step, 0))) for step in (*STEPS, "FIRST_PAYMENT")],
            "work": work, "differences": figures["differences"], "audit": _audit(board),
            "brief": board.brief,
        }  # fmt: skip
        return render(request._request, "reconciliation/dashboard.html", given)


def _audit(board: Dashboard) -> str:
    check = board.seal_check
    said = audit_sentence(checked_at=check.checked_at, findings=check.finding_count) if check else ""
    return said or "Nhật ký hệ thống chưa được kiểm tra lần nào."


def _day(text: str) -> Any:
    return serializers.DateField().to_internal_value(text)


def _percent(text: str | None) -> str:
    return "-" if text is None else f"{text.replace('.', ',')}%"
