"""A list of who receives a gift, looked at before it is taken in; taking it in is `payments.api.office_files`."""

from collections import Counter
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.errors.files import FileTooLarge
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from payments.api.order_shapes import RowProblem
from payments.services.gift_list import GiftPreview, preview_gifts
from payments.services.gift_outcomes import GiftLine, GiftOutcome
from payments.services.office_files import problem_of
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.reading import body_of, content_of
from staff.api.refusals import WRITE, RefusalBody
from staff.api.throttles import PerUser
from staff.rights import Right
from staff.services.database_clock import database_now

MOST_SHOWN = 500
# What a person must look at stands first.
FIRST = [GiftOutcome.WRONG, GiftOutcome.DIFFERS, GiftOutcome.NEW, GiftOutcome.UNCHANGED]
_LINE = {
    "row": 3, "name": "Trần Thị Bảy", "code": "", "grant": "QUA-2-9", "household": "H1", "receiver": "", "outcome": "NEW",
    "outcome_label": "Ghi mới", "amount": 100_000, "remarks": [],
}  # fmt: skip
_PREVIEW = {
    "rows": 1, "new": 1, "unchanged": 0, "differs": 0, "wrong": 0, "amount": 100_000, "households": 1, "through_head": 0, "repeated": False,
    "digest": "c0ffee" * 10 + "abcd", "lines": [_LINE],
}  # fmt: skip


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
    outcome_label = serializers.SerializerMethodField()
    amount = serializers.IntegerField(help_text="đồng ghi mới")
    remarks = serializers.SerializerMethodField()

    def get_outcome_label(self, line: GiftLine) -> str:
        return str(line.outcome.label)

    @extend_schema_field(RowProblem(many=True))
    def get_remarks(self, line: GiftLine) -> list[dict[str, object]]:
        return [problem_of(sentence).said() | {"row": line.row} for sentence in line.remarks]


class GiftPreviewOut(serializers.Serializer[Any]):
    """Of all rows; `lines` are at most 500, those to be looked at first. Sent on with `digest` as `seen`, just this is written."""

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


class GiftPreviewsPerUser(PerUser):
    """The whole list is read and tried each time."""

    rate = "10/minute"
    scope = "preview_gifts"


class GiftListPreviewView(APIView):
    """A list looked at, nothing written."""

    permission_classes = (having(Right.BUILD_LIST),)
    throttle_classes = (GiftPreviewsPerUser,)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="gift_lists_preview",
        tags=["one-off"],
        summary="Xem trước danh sách nhận quà, trợ cấp một lần: ai mới, ai đã có, dòng nào sai, vì sao",
        request={"multipart/form-data": GiftListBody},
        responses={200: GiftPreviewOut, **WRITE, 429: RefusalBody},
        examples=[OpenApiExample("Trả lời", value=_PREVIEW, response_only=True, status_codes=["200"])],
    )
    def post(self, request: Request) -> Response:
        """Taken in and undone, so that it shows exactly what `POST /api/office-files/` with `seen` will write."""
        body, actor = body_of(request, GiftListBody), actor_of(request)
        found = preview_gifts(
            content=content_of(body["file"], most=MAX_BYTES, refusal=FileTooLarge),
            unit=unit_in_reach(actor, body["unit"]),
            actor=actor,
            now=database_now(),
        )
        return Response(GiftPreviewOut(_summed(found)).data)


def _summed(found: GiftPreview) -> dict[str, Any]:
    counts = Counter(line.outcome for line in found.lines)
    new = [line for line in found.lines if line.outcome == GiftOutcome.NEW]
    return {
        "rows": found.rows,
        **{outcome.lower(): counts[outcome] for outcome in GiftOutcome},
        "amount": sum(line.amount for line in new),
        "households": len({(line.grant, line.household) for line in new if line.household}),
        "through_head": sum(bool(line.receiver) for line in new),
        "repeated": found.repeated,
        "digest": found.digest,
        "lines": sorted(found.lines, key=_to_be_looked_at)[:MOST_SHOWN],
    }


def _to_be_looked_at(line: GiftLine) -> tuple[int, bool, int]:
    return FIRST.index(line.outcome), not line.remarks, line.row
