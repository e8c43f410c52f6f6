"""Differences: the list, one with its steps, the ageing table, and one address for each thing a person may do about one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.scope import payments_in_reach
from reconciliation.api.discrepancy_shapes import (
    AgeingBody,
    AssignBody,
    BankQuestionBody,
    BookBody,
    DiscrepancyDetail,
    DiscrepancyQuery,
    DiscrepancyRow,
    LinkBody,
    with_evidence,
)
from reconciliation.api.statement_shapes import Reason
from reconciliation.models import Discrepancy, StatementMatch
from reconciliation.services.differences import discrepancies, write_off
from reconciliation.services.differences.ageing import age_discrepancies
from reconciliation.services.lines.look_again import look_again
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import Nothing, filters_of
from staff.api.refusals import READ, RefusalBody
from staff.api.steps import Shape, StepView, described
from staff.models import User
from staff.rights import Right

TAG = ["discrepancies"]
_ROW: dict[str, Any] = {
    "id": 12, "kind": "UNEXPECTED_LINE", "kind_label": "Dòng lạ", "account": "TKCT-971", "statement": 7,
    "sentence": "Dòng sao kê không có khoản chi hoặc khoản cấp tiền tương ứng.", "ours": None, "theirs": -11000, "status": "OPEN", "ground": "",
    "resolution": "", "found_at": "2024-09-01T08:00:00+07:00", "age_days": 4, "owner": None, "answer_due_on": None, "answer_overdue": False,
    "write_off_by": None, "payment": None, "fund_transfer": None, "result_row": None,
    "line": {"id": 90, "booked_on": "2024-08-30", "amount": -11000, "reference": "", "bank_reference": "fee_3"},
}  # fmt: skip
_STEP = {
    "kind": "NOTED", "kind_label": "Ghi chú", "ground": "", "note": "Đã gọi ngân hàng.", "owner": None, "due_on": None, "made_by": "Lê Thị Soát",
    "made_at": "2024-09-02T09:00:00+07:00",
}  # fmt: skip
_AGEING = {
    "kind": "UNEXPECTED_LINE", "kind_label": "Dòng lạ", "counts": {"0-3": 0, "4-10": 1, "11-30": 0, "31-60": 0, ">60": 0}, "total": 1,
    "amount": 11000, "oldest_days": 4,
}  # fmt: skip
_MATCH = {
    "id": 31, "kind": "CHARGE", "kind_label": "Phí", "basis": "BY_HAND", "basis_label": "Kế toán nối", "amount": -11000, "payment": None,
    "reverses": None, "reason": "Biểu phí tháng 8", "matched_by": "Lê Thị Soát", "matched_at": "2024-09-02T08:00:00+07:00", "undone": True,
}  # fmt: skip
_SIGNERS = "Người ký được chữ ký thứ hai: Trần Thị Bình (kế toán trưởng, tỉnh An Sinh); việc này nằm ở mục “Việc của tôi” của họ."
_LIKELY = {
    "end_to_end_id": "AS240800000000012", "payee_name": "Nguyễn Văn An", "amount": 11000, "month": "2024-08-01", "status_label": "Đã ghi có",
    "day": "2024-08-29", "why": "đúng số tiền, đúng họ tên", "can_link": True,
}  # fmt: skip
DETAIL_EXAMPLES = [
    OpenApiExample(
        "Chênh lệch",
        value={
            **_ROW,
            "steps": [_STEP],
            "matches": [_MATCH],
            "who_signs": _SIGNERS,
            "likely": [_LIKELY],
            "other_side": {"name": "NGUYEN VAN AN", "last_four": "4321", "content": "CHUYEN TRA LAI"},
        },
        response_only=True,
        status_codes=["200"],
    )
]


def _items(actor: User) -> QuerySet[Discrepancy]:
    return with_evidence(discrepancies.in_reach(actor))


def _detail(actor: User, discrepancy_id: int) -> Response:
    item = get_object_or_404(_items(actor), pk=discrepancy_id)
    return Response(DiscrepancyDetail(item, context={"actor": actor}).data)


class DiscrepanciesView(ListView[Discrepancy]):
    """Differences in reach, the oldest first."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)
    serializer_class = DiscrepancyRow

    @extend_schema(
        operation_id="discrepancies_list",
        tags=TAG,
        summary="Chênh lệch trong phạm vi địa bàn",
        parameters=[DiscrepancyQuery],
        responses={200: DiscrepancyRow(many=True), 400: RefusalBody, 403: RefusalBody},
        examples=[OpenApiExample("Chênh lệch", value=_ROW, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        """Filter by status, kind, funding account and owner."""
        wanted = filters_of(request, DiscrepancyQuery, owner="owner__username")
        account, proposed = wanted.pop("account", None), wanted.pop("proposed", None)
        if proposed is not None:
            wanted["write_off_by__isnull"] = not proposed
        of_account = Q(statement__funding_account__code=account) | Q(funding_account__code=account)
        found = _items(actor_of(request)).filter(of_account if account else Q(), **wanted)
        return self.page_of(found.order_by("found_at", "pk"))


@method_decorator(never_cache, name="dispatch")
class AgeingView(APIView):
    """The ageing table."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)

    @extend_schema(
        operation_id="discrepancies_ageing",
        tags=TAG,
        summary="Số ngày tồn của chênh lệch",
        responses={200: AgeingBody(many=True), 403: RefusalBody},
        examples=[OpenApiExample("Số ngày tồn", value=_AGEING, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        """Open differences in reach, by kind."""
        rows = age_discrepancies(discrepancies.in_reach(actor_of(request)), now=timezone.now())
        return Response(AgeingBody(rows, many=True).data)


@method_decorator(never_cache, name="dispatch")
class DiscrepancyView(APIView):
    """One difference."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)

    @extend_schema(
        operation_id="discrepancies_retrieve",
        tags=TAG,
        summary="Một chênh lệch và các bước đã làm",
        responses={200: DiscrepancyDetail, **READ},
        examples=DETAIL_EXAMPLES,
    )
    def get(self, request: Request, discrepancy_id: int) -> Response:
        """Both sides, and what was done."""
        return _detail(actor_of(request), discrepancy_id)


def _documented(name: str, summary: str) -> Callable[[type[Any]], type[Any]]:
    return described(f"discrepancies_{name}", summary, tags=TAG, row=DiscrepancyDetail, examples=DETAIL_EXAMPLES)


class _Act(StepView[Discrepancy]):
    """One thing done about one difference."""

    permission_classes = (having(Right.SEE_RECONCILIATION), having(Right.RECONCILE))
    body: ClassVar[Shape] = Reason

    def find(self, actor: User, pk: int) -> Discrepancy:
        return get_object_or_404(_items(actor), pk=pk)

    def show(self, actor: User, pk: int) -> Response:
        return _detail(actor, pk)


@_documented("assign", "Giao người xử lý")
class AssignView(_Act):
    """Give it to somebody of the same reach."""

    body = AssignBody

    def step(self, item: Discrepancy, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        owner = User.objects.filter(username=given["owner"]).first()
        if owner is None:
            raise Http404
        discrepancies.assign(discrepancy_id=item.pk, owner=owner, note=given["note"], actor=actor, now=now)


@_documented("note", "Ghi chú")
class NoteView(_Act):
    """What was found out."""

    def step(self, item: Discrepancy, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        discrepancies.note(discrepancy_id=item.pk, text=given["note"], actor=actor, now=now)


@_documented("ask_bank", "Tra soát ngân hàng")
class AskBankView(_Act):
    """The bank was asked."""

    body = BankQuestionBody

    def step(self, item: Discrepancy, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        discrepancies.ask_bank(discrepancy_id=item.pk, actor=actor, now=now, **given)


@_documented("accept_answer", "Ngân hàng đã trả lời")
class AcceptAnswerView(_Act):
    """Only where no đồng differs."""

    def step(self, item: Discrepancy, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        discrepancies.accept_answer(discrepancy_id=item.pk, actor=actor, now=now, **given)


@_documented("link", "Nối với khoản chi")
class LinkView(_Act):
    """The line is this payment's."""

    body = LinkBody

    def step(self, item: Discrepancy, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        payment = get_object_or_404(payments_in_reach(actor), end_to_end_id=given["payment"])
        discrepancies.link(discrepancy_id=item.pk, payment=payment, note=given["note"], actor=actor, now=now)


@_documented("look_again", "Dò lại: khoản của dòng này được ghi nhận sau khi nạp sao kê")
class LookAgainView(_Act):
    """Matched with what was recorded meanwhile; refused when nothing fits."""

    body = Nothing

    def step(self, item: Discrepancy, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        look_again(discrepancy_id=item.pk, actor=actor, now=now)


@_documented("book", "Ghi bút toán phí, lãi")
class BookView(_Act):
    """The line is the bank's charge or interest."""

    body = BookBody

    def step(self, item: Discrepancy, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        kind = StatementMatch.Kind(given["kind"])
        discrepancies.book_entry(discrepancy_id=item.pk, kind=kind, note=given["note"], actor=actor, now=now)


@_documented("propose_write_off", "Đề nghị xử lý theo quyết định")
class ProposeWriteOffView(_Act):
    """The first signature."""

    def step(self, item: Discrepancy, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        write_off.propose_write_off(discrepancy_id=item.pk, actor=actor, now=now, **given)


@_documented("sign_write_off", "Ký xử lý theo quyết định")
class SignWriteOffView(_Act):
    """The second signature."""

    permission_classes = (having(Right.SEE_RECONCILIATION), having(Right.SIGN_WRITE_OFF))

    def step(self, item: Discrepancy, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        write_off.sign_write_off(discrepancy_id=item.pk, actor=actor, now=now, **given)


@_documented("decline_write_off", "Không đồng ý xử lý theo quyết định")
class DeclineWriteOffView(_Act):
    """The second person says no."""

    permission_classes = (having(Right.SEE_RECONCILIATION), having(Right.SIGN_WRITE_OFF))

    def step(self, item: Discrepancy, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        write_off.decline_write_off(discrepancy_id=item.pk, actor=actor, now=now, **given)


@_documented("reopen", "Mở lại")
class ReopenView(_Act):
    """Resolved too early."""

    def step(self, item: Discrepancy, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        discrepancies.reopen(discrepancy_id=item.pk, actor=actor, now=now, **given)
