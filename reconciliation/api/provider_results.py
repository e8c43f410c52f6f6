"""A provider's result lists of one payment list: send one in, read what was said of each person."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from beneficiaries.errors.files import FileTooLarge
from beneficiaries.parsers.large_files import large_files_apart
from beneficiaries.parsers.workbook import MAX_BYTES
from payments.api.batches import lists_of, require_whole_list
from payments.models import PaymentBatch, Provider, ResultLine
from reconciliation.services.lines.provider_results import import_result_list
from staff.api.access import actor_of, having
from staff.api.codes import CodeField
from staff.api.lists import ListView
from staff.api.reading import body_of, content_of
from staff.api.refusals import READ, WRITE
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["providers"]
_TAKEN = {
    "collected": 812, "not_collected": 9, "returned": 0, "known": 0,
    "problems": ["Dòng 17: số tiền khác danh sách đã giao."],
}  # fmt: skip
_LINE = {
    "row_number": 17, "payment": "a1b2c3d4000013", "outcome": "PAID", "outcome_label": "Đã nhận", "amount": 700000, "happened_on": "2024-08-20",
    "reason": "", "signed_by": "PAYEE", "relation": "con", "fingerprint": False, "problem": "AMOUNT_DIFFERS",
    "problem_label": "Số tiền khác danh sách đã giao", "received_at": "2024-08-23T08:00:00+07:00",
}  # fmt: skip


class ResultFile(serializers.Serializer[Any]):
    """The list as the provider sent it (Excel, ODS, CSV), and whose form it has, if not that of the provider it was handed to."""

    file = serializers.FileField()
    provider = CodeField(
        slug_field="code", queryset=Provider.objects.all(), required=False, help_text="mã tổ chức dịch vụ chi trả"
    )


class TakenBody(serializers.Serializer[Any]):
    """Payments moved by each outcome, rows said before, and sentences about wrong rows."""

    collected = serializers.IntegerField()
    not_collected = serializers.IntegerField()
    returned = serializers.IntegerField()
    known = serializers.IntegerField()
    problems = serializers.ListField(child=serializers.CharField())


class ResultLineRow(serializers.ModelSerializer[ResultLine]):
    """What was said of one person; `payment` is null for somebody who is not on the list, `amount` is theirs, đồng."""

    payment = serializers.CharField(source="payment.end_to_end_id", default=None, allow_null=True)
    outcome_label = serializers.CharField(source="get_outcome_display")
    problem_label = serializers.CharField(source="get_problem_display")
    received_at = serializers.DateTimeField(source="result_list.received_at")

    class Meta:
        model = ResultLine
        fields = [
            "row_number", "payment", "outcome", "outcome_label", "amount", "happened_on", "reason", "signed_by", "relation", "fingerprint", "problem",
            "problem_label", "received_at",
        ]  # fmt: skip


@method_decorator(never_cache, name="dispatch")
class BatchResultsView(ListView[ResultLine]):
    """What the provider said of a list; and its next word."""

    serializer_class = ResultLineRow
    queryset = ResultLine.objects.none()

    def get_permissions(self) -> list[Any]:
        """Reading and sending in are two rights."""
        right = Right.RECONCILE if self.request.method == "POST" else Right.SEE_RECONCILIATION
        return [having(right)()]

    def get_parsers(self) -> list[MultiPartParser]:  # type: ignore[override]  # the stubs say any parser
        """A file comes as a form."""
        return [MultiPartParser()]

    def _list(self, request: Request, batch_id: int) -> PaymentBatch:
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        return get_object_or_404(lists_of(actor), pk=batch_id)

    @extend_schema(
        operation_id="batches_results_list",
        tags=TAG,
        summary="Kết quả tổ chức dịch vụ chi trả báo về, từng người",
        responses={200: ResultLineRow(many=True), **READ},
        examples=[OpenApiExample("Kết quả", value=_LINE, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """In the order in which it was said."""
        lines = ResultLine.objects.filter(result_list__batch=self._list(request, batch_id))
        return self.page_of(lines.select_related("payment", "result_list").order_by("pk"))

    @extend_schema(
        operation_id="batches_results_create",
        tags=TAG,
        summary="Nạp danh sách kết quả của tổ chức dịch vụ chi trả",
        request={"multipart/form-data": ResultFile},
        responses={200: TakenBody, **WRITE},
        examples=[OpenApiExample("Đã nạp", value=_TAKEN, response_only=True, status_codes=["200"])],
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Rows that are right move their payments; wrong ones are named and become differences. The same list again adds nothing."""
        batch = self._list(request, batch_id)
        body = body_of(request, ResultFile)
        with large_files_apart():
            results = import_result_list(
                content=content_of(body["file"], most=MAX_BYTES, refusal=FileTooLarge),
                batch=batch,
                actor=actor_of(request),
                now=database_now(),
                provider=body.get("provider"),
            )
        return Response(TakenBody(results).data)
