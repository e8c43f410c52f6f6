"""Orders of lists, watched until the lists stand or the reason why not; and the days a month's work is due."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.fields import read_month
from payments.api.order_shapes import CalendarRow, ListOrderQuery, ListOrderRow
from payments.models import ListOrder
from payments.services.lists.calendar import month_calendar
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import filters_of
from staff.api.refusals import READ, RefusalBody
from staff.models import AdministrativeUnit, User
from staff.rights import Right

TAG = ["cycles"]
MONTH = OpenApiParameter("month", OpenApiTypes.STR, OpenApiParameter.PATH, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")


class ListOrdersView(ListView[ListOrder]):
    """Orders, newest first. Days and reasons for everybody who may build; what stood in the way only for the province."""

    permission_classes = (having(Right.BUILD_LIST),)
    serializer_class = ListOrderRow

    @extend_schema(
        operation_id="list_orders_list",
        tags=TAG,
        summary="Các yêu cầu lập danh sách",
        parameters=[ListOrderQuery],
        responses={200: ListOrderRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Filter by stage and month."""
        wanted = filters_of(request, ListOrderQuery)
        orders = ListOrder.objects.filter(**wanted).select_related("ordered_by").order_by("-pk")
        return self.page_of(orders, whole_province=_reaches_the_province(actor_of(request)))


@method_decorator(never_cache, name="dispatch")
class ListOrderView(APIView):
    """One order."""

    permission_classes = (having(Right.BUILD_LIST),)

    @extend_schema(
        operation_id="list_orders_retrieve",
        tags=TAG,
        summary="Một yêu cầu lập danh sách: đang chờ, đã lập, hay vì sao chưa lập được",
        responses={200: ListOrderRow, **READ},
    )
    def get(self, request: Request, order_id: int) -> Response:
        """A refusal names to the province what is missing: codes of enrolments, or units."""
        seen = {"whole_province": _reaches_the_province(actor_of(request))}
        return Response(ListOrderRow(get_object_or_404(ListOrder, pk=order_id), context=seen).data)


class CalendarView(APIView):
    """The days of a month, whether its lists are built or not."""

    permission_classes = (having(Right.SEE_LISTS, Right.SEE_REPORTS),)

    @extend_schema(
        operation_id="cycles_calendar",
        tags=TAG,
        summary="Lịch của một tháng chi trả theo ngày làm việc",
        parameters=[MONTH],
        responses={200: CalendarRow, **READ},
    )
    def get(self, request: Request, month: str) -> Response:
        """By the calendar of working days as it stands now."""
        first_day = read_month(month)
        if first_day is None:
            raise Http404
        calendar = month_calendar(month=first_day)
        return Response(CalendarRow({"month": first_day, **vars(calendar)}).data)


def _reaches_the_province(actor: User) -> bool:
    """An order is of all units at once: what it names is for who reaches all of them."""
    return actor.unit is not None and actor.unit.kind == AdministrativeUnit.Kind.PROVINCE
