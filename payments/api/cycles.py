"""Months: their days, and how far what lies in one's reach has come. Figures only, no persons."""

from typing import Any

from django.db import transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import Reason
from payments.api import examples
from payments.api.fields import read_month
from payments.api.order_shapes import ListOrderBody, ListOrderRow
from payments.api.progress import progress, total_over
from payments.api.scope import batches_in_reach, entitlements_in_reach, payments_in_reach
from payments.api.serializers import CycleDetail, CycleRow
from payments.models import Cycle
from payments.services.lists.order_lists import order_lists
from payments.states import BatchStatus
from payments.tasks import build_ordered_lists
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import WRITE, RefusalBody
from staff.models import User
from staff.rights import Right

TAG = ["cycles"]


class CyclesView(ListView[Cycle]):
    """Months, newest first; a new one is ordered."""

    serializer_class = CycleRow

    def get_permissions(self) -> list[Any]:
        """Who sees lists sees months; building is the maker's."""
        building = self.request.method == "POST"
        return [having(Right.BUILD_LIST)() if building else having(Right.SEE_LISTS, Right.SEE_REPORTS)()]

    @extend_schema(
        operation_id="cycles_list",
        tags=TAG,
        summary="Các kỳ chi trả",
        responses={200: CycleRow(many=True), 403: RefusalBody},
        examples=[examples.CYCLE_ROW, examples.NO_RIGHT],
    )
    def get(self, request: Request) -> Response:
        """The days of each month; they are the same for everybody."""
        return self.page_of(Cycle.objects.order_by("-month"))

    @extend_schema(
        operation_id="cycles_create",
        tags=TAG,
        summary="Lập danh sách chi trả của một tháng (chạy nền)",
        request=ListOrderBody,
        responses={202: ListOrderRow, **WRITE},
        examples=[examples.NO_RIGHT],
    )
    def post(self, request: Request) -> Response:
        """The province's maker orders; 409 with the cycle when the month stands already. The same order while it waits is one order."""
        order = order_lists(**body_of(request, ListOrderBody), actor=actor_of(request), now=timezone.now())
        # The bell rings when the row is there; a broker that is down costs seconds, the clock finds the work too.
        transaction.on_commit(build_ordered_lists.delay, robust=True)
        return Response(ListOrderRow(order).data, status=status.HTTP_202_ACCEPTED)


class CycleView(APIView):
    """One month."""

    permission_classes = (having(Right.SEE_LISTS, Right.SEE_REPORTS),)

    @extend_schema(
        operation_id="cycles_retrieve",
        tags=TAG,
        summary="Một kỳ chi trả: tiến độ trong phạm vi địa bàn",
        parameters=[
            OpenApiParameter("month", OpenApiTypes.STR, OpenApiParameter.PATH, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
        ],
        responses={200: CycleDetail, 403: RefusalBody, 404: RefusalBody},
        examples=[examples.CYCLE, examples.NO_RIGHT, examples.NOT_FOUND],
    )
    def get(self, request: Request, month: str) -> Response:
        """Lists by status, people and đồng by status, and who is due nothing by reason."""
        first_day = read_month(month)
        if first_day is None:
            raise Http404
        cycle = get_object_or_404(Cycle, month=first_day)
        return Response(CycleDetail(_body(cycle, actor_of(request))).data)


def _body(cycle: Cycle, actor: User) -> dict[str, Any]:
    payments = payments_in_reach(actor).filter(batch__cycle=cycle)
    by_status = dict(batches_in_reach(actor).filter(cycle=cycle).values_list("status").annotate(Count("pk")).order_by())
    due_nothing = entitlements_in_reach(actor).filter(cycle=cycle).exclude(not_payable_reason="")
    by_reason = (
        due_nothing.values_list("not_payable_reason")
        .annotate(Count("enrolment__beneficiary", distinct=True))
        .order_by()
    )
    return {
        "month": cycle.month,
        "listed_on": cycle.listed_on,
        "pay_on": cycle.pay_on,
        "built_at": cycle.built_at,
        "lists": [{"status": status, "lists": by_status[status]} for status in BatchStatus if status in by_status],
        "total": total_over(payments),
        "progress": progress(payments),
        "not_payable": [
            {"reason": reason, "reason_label": Reason(reason).label, "people": people}
            for reason, people in sorted(by_reason)
        ],
    }
