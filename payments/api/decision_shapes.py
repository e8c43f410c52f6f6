"""Shapes of decisions and of a dry run. Sums are đồng, months `2024-09`; a category shows as its printed code."""

from datetime import date
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from beneficiaries.api.signers import SignerField
from beneficiaries.models import Decision
from beneficiaries.services.decisions.papers import MAX_BYTES
from payments.api.fields import read_month
from payments.services.lists.dry_run import Change
from staff.api.codes import CodeField
from staff.api.words import Words
from staff.models import AdministrativeUnit

RECORDED_HERE = [choice for choice in Decision.Kind.choices if choice[0] != Decision.Kind.TRANSFER_IN]


@extend_schema_field(OpenApiTypes.STR)
class MonthField(serializers.Field[date, str, str, Any]):
    """A month written `2024-09`, as its first day."""

    default_error_messages = {"invalid": "Tháng viết theo dạng 2024-09."}

    def to_internal_value(self, data: str) -> date:
        month = read_month(data) if isinstance(data, str) else None
        if month is None:
            self.fail("invalid")
        return month

    def to_representation(self, value: date) -> str:
        return f"{value:%Y-%m}"


class DecisionBody(serializers.Serializer[Any]):
    """A decision as on the paper; which fields a kind needs is said when one is missing."""

    kind = serializers.ChoiceField(choices=RECORDED_HERE)
    number = serializers.CharField(max_length=60)
    signed_on = serializers.DateField()
    signer = SignerField()
    effective_month = MonthField()
    reason = Words(max_length=200, required=False)
    coefficient = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, required=False)
    last_month = MonthField(required=False, help_text="đã chi trả đến hết tháng")
    to_unit = CodeField(
        slug_field="code", queryset=AdministrativeUnit.objects.all(), required=False, help_text="mã xã chuyển đến"
    )
    to_place = Words(max_length=100, required=False, help_text="nơi chuyển đến ngoài tỉnh: xã, phường và tỉnh")
    pay_between = serializers.BooleanField(required=False, allow_null=True, help_text="có chi các tháng ở giữa không")
    amount = serializers.IntegerField(min_value=1, max_value=10**12, required=False)
    monthly_ceiling = serializers.IntegerField(min_value=1, max_value=10**12, required=False)
    payee_name = serializers.CharField(max_length=100, required=False, help_text="người thừa kế")
    paper = serializers.FileField(max_length=200, required=False, write_only=True)
    newest = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=2**62,
        write_only=True,
        help_text="mã quyết định mới nhất đã thấy, 0 khi chưa có; có quyết định mới hơn thì không ghi",
    )

    def validate_paper(self, paper: Any) -> Any:
        """Refuse before reading what is too large."""
        if paper.size > MAX_BYTES:
            raise serializers.ValidationError("Tệp quá 10 MB.")
        return paper

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A field of another kind is a mistake of the typist, not something to drop in silence."""
        own = {
            "ADJUST": {"coefficient"},
            "TRANSFER_OUT": {"last_month", "to_unit", "to_place"},
            "RESUME": {"pay_between"},
        }
        own |= {"RECOVER": {"amount", "monthly_ceiling"}, "PAY_OUT": {"payee_name"}}
        special = set().union(*own.values())
        if wrong := ({name for name, value in attrs.items() if value is not None} & special) - own.get(
            attrs["kind"], set()
        ):
            raise serializers.ValidationError(dict.fromkeys(sorted(wrong), "Loại quyết định này không có mục này."))
        return attrs


class MoveInBody(serializers.Serializer[Any]):
    """The new commune's decision; the month follows from the old commune's."""

    code = serializers.CharField(max_length=30, help_text="mã hồ sơ mới")
    number = serializers.CharField(max_length=60)
    signed_on = serializers.DateField()
    signer = SignerField()
    reason = Words(max_length=200, required=False)


class RefusalOfArrival(serializers.Serializer[Any]):
    """Why the person is not taken in."""

    reason = Words(max_length=200)


class ArrivalRefusedRow(serializers.Serializer[Any]):
    """Whose papers went back, and how far the old commune had paid."""

    enrolment = serializers.CharField(source="decision.enrolment.code")
    back_to = serializers.CharField(source="decision.enrolment.unit.code")
    paid_up_to = MonthField(source="decision.last_month")
    reason = serializers.CharField()
    refused_by = serializers.CharField(source="refused_by.full_name")
    refused_at = serializers.DateTimeField()


class DecisionRow(serializers.ModelSerializer[Decision]):
    """A decision as kept."""

    enrolment = serializers.CharField(source="enrolment.code")
    kind_label = serializers.CharField(source="get_kind_display")
    effective_month = MonthField()
    last_month = MonthField(allow_null=True)
    from_month = MonthField(allow_null=True)
    to_unit = serializers.CharField(source="to_unit.code", default=None, allow_null=True)
    has_paper = serializers.SerializerMethodField()
    signer_shown = serializers.CharField(help_text="như đang biết, kể cả bổ sung sau; rỗng: chưa rõ người ký")
    names_signer = serializers.BooleanField(help_text="đã ghi người ký từ đầu")
    move_undone = serializers.SerializerMethodField()

    class Meta:
        model = Decision
        fields = (
            "id", "enrolment", "kind", "kind_label", "number", "signed_on", "signer", "signer_shown", "names_signer", "effective_month", "reason",
            "coefficient", "last_month", "to_unit", "to_place", "from_month", "pay_between", "amount", "monthly_ceiling", "payee_name", "has_paper",
            "recorded_at", "move_undone",
        )  # fmt: skip

    def get_move_undone(self, decision: Decision) -> str:
        """Of a move that did not come about, what undid it; of a decision just recorded nothing did."""
        return str(self.context.get("ends_of_moves", {}).get(decision.pk, ""))

    def get_has_paper(self, decision: Decision) -> bool:
        """Whether the signed paper is kept."""
        return decision.paper_id is not None


class DryRunBody(serializers.Serializer[Any]):
    """What to try."""

    unit = serializers.CharField(max_length=12, required=False)
    listed_on = serializers.DateField(required=False)
    pay_on = serializers.DateField(required=False)
    months_together = serializers.IntegerField(min_value=1, max_value=3, default=1)


class ChangeShape(serializers.Serializer[Any]):
    """One row of "Tổng hợp biến động"."""

    kind = serializers.ChoiceField(choices=Change.choices)
    enrolments = serializers.IntegerField()
    amount = serializers.IntegerField()


class CommuneShape(serializers.Serializer[Any]):
    """A commune's totals."""

    code = serializers.CharField()
    name = serializers.CharField()
    payable = serializers.IntegerField()
    not_payable = serializers.IntegerField()
    regular = serializers.IntegerField()
    arrears = serializers.IntegerField()
    carried = serializers.IntegerField()
    deducted = serializers.IntegerField()
    total = serializers.IntegerField()
    through_accounts = serializers.IntegerField()
    in_cash = serializers.IntegerField()
    reasons = serializers.DictField(child=serializers.IntegerField())
    changes = ChangeShape(many=True)


class PersonShape(serializers.Serializer[Any]):
    """What one enrolment would get, or why nothing."""

    code = serializers.CharField()
    full_name = serializers.CharField()
    category = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    instead = serializers.CharField(allow_blank=True, help_text="khoản được chi thay, theo mã in; căn cứ")
    channel = serializers.CharField(allow_blank=True)
    cash_reason = serializers.CharField(allow_blank=True, allow_null=True)
    regular = serializers.IntegerField()
    arrears = serializers.IntegerField()
    carried = serializers.IntegerField()
    deducted = serializers.IntegerField()
    total = serializers.IntegerField()


class MonthsTogetherShape(serializers.Serializer[Any]):
    """Months drawn with another one (Tết): of this month on earlier lists, of later months on these; enrolments and đồng."""

    drawn_before = serializers.IntegerField()
    drawn_before_amount = serializers.IntegerField()
    ahead = serializers.IntegerField()
    ahead_amount = serializers.IntegerField()
    several_instalments = serializers.IntegerField(help_text="quyết định thu hồi trừ hơn một kỳ trong danh sách này")
    several_instalments_amount = serializers.IntegerField()


class DryRunResult(serializers.Serializer[Any]):
    """A month as it would be; `digest` goes with the order to build just this."""

    digest = serializers.CharField()
    month = MonthField()
    before = MonthField(allow_null=True)
    communes = CommuneShape(many=True)
    changes = ChangeShape(many=True)
    sources = serializers.DictField(child=serializers.IntegerField())
    people = PersonShape(many=True)
    together = MonthsTogetherShape()
    paid_people = serializers.IntegerField(help_text="persons paid; whoever has two records is one")
    asks_budget_year = serializers.BooleanField(
        help_text="drawn for January before 25 December: `budget_year` must be said to build it"
    )
