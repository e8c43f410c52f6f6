"""A list of who receives a gift: looked at by the background, then written just as it was seen."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.errors.files import FileTooLarge
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from payments.api.order_shapes import OfficeFileDetail, RowProblem
from payments.models import GiftLook
from payments.services.once.gift_looks import look_at_gifts, read_look, write_as_seen
from payments.services.once.gift_outcomes import GiftOutcome
from payments.tasks import look_at_gift_lists, work_on_files
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.order_shapes import OrderQuery, OrderRow
from staff.api.reading import body_of, content_of, filters_of, no_body
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.api.throttles import PerUser
from staff.models import User
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["one-off"]
_LINE = {
    "row": 3, "name": "Trần Thị Bảy", "code": "", "grant": "QUA-2-9", "household": "H1", "receiver": "", "outcome": "NEW",
    "outcome_label": "Ghi mới", "amount": 100_000, "remarks": [],
}  # fmt: skip
_SEEN = {
    "rows": 1, "new": 1, "unchanged": 0, "differs": 0, "wrong": 0, "amount": 100_000, "households": 1, "through_head": 0, "repeated": False,
    "digest": "c0ffee" * 10 + "abcd", "lines": [_LINE],
}  # fmt: skip
_ROW = {
    "id": 7, "stage": "DONE", "stage_label": "Đã xong", "under_way": False, "ordered_by": "Nguyễn Thị Lập", "ordered_at": "2024-08-20T09:00:00+07:00",
    "started_at": "2024-08-20T09:00:01+07:00", "finished_at": "2024-08-20T09:00:20+07:00", "problem_code": "", "problem": "", "conflicts": [],
    "unit": "97101", "rows": 1, "file": None,
}  # fmt: skip
_LOOKED = OpenApiExample("Đã xem", value=_ROW | {"seen": _SEEN}, response_only=True, status_codes=["200"])
_WAITS = OpenApiExample(
    "Đang xem",
    value=_ROW | {"stage": "WAITING", "stage_label": "Đang chờ hoặc đang làm", "finished_at": None, "seen": None},
    response_only=True,
    status_codes=["202"],
)


class GiftListBody(serializers.Serializer[Any]):
    """The list, and whose it is."""

    file = serializers.FileField(allow_empty_file=True, max_length=200)
    unit = serializers.CharField(max_length=12, required=False, default="", help_text="left out: the own unit")


class GiftLineRow(serializers.Serializer[Any]):
    """What one row of the list comes to."""

    row = serializers.IntegerField(help_text="as the spreadsheet counts")
    name = serializers.CharField(allow_blank=True)
    code = serializers.CharField(allow_blank=True)
    grant = serializers.CharField(allow_blank=True)
    household = serializers.CharField(allow_blank=True)
    receiver = serializers.CharField(
        allow_blank=True, help_text="chủ hộ nhận thay, trừ khi người này có tài khoản riêng"
    )
    outcome = serializers.ChoiceField(choices=GiftOutcome.choices)
    outcome_label = serializers.CharField()
    amount = serializers.IntegerField(help_text="đồng ghi mới")
    remarks = RowProblem(many=True)


class GiftPreviewOut(serializers.Serializer[Any]):
    """Of all rows; `lines` are at most 500, those to be looked at first."""

    rows = serializers.IntegerField()
    new = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    differs = serializers.IntegerField(help_text="đã ghi từ trước, khác với tệp; để nguyên như đã ghi")
    wrong = serializers.IntegerField()
    amount = serializers.IntegerField(help_text="đồng ghi mới")
    households = serializers.IntegerField(help_text="số hộ có người ghi mới")
    through_head = serializers.IntegerField(help_text="trong số mới: chủ hộ nhận thay, trừ ai có tài khoản riêng")
    repeated = serializers.BooleanField(help_text="tệp đã nạp từ trước, không thêm gì")
    digest = serializers.CharField(allow_blank=True)
    lines = GiftLineRow(many=True)


class GiftLookRow(OrderRow):
    """A list that was sent to be looked at; `rows` is known once it was read, `file` the file it was written as."""

    unit = serializers.CharField(source="unit.code")
    rows = serializers.IntegerField(allow_null=True)
    file = serializers.IntegerField(source="written_as_id", allow_null=True)


class GiftLookDetail(GiftLookRow):
    """With what was seen; null while it waits, when it was refused, and some weeks later."""

    seen = serializers.SerializerMethodField()

    @extend_schema_field(GiftPreviewOut(allow_null=True))
    def get_seen(self, look: GiftLook) -> dict[str, Any] | None:
        return read_look(look)


class GiftPreviewsPerUser(PerUser):
    """The whole list is read and tried each time."""

    rate = "10/minute"
    scope = "preview_gifts"


def _looks(actor: User) -> QuerySet[GiftLook]:
    if actor.unit is None:
        return GiftLook.objects.none()
    return GiftLook.objects.filter(unit__path__startswith=actor.unit.path).select_related("unit", "ordered_by")


class GiftListPreviewView(ListView[GiftLook]):
    """Lists looked at, nothing written."""

    permission_classes = (having(Right.BUILD_LIST),)
    serializer_class = GiftLookRow

    def get_throttles(self) -> list[Any]:
        """Reading costs nothing."""
        return [GiftPreviewsPerUser()] if self.request.method == "POST" else []

    def get_parsers(self) -> list[BaseParser]:
        """A file comes as a form."""
        return [MultiPartParser()]

    @extend_schema(
        operation_id="gift_lists_previews",
        tags=TAG,
        summary="Các danh sách nhận quà đã gửi xem trước",
        parameters=[OrderQuery],
        responses={200: GiftLookRow(many=True), **READ},
        examples=[OpenApiExample("Đã xem", value=_ROW, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        """The newest first."""
        wanted = filters_of(request, OrderQuery)
        return self.page_of(_looks(actor_of(request)).filter(**wanted).defer("sealed", "sealed_result").order_by("-pk"))

    @extend_schema(
        operation_id="gift_lists_preview",
        tags=TAG,
        summary="Gửi danh sách nhận quà, trợ cấp một lần để xem trước: ai mới, ai đã có, dòng nào sai, vì sao",
        request={"multipart/form-data": GiftListBody},
        responses={202: GiftLookDetail, **WRITE, 429: RefusalBody},
        examples=[_WAITS],
    )
    def post(self, request: Request) -> Response:
        """Taken in by the background and undone, so that it shows exactly what `write` will write. Ask for it by its id until it is DONE."""
        body, actor = body_of(request, GiftListBody), actor_of(request)
        look = look_at_gifts(
            content=content_of(body["file"], most=MAX_BYTES, refusal=FileTooLarge),
            unit=unit_in_reach(actor, body["unit"]),
            actor=actor,
            now=database_now(),
        )
        transaction.on_commit(look_at_gift_lists.delay, robust=True)
        return Response(GiftLookDetail(look).data, status=status.HTTP_202_ACCEPTED)


@method_decorator(never_cache, name="dispatch")
class GiftLookView(APIView):
    """One list looked at."""

    permission_classes = (having(Right.BUILD_LIST),)

    @extend_schema(
        operation_id="gift_lists_preview_read",
        tags=TAG,
        summary="Một danh sách nhận quà đã gửi xem trước: đã xem xong chưa, mỗi dòng sẽ ra sao",
        responses={200: GiftLookDetail, **READ},
        examples=[_LOOKED],
    )
    def get(self, request: Request, order_id: int) -> Response:
        """What was seen, line by line."""
        return Response(GiftLookDetail(get_object_or_404(_looks(actor_of(request)), pk=order_id)).data)


class WriteGiftLookView(APIView):
    """Write just what was seen."""

    permission_classes = (having(Right.BUILD_LIST),)

    @extend_schema(
        operation_id="gift_lists_preview_write",
        tags=TAG,
        summary="Ghi đúng như đã xem trước; có gì khác từ lúc xem thì không ghi cho ai",
        request=None,
        responses={202: OfficeFileDetail, **WRITE},
    )
    def post(self, request: Request, order_id: int) -> Response:
        """The background writes it; what became of it stands on the file."""
        actor = actor_of(request)
        look = get_object_or_404(_looks(actor), pk=order_id)
        no_body(request)
        file = write_as_seen(look=look, actor=actor, now=database_now())
        transaction.on_commit(work_on_files.delay, robust=True)
        return Response(OfficeFileDetail(file).data, status=status.HTTP_202_ACCEPTED)
