"""Bodies of differences: what is said on both sides, who sees to it, what was done."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reconciliation.api.statement_shapes import MatchRow, Reason
from reconciliation.models import Discrepancy, DiscrepancyStep, StatementMatch
from reconciliation.services.differences.difference_words import who_answers
from reconciliation.services.differences.reevaluate import LINE_KINDS
from reconciliation.services.differences.write_off import may_be_written_off
from reconciliation.services.differences.write_off_signers import who_signs
from reconciliation.services.lines.other_side import likely_payments, other_side
from staff.api.query import Query
from staff.rights import Right, may


def with_evidence(items: QuerySet[Discrepancy]) -> QuerySet[Discrepancy]:
    """Differences with everything a row shows, in one statement."""
    return items.select_related(
        "statement__funding_account",
        "funding_account",
        "line",
        "payment",
        "fund_transfer",
        "owner",
        "write_off_by",
        "result_line",
    )


class DiscrepancyQuery(Query):
    """Filters of differences."""

    status = serializers.ChoiceField(choices=Discrepancy.Status.choices, required=False)
    kind = serializers.ChoiceField(choices=Discrepancy.Kind.choices, required=False)
    account = serializers.CharField(required=False, help_text="mã tài khoản chi trả")
    owner = serializers.CharField(required=False, help_text="tên đăng nhập của người xử lý")
    proposed = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="true: đã đề nghị xử lý, chờ người thứ hai ký"
    )


class EvidenceLine(serializers.Serializer[Any]):
    """The line of the statement."""

    id = serializers.IntegerField()
    booked_on = serializers.DateField()
    amount = serializers.IntegerField()
    reference = serializers.CharField()
    bank_reference = serializers.CharField()


class EvidencePayment(serializers.Serializer[Any]):
    """Our payment."""

    id = serializers.IntegerField()
    end_to_end_id = serializers.CharField()
    amount = serializers.IntegerField()
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")


class EvidenceTransfer(serializers.Serializer[Any]):
    """Our order of money beside payments."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    reference = serializers.CharField()
    treasury_number = serializers.CharField()
    amount = serializers.IntegerField()
    booked_on = serializers.DateField()


class StepRow(serializers.ModelSerializer[DiscrepancyStep]):
    """One thing somebody did."""

    kind = serializers.CharField()
    kind_label = serializers.SerializerMethodField()
    ground = serializers.CharField()
    made_by = serializers.CharField(source="made_by.full_name")
    owner = serializers.CharField(source="owner.full_name", default=None, allow_null=True)

    class Meta:
        model = DiscrepancyStep
        fields = ["kind", "kind_label", "ground", "note", "owner", "due_on", "made_by", "made_at"]

    def get_kind_label(self, step: DiscrepancyStep) -> str:
        """Of a question, whom it was put to."""
        asked = step.kind == DiscrepancyStep.Kind.BANK_ASKED
        return f"Tra soát {who_answers(step.discrepancy)}" if asked else step.get_kind_display()


class DiscrepancyRow(serializers.ModelSerializer[Discrepancy]):
    """One difference; `ours` and `theirs` in đồng, `age_days` until it was resolved or until now."""

    kind = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    status = serializers.CharField()
    ground = serializers.CharField()
    account = serializers.SerializerMethodField(help_text="mã tài khoản chi trả; rỗng khi đơn vị không có")
    result_row = serializers.IntegerField(
        source="result_line.row_number",
        default=None,
        allow_null=True,
        help_text="dòng trong tệp kết quả của tổ chức chi trả",
    )
    age_days = serializers.SerializerMethodField()
    answer_overdue = serializers.SerializerMethodField()
    owner = serializers.CharField(source="owner.full_name", default=None, allow_null=True)
    write_off_by = serializers.CharField(source="write_off_by.full_name", default=None, allow_null=True)
    line = EvidenceLine(allow_null=True)
    payment = EvidencePayment(allow_null=True)
    fund_transfer = EvidenceTransfer(allow_null=True)

    class Meta:
        model = Discrepancy
        fields = [
            "id", "kind", "kind_label", "account", "statement", "sentence", "ours", "theirs", "status", "ground", "resolution", "found_at",
            "age_days", "owner", "answer_due_on", "answer_overdue", "write_off_by", "line", "payment", "fund_transfer", "result_row",
        ]  # fmt: skip

    def get_account(self, item: Discrepancy) -> str:
        """Of the statement, or of the unit whose list the provider answered."""
        account = item.statement.funding_account if item.statement else item.funding_account
        return account.code if account else ""

    def get_age_days(self, item: Discrepancy) -> int:
        """Whole days it stood open."""
        return ((item.resolved_at or timezone.now()) - item.found_at).days

    def get_answer_overdue(self, item: Discrepancy) -> bool:
        """Whether the bank should have answered by now."""
        return item.answer_due_on is not None and item.answer_due_on < timezone.localdate()


class OtherSideBody(serializers.Serializer[Any]):
    """Whom a line of the statement names."""

    name = serializers.CharField(help_text="như ngân hàng ghi; rỗng khi không ghi")
    last_four = serializers.CharField(help_text="bốn số cuối tài khoản")
    content = serializers.CharField(help_text="nội dung, mã tham chiếu trên dòng")


class LikelyPaymentRow(serializers.Serializer[Any]):
    """A payment that may be meant by the line; a person links it, nobody else."""

    end_to_end_id = serializers.CharField(source="payment.end_to_end_id")
    payee_name = serializers.CharField(source="payment.payee_name")
    amount = serializers.IntegerField(source="payment.amount")
    month = serializers.DateField(source="payment.batch.cycle.month")
    status_label = serializers.CharField(source="payment.get_status_display")
    day = serializers.DateField(allow_null=True, help_text="ngày ngân hàng ghi có hoặc hoàn trả, nếu đã biết")
    why = serializers.CharField(help_text="giống ở điểm nào")
    can_link = serializers.BooleanField(help_text="số tiền bằng nhau nên nối được")


class DiscrepancyDetail(DiscrepancyRow):
    """One difference with everything done about it; whom its line names and may mean, for those who may see lists of people."""

    steps = serializers.SerializerMethodField()
    matches = serializers.SerializerMethodField(
        help_text="dòng sao kê đã được nối, hủy nối ra sao, ai, vì sao; cũ trước"
    )
    who_signs = serializers.SerializerMethodField(
        help_text="ai ký được chữ ký thứ hai khi xử lý theo quyết định; rỗng khi loại này không xử lý như vậy hoặc đã xong"
    )
    other_side = serializers.SerializerMethodField(
        help_text="bên kia của dòng lạ; không có khi không được xem danh sách"
    )
    likely = serializers.SerializerMethodField(
        help_text="khoản chi có thể là của dòng lạ, giống nhất trước, tối đa năm"
    )

    class Meta(DiscrepancyRow.Meta):
        fields = [*DiscrepancyRow.Meta.fields, "steps", "matches", "who_signs", "other_side", "likely"]

    def _may_name(self, item: Discrepancy) -> bool:
        """Only an unexplained line's counterparty is of use to anybody, and only to those who see people."""
        return item.kind in LINE_KINDS and item.line is not None and may(self.context["actor"], Right.SEE_LISTS)

    @extend_schema_field(OtherSideBody(allow_null=True))
    def get_other_side(self, item: Discrepancy) -> dict[str, Any] | None:
        """Name, last four digits, content; none of another kind of difference."""
        if item.line is None or not self._may_name(item):
            return None
        return dict(OtherSideBody(other_side(item.line)).data)

    @extend_schema_field(LikelyPaymentRow(many=True))
    def get_likely(self, item: Discrepancy) -> list[dict[str, Any]]:
        """While it is open; none where nothing fits, or too much."""
        if item.line is None or item.status != Discrepancy.Status.OPEN or not self._may_name(item):
            return []
        return list(LikelyPaymentRow(likely_payments(item.line), many=True).data)

    def get_who_signs(self, item: Discrepancy) -> str:
        """A sentence: names with role and unit, or what to do where nobody can."""
        return who_signs(item) if item.status == Discrepancy.Status.OPEN and may_be_written_off(item) else ""

    def get_steps(self, item: Discrepancy) -> list[dict[str, Any]]:
        """In the order they were taken."""
        steps = item.steps.select_related("made_by", "owner", "discrepancy").order_by("pk")
        return list(StepRow(steps, many=True).data)

    def get_matches(self, item: Discrepancy) -> list[dict[str, Any]]:
        """What its line was found to be and what was taken back; none without a line."""
        if item.line is None:
            return []
        said = (
            item.line.matches.select_related("payment", "matched_by").prefetch_related("line__matches").order_by("pk")
        )
        return list(MatchRow(said, many=True).data)


class AssignBody(Reason):
    """To whom."""

    owner = serializers.CharField(max_length=150, help_text="tên đăng nhập")


class BankQuestionBody(Reason):
    """By when the bank is to answer."""

    answer_due_on = serializers.DateField()


class LinkBody(Reason):
    """Which payment the line is."""

    payment = serializers.CharField(max_length=30, help_text="mã khoản chi")


class BookBody(Reason):
    """Which entry."""

    kind = serializers.ChoiceField(
        choices=[("CHARGE", StatementMatch.Kind.CHARGE.label), ("INTEREST", StatementMatch.Kind.INTEREST.label)]
    )


class AgeingBody(serializers.Serializer[Any]):
    """One row of the ageing table: how many stand open since how many days, the sum in question (đồng), the oldest."""

    kind = serializers.CharField()
    kind_label = serializers.CharField(source="kind.label")
    counts = serializers.DictField(child=serializers.IntegerField())
    total = serializers.IntegerField()
    amount = serializers.IntegerField()
    oldest_days = serializers.IntegerField()
