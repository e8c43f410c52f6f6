"""Before a statement is taken in: what a file says, and what the columns of a table mean."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reconciliation.api.statement_shapes import MappingFile, PreviewFile, StatementPreview
from reconciliation.api.statements import TAG, statement_given
from reconciliation.services.statements.preview_statement import preview_statements, save_statement_mapping
from staff.api.access import actor_of, having
from staff.api.refusals import RefusalBody
from staff.api.throttles import PerUser
from staff.rights import Right

REFUSALS = {400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody, 429: RefusalBody}
_PREVIEW = {
    "account": "TKCT-971", "format": "table", "from_on": "2024-08-01", "to_on": "2024-08-31", "opening": 0, "closing": 500000, "lines": 812,
    "fresh": 812, "debits": 405500000, "credits": 406000000, "balances_tie": True, "doubts": [],
    "headings": [{"position": 0, "text": "Ngày giao dịch", "key": "booked_on", "certain": True}], "missing": [], "problems": [],
    "shown": None,
}  # fmt: skip
EXAMPLE = OpenApiExample("Trả lời", value=_PREVIEW, response_only=True, status_codes=["200"])


class PreviewsPerUser(PerUser):
    """The whole file is read each time: ten a minute for one user, previews and mappings together."""

    rate = "10/minute"
    scope = "preview_statement"


class StatementPreviewView(APIView):
    """A file looked at, nothing written."""

    permission_classes = (having(Right.RECONCILE),)
    throttle_classes = (PreviewsPerUser,)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="statements_preview",
        tags=TAG,
        summary="Xem trước sao kê",
        request={"multipart/form-data": PreviewFile},
        responses={200: StatementPreview(many=True), **REFUSALS},
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Per statement: account, days, balances, totals, how many lines are new, what each column is taken for, and every doubt."""
        given = statement_given(request, PreviewFile)
        return Response(StatementPreview(preview_statements(actor=actor_of(request), **given), many=True).data)


class StatementMappingsView(APIView):
    """What the columns of a bank's table mean."""

    permission_classes = (having(Right.RECONCILE),)
    throttle_classes = (PreviewsPerUser,)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="statement_mappings_save",
        tags=TAG,
        summary="Khai cột của sao kê dạng bảng",
        request={"multipart/form-data": MappingFile},
        responses={200: StatementPreview(many=True), **REFUSALS},
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Kept for the account and exactly these headings; the answer is the file's preview, read with it."""
        given: dict[str, Any] = statement_given(request, MappingFile)
        found = save_statement_mapping(actor=actor_of(request), now=timezone.now(), **given)
        return Response(StatementPreview(found, many=True).data)
