"""Statements: send one in, read them line by line, take a match back."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.models import FundingAccount
from reconciliation.api.statement_shapes import (
    LineQuery,
    LineRow,
    MatchRow,
    Reason,
    StatementFile,
    StatementIntakeBody,
    StatementQuery,
    StatementRow,
)
from reconciliation.errors import StatementNotAccepted
from reconciliation.models import Statement, StatementLine, StatementMatch
from reconciliation.services.lines.match_by_hand import undo_match
from reconciliation.services.statements.import_statement import import_statements
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of, filters_of
from staff.api.refusals import READ, RefusalBody
from staff.models import User
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["statements"]
MAX_BYTES = 200 * 1024 * 1024
_ROW = {
    "id": 7, "account": "TKCT-971", "statement_id": "SP000008", "sequence_number": 8, "format": "camt.053", "from_on": "2024-08-01",
    "to_on": "2024-08-31", "opening": 0, "closing": 1500000, "line_count": 812, "received_at": "2024-09-01T08:00:00+07:00", "open_discrepancies": 0,
}  # fmt: skip
_MATCH = {
    "id": 31, "kind": "DEBIT", "kind_label": "Chi", "basis": "REFERENCE", "basis_label": "Mã đối chiếu và số tiền", "amount": -750000,
    "payment": "a1b2c3d4000017", "reverses": None, "reason": "", "matched_by": None,
    "matched_at": "2024-09-01T08:00:00+07:00", "undone": False,
}  # fmt: skip
_LINE = {
    "id": 90, "ordinal": 17, "amount": -750000, "booked_on": "2024-08-05", "reference": "a1b2c3d4000017", "bank_reference": "obp_17",
    "is_return": False, "return_code": "", "matches": [_MATCH],
}  # fmt: skip
_INTAKE = {
    "id": 7,
    "lines": 812,
    "new_lines": 812,
    "repeated": False,
    "payments": 806,
    "returns": 3,
    "top_ups": 1,
    "transfers": 1,
    "discrepancies": 1,
}


def _example(value: Any, code: str = "200") -> OpenApiExample:
    return OpenApiExample("Trả lời", value=value, response_only=True, status_codes=[code])


def statement_given(request: Request, shape: type[StatementFile]) -> dict[str, Any]:
    """Files of bounded size together, their funding account (404 outside the actor's subtree) and the rest of a valid body."""
    given = dict(body_of(request, shape))
    files = given.pop("file")
    if sum(file.size for file in files) > MAX_BYTES:
        raise StatementNotAccepted(f"Tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB; mời nạp bằng lệnh import_statement.")
    if code := given.pop("account", None):
        given["account"] = get_object_or_404(accounts_in_reach(actor_of(request)), code=code)
    return {"sources": files, **given}


def accounts_in_reach(actor: User) -> QuerySet[FundingAccount]:
    """Funding accounts of the actor's subtree."""
    if actor.unit is None:
        return FundingAccount.objects.none()
    return FundingAccount.objects.filter(paying_unit__path__startswith=actor.unit.path)


def statements_in_reach(actor: User) -> QuerySet[Statement]:
    """Statements of funding accounts of the actor's subtree."""
    if actor.unit is None:
        return Statement.objects.none()
    open_now = Count("discrepancies", filter=Q(discrepancies__status="OPEN"))
    reach = Statement.objects.filter(funding_account__paying_unit__path__startswith=actor.unit.path)
    return reach.select_related("funding_account").annotate(open_discrepancies=open_now)


class StatementsView(ListView[Statement]):
    """Statements in reach, newest first; and a new one."""

    serializer_class = StatementRow

    def get_permissions(self) -> list[Any]:
        """Reading and sending in are two rights."""
        right = Right.RECONCILE if self.request.method == "POST" else Right.SEE_RECONCILIATION
        return [having(right)()]

    def get_parsers(self) -> list[BaseParser]:
        """A file comes as a form."""
        return [MultiPartParser()]

    @extend_schema(
        operation_id="statements_list",
        tags=TAG,
        summary="Sao kê đã nhận",
        parameters=[StatementQuery],
        responses={200: StatementRow(many=True), 400: RefusalBody, 403: RefusalBody},
        examples=[_example(_ROW)],
    )
    def get(self, request: Request) -> Response:
        """Filter by funding account and last day."""
        query = filters_of(request, StatementQuery)
        found = statements_in_reach(actor_of(request))
        if account := query.get("account"):
            found = found.filter(funding_account__code=account)
        if since := query.get("since"):
            found = found.filter(to_on__gte=since)
        return self.page_of(found.order_by("-to_on", "-pk"))

    @extend_schema(
        operation_id="statements_create",
        tags=TAG,
        summary="Nạp sao kê",
        request={"multipart/form-data": StatementFile},
        responses={201: StatementIntakeBody(many=True), 400: RefusalBody, 403: RefusalBody, 409: RefusalBody},
        examples=[_example(_INTAKE, "201")],
    )
    def post(self, request: Request) -> Response:
        """All statements in the files, or nothing of them; what was here before adds nothing."""
        given = statement_given(request, StatementFile)
        intakes = import_statements(actor=actor_of(request), now=database_now(), **given)
        return Response(StatementIntakeBody(intakes, many=True).data, status=status.HTTP_201_CREATED)


@method_decorator(never_cache, name="dispatch")
class StatementView(APIView):
    """One statement."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)

    @extend_schema(
        operation_id="statements_retrieve", tags=TAG, summary="Một sao kê", responses={200: StatementRow, **READ}, examples=[_example(_ROW)]
    )  # fmt: skip
    def get(self, request: Request, statement_id: int) -> Response:
        """Head and balances."""
        return Response(StatementRow(get_object_or_404(statements_in_reach(actor_of(request)), pk=statement_id)).data)


class StatementLinesView(ListView[StatementLine]):
    """Lines of one statement."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)
    serializer_class = LineRow

    @extend_schema(
        operation_id="statements_lines_list",
        tags=TAG,
        summary="Các dòng của một sao kê và mỗi dòng là gì",
        parameters=[LineQuery],
        responses={200: LineRow(many=True), 400: RefusalBody, **READ},
        examples=[_example(_LINE)],
    )
    def get(self, request: Request, statement_id: int) -> Response:
        """In the order of the statement; `explained=false` leaves those nothing explains."""
        statement = get_object_or_404(statements_in_reach(actor_of(request)), pk=statement_id)
        query = filters_of(request, LineQuery)
        lines = StatementLine.objects.filter(statement=statement).prefetch_related(
            "matches__payment", "matches__matched_by", "matches__line__matches"
        )
        live = StatementMatch.objects.filter(line=OuterRef("pk"), reverses__isnull=True, reversed_by__isnull=True)
        if (explained := query.get("explained")) is not None:
            lines = lines.filter(Exists(live) if explained else ~Exists(live))
        return self.page_of(lines.order_by("ordinal"))


class UndoMatchView(APIView):
    """Take a match back."""

    permission_classes = (having(Right.RECONCILE),)

    @extend_schema(
        operation_id="statement_matches_undo",
        tags=TAG,
        summary="Hủy nối dòng sao kê",
        request=Reason,
        responses={200: MatchRow, 400: RefusalBody, **READ, 409: RefusalBody},
        examples=[
            _example(
                {
                    **_MATCH,
                    "id": 32,
                    "amount": 750000,
                    "reverses": 31,
                    "reason": "Nối nhầm người.",
                    "matched_by": "Lê Thị Soát",
                }
            )
        ],
    )
    def post(self, request: Request, match_id: int) -> Response:
        """A counter-row with its reason; the line is a difference again until it is explained anew."""
        actor = actor_of(request)
        reach = StatementMatch.objects.filter(line__statement__in=statements_in_reach(actor).values("pk"))
        match = get_object_or_404(reach, pk=match_id)
        body = body_of(request, Reason)
        counter = undo_match(match=match, actor=actor, reason=body["note"], now=database_now())
        return Response(MatchRow(counter).data)
