"""Bodies of statements, their lines and what the lines were found to be. Nobody's name or account number is among them."""

from typing import Any

from rest_framework import serializers

from reconciliation.models import Statement, StatementLine, StatementMatch
from staff.api.query import Query


class StatementFile(serializers.Serializer[Any]):
    """A statement as the bank sent it, of any format we read."""

    file = serializers.FileField()


class StatementIntakeBody(serializers.Serializer[Any]):
    """What taking in one statement did; `repeated`: the same lines were there before and nothing was written."""

    id = serializers.IntegerField(source="statement.pk", default=None, allow_null=True)
    lines = serializers.IntegerField()
    repeated = serializers.BooleanField()
    payments = serializers.IntegerField(source="matched.payments", default=0)
    top_ups = serializers.IntegerField(source="matched.top_ups", default=0)
    discrepancies = serializers.IntegerField(source="matched.discrepancies", default=0)


class StatementQuery(Query):
    """Filters of statements."""

    account = serializers.CharField(required=False, help_text="mã tài khoản chi trả")
    since = serializers.DateField(required=False, help_text="sao kê có ngày cuối từ ngày này")


class StatementRow(serializers.ModelSerializer[Statement]):
    """One statement; balances in đồng."""

    account = serializers.CharField(source="funding_account.code")
    open_discrepancies = serializers.IntegerField()

    class Meta:
        model = Statement
        fields = [
            "id", "account", "statement_id", "sequence_number", "format", "from_on", "to_on", "opening", "closing", "line_count", "received_at",
            "open_discrepancies",
        ]  # fmt: skip


class LineQuery(Query):
    """Filters of lines."""

    explained = serializers.BooleanField(required=False)


class MatchRow(serializers.ModelSerializer[StatementMatch]):
    """What a line, or a part of it, was found to be; `undone`: taken back by a counter-row."""

    kind = serializers.CharField()
    basis = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    basis_label = serializers.CharField(source="get_basis_display")
    payment = serializers.CharField(source="payment.end_to_end_id", default=None, allow_null=True)
    undone = serializers.SerializerMethodField()

    class Meta:
        model = StatementMatch
        fields = [
            "id", "kind", "kind_label", "basis", "basis_label", "amount", "payment", "reverses", "reason", "matched_at", "undone",
        ]  # fmt: skip

    def get_undone(self, match: StatementMatch) -> bool:
        """Whether a counter-row takes it back; the counter-rows of a line are read with it."""
        return any(other.reverses_id == match.pk for other in match.line.matches.all())


class LineRow(serializers.ModelSerializer[StatementLine]):
    """One booking: debit negative, credit positive, đồng."""

    matches = MatchRow(many=True)

    class Meta:
        model = StatementLine
        fields = [
            "id",
            "ordinal",
            "amount",
            "booked_on",
            "reference",
            "bank_reference",
            "is_return",
            "return_code",
            "matches",
        ]


class Reason(serializers.Serializer[Any]):
    """Why, in words."""

    note = serializers.CharField(max_length=300)
