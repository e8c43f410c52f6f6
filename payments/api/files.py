"""Files of a list on their way to the bank: how far they are, and offering refused ones again."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api import examples
from payments.api.batches import OneList, require_whole_list
from payments.services.files.offer_again import offer_again
from payments.services.files.progress import FileProgress, file_progress
from payments.states import FileStatus, PaymentStatus
from staff.api.access import actor_of, having
from staff.api.reading import no_body
from staff.api.refusals import READ, RefusalBody
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["batches"]


class FileStepRow(serializers.Serializer[dict[str, Any]]):
    """Payments of a file in one status."""

    status = serializers.ChoiceField(choices=PaymentStatus.choices)
    people = serializers.IntegerField()
    amount = serializers.IntegerField(help_text="đồng")


class FileRow(serializers.Serializer[FileProgress]):
    """One file: where it stands since when, and its payments per status, counted now."""

    message_id = serializers.CharField()
    status = serializers.ChoiceField(choices=FileStatus.choices)
    since = serializers.DateTimeField()
    count = serializers.IntegerField()
    total = serializers.IntegerField(help_text="đồng")
    reason = serializers.CharField(help_text="mã lý do của ngân hàng khi từ chối cả tệp")
    payments = serializers.SerializerMethodField()

    @extend_schema(responses=FileStepRow(many=True))
    def get_payments(self, file: FileProgress) -> list[dict[str, Any]]:
        """In the order in which they were counted."""
        return [
            {"status": status, "people": people, "amount": amount} for status, (people, amount) in file.payments.items()
        ]


class OfferedAgain(serializers.Serializer[dict[str, int]]):
    """How many payments go into new files."""

    payments = serializers.IntegerField()


class BatchFilesView(OneList):
    """Files of one list; for who sees the whole list."""

    @extend_schema(
        operation_id="batches_files",
        tags=TAG,
        summary="Các tệp gửi ngân hàng của danh sách",
        responses={200: FileRow(many=True), **READ},
        examples=[examples.NO_RIGHT, examples.NOT_FOUND],
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """Oldest first."""
        require_whole_list(actor_of(request), batch_id)
        files = FileRow(file_progress(batch_ids=[batch_id]), many=True)  # type: ignore[arg-type]  # many: a list
        return Response(files.data)


class OfferAgainView(OneList):
    """What the bank refused as whole files."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.RELEASE))

    @extend_schema(
        operation_id="batches_offer_again",
        tags=TAG,
        summary="Gửi lại các khoản trong tệp bị ngân hàng từ chối cả tệp",
        request=None,
        responses={200: OfferedAgain, **READ, 409: RefusalBody},
        examples=[examples.NO_RIGHT, examples.NOT_FOUND],
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """New files under new message ids; the refused ones stay as they are."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        no_body(request)
        offered = offer_again(batch_id=batch_id, actor=actor, now=database_now())
        return Response(OfferedAgain({"payments": offered}).data)
