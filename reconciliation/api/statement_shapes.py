"""Bodies of statements, their lines and what the lines were found to be. Nobody's name or account number is among them."""

from typing import Any

from rest_framework import serializers

from reconciliation.models import Statement, StatementLine, StatementMatch
from staff.api.query import Query
from staff.api.words import Words

MOST_FILES = 100  # pages of one statement


class StatementFile(serializers.Serializer[Any]):
    """A statement as the bank sent it, of any format we read. A table that does not name its account needs one.

    A statement the bank cut into pages comes as all its files at once, the field `file` repeated.
    """

    file = serializers.ListField(child=serializers.FileField(), min_length=1, max_length=MOST_FILES)
    account = serializers.CharField(
        required=False, help_text="mã tài khoản chi trả, khi tệp bảng không ghi số tài khoản"
    )
    sheet = serializers.CharField(required=False, help_text="tên trang tính, khi tệp có nhiều trang")


class PreviewFile(StatementFile):
    """A file to look at; of a table it may be said which row names its columns."""

    heading_row = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=40,
        help_text="số dòng tiêu đề trong tệp, khi khác dòng hệ thống tìm được",
    )


class MappingFile(PreviewFile):
    """A table, and what its columns are: position from 0 → column key, "" for one that means nothing to us."""

    account = serializers.CharField(help_text="mã tài khoản chi trả")
    columns = serializers.JSONField(help_text='{"0": "booked_on", "3": "debit", "4": "credit"}')

    def validate_columns(self, given: Any) -> dict[int, str]:
        """Few columns, by position."""
        if not isinstance(given, dict) or len(given) > 256 or not all(isinstance(key, str) for key in given.values()):
            raise serializers.ValidationError("Cần dạng {vị trí cột: tên cột}.")
        try:
            return {int(position): key for position, key in given.items()}
        except ValueError as error:
            raise serializers.ValidationError("Vị trí cột là số, tính từ 0.") from error


class HeadingRow(serializers.Serializer[Any]):
    """A heading of a table and the column it stands for; not `certain`: a proposal."""

    position = serializers.IntegerField()
    text = serializers.CharField()
    key = serializers.CharField(allow_null=True)
    certain = serializers.BooleanField()


class ShownRow(serializers.Serializer[Any]):
    """One of the first rows of a table: its number in the file (from 1), and its cells as text, cut short."""

    number = serializers.IntegerField()
    cells = serializers.ListField(child=serializers.CharField(allow_blank=True))


class ShownRows(serializers.Serializer[Any]):
    """The first rows of a table whose columns are not known. `heading_row` 0: none of them is a heading; null: it was known by meaning."""

    heading_row = serializers.IntegerField(allow_null=True)
    first_booking = serializers.IntegerField()
    rows = ShownRow(many=True)


class StatementPreview(serializers.Serializer[Any]):
    """What one statement of a file says, nothing of it written. `fresh` lines are not stored yet; money in đồng, debits without sign.

    `missing`: columns to be explained first, with the first rows `shown`; `problems`: rows that can't be read; `doubts`: what will be raised as a difference.
    """

    account = serializers.CharField(allow_blank=True)
    format = serializers.CharField(source="statement.format", default="")
    from_on = serializers.DateField(source="statement.from_on", default=None, allow_null=True)
    to_on = serializers.DateField(source="statement.to_on", default=None, allow_null=True)
    opening = serializers.IntegerField(source="statement.opening", default=None, allow_null=True)
    closing = serializers.IntegerField(source="statement.closing", default=None, allow_null=True)
    lines = serializers.IntegerField()
    fresh = serializers.IntegerField()
    debits = serializers.IntegerField()
    credits = serializers.IntegerField()
    balances_tie = serializers.BooleanField()
    doubts = serializers.ListField(child=serializers.CharField())
    headings = HeadingRow(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    problems = serializers.ListField(child=serializers.CharField())
    shown = ShownRows(allow_null=True)


class StatementIntakeBody(serializers.Serializer[Any]):
    """What taking in one statement did; `new_lines` were not stored before. `repeated`: the same lines were there before and nothing was written."""

    id = serializers.IntegerField(source="statement.pk", default=None, allow_null=True)
    lines = serializers.IntegerField()
    new_lines = serializers.IntegerField()
    repeated = serializers.BooleanField()
    payments = serializers.IntegerField(source="matched.payments", default=0)
    returns = serializers.IntegerField(source="matched.returns", default=0)
    top_ups = serializers.IntegerField(source="matched.top_ups", default=0)
    transfers = serializers.IntegerField(source="matched.transfers", default=0)
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

    explained = serializers.BooleanField(required=False, allow_null=True, default=None)


class MatchRow(serializers.ModelSerializer[StatementMatch]):
    """What a line, or a part of it, was found to be; `undone`: taken back by a counter-row. `matched_by`: null where nobody but the rules said so."""

    kind = serializers.CharField()
    basis = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    basis_label = serializers.CharField(source="get_basis_display")
    payment = serializers.CharField(source="payment.end_to_end_id", default=None, allow_null=True)
    matched_by = serializers.CharField(source="matched_by.full_name", default=None, allow_null=True)
    undone = serializers.SerializerMethodField()

    class Meta:
        model = StatementMatch
        fields = [
            "id", "kind", "kind_label", "basis", "basis_label", "amount", "payment", "reverses", "reason", "matched_by", "matched_at", "undone",
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

    note = Words(max_length=300)
