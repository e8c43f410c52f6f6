"""Shapes of funding accounts, their money, signing rules and the changes two people make. Amounts are đồng."""

from typing import Any

from rest_framework import serializers

from payments.models import SettingChange, SigningRule, TopUp
from payments.states import Step

ACCOUNT = {
    "code": "TKCT-971", "bank_account_id": "fa_971", "paying_unit": "971", "paying_unit_name": "huyện Phước Sơn", "sends_by": "API",
    "closed_at": None, "allotted": 950000000, "awaited": 0, "funds": 12000000, "reserved": 40000000, "in_transit": 1500000,
    "paid": 700000000, "paid_cash": 190000000, "returned": 2250000, "with_provider": 7650000, "refunded": 2600000, "owed_back": 0, "other": 0,
    "sources": [{"budget_source": "Ngân sách địa phương", "year": 2024, "reserved": 40000000, "paid": 887750000, "with_provider": 7650000,
                 "refunded": 2600000}],
}  # fmt: skip
CHANGE = {
    "id": 12, "kind": "OPEN_ACCOUNT", "kind_label": "Mở tài khoản chi trả", "unit": "971", "unit_name": "huyện Phước Sơn",
    "said": {"code": "TKCT-971", "bank_account_id": "fa_971"}, "document": "12/QĐ ngày 01/8/2024", "proposed_by": "Phạm Văn Chủ",
    "proposed_role": "RELEASER", "proposed_at": "2024-08-01T09:00:00+07:00", "accepted": None, "decided_by": "", "decided_at": None,
}  # fmt: skip
TOP_UP = {
    "reference": "CAP-202410-971", "amount": 1234567, "booked_on": "2024-10-03", "document": "0815/LRDT ngày 02/10/2024",
    "recorded_by": "Trần Thị Kế", "recorded_at": "2024-10-03T09:00:00+07:00", "on_statement": False,
}  # fmt: skip


class FundingSourceRow(serializers.Serializer[Any]):
    """One budget source and year of an account."""

    budget_source = serializers.CharField()
    year = serializers.IntegerField()
    reserved = serializers.IntegerField()
    paid = serializers.IntegerField(help_text="qua tài khoản và tiền mặt, đã trừ hoàn trả")
    with_provider = serializers.IntegerField()
    refunded = serializers.IntegerField(help_text="đã nộp trả ngân sách")


class FundingAccountRow(serializers.Serializer[Any]):
    """A funding account and where its money stands by our journal."""

    code = serializers.CharField(source="account.code")
    bank_account_id = serializers.CharField(source="account.bank_account_id")
    paying_unit = serializers.CharField(source="account.paying_unit.code")
    paying_unit_name = serializers.CharField(source="account.paying_unit.name")
    sends_by = serializers.CharField(source="account.sends_by")
    closed_at = serializers.DateTimeField(source="account.closed_at", allow_null=True)
    allotted = serializers.IntegerField(help_text="đã cấp, có trên sao kê")
    awaited = serializers.IntegerField(help_text="đã ghi nhận cấp, chưa thấy trên sao kê")
    funds = serializers.IntegerField(
        help_text="còn theo sao kê đã nạp, chưa giữ chỗ; âm khi tiền cấp chưa có trên sao kê"
    )
    reserved = serializers.IntegerField(help_text="đã giữ chỗ cho danh sách đã duyệt chi")
    in_transit = serializers.IntegerField(help_text="trong số giữ chỗ: ngân hàng đang chuyển")
    paid = serializers.IntegerField(help_text="đã chi qua tài khoản")
    paid_cash = serializers.IntegerField(help_text="đã chi tiền mặt")
    returned = serializers.IntegerField(help_text="ngân hàng hoàn trả")
    with_provider = serializers.IntegerField(help_text="tổ chức dịch vụ chi trả đang giữ")
    refunded = serializers.IntegerField(help_text="đã nộp trả ngân sách")
    owed_back = serializers.IntegerField(help_text="còn phải thu hồi")
    other = serializers.IntegerField(help_text="phí, lãi, chênh lệch đã xử lý")
    sources = FundingSourceRow(many=True)


class FundingAccountIn(serializers.Serializer[Any]):
    """The account a unit is to pay from."""

    code = serializers.RegexField(r"^[A-Z0-9][A-Z0-9-]{1,29}$")
    unit = serializers.CharField(max_length=20)
    bank_account_id = serializers.RegexField(
        r"^[A-Za-z0-9_-]{1,60}$", help_text="the bank's id of the financial account"
    )
    document = serializers.CharField(max_length=100)


class DocumentIn(serializers.Serializer[Any]):
    """What it rests on: number and date."""

    document = serializers.CharField(max_length=100)


class TopUpIn(serializers.Serializer[Any]):
    """Money the Treasury put into the account; the statement's line carries the reference."""

    reference = serializers.RegexField(r"^[A-Za-z0-9/._-]{1,35}$")
    amount = serializers.IntegerField(min_value=1, max_value=10**12)
    booked_on = serializers.DateField()
    document = serializers.CharField(max_length=100)


class TopUpRow(serializers.ModelSerializer[TopUp]):
    """One top-up."""

    recorded_by = serializers.CharField(source="recorded_by.full_name", default="")
    on_statement = serializers.BooleanField()

    class Meta:
        model = TopUp
        fields = ["reference", "amount", "booked_on", "document", "recorded_by", "recorded_at", "on_statement"]


class SigningRuleIn(serializers.Serializer[Any]):
    """Who signs at a step, and from which sum on; the three who always sign are at 0."""

    step = serializers.ChoiceField(choices=Step.choices)
    title = serializers.CharField(max_length=120)
    from_amount = serializers.IntegerField(min_value=0, max_value=10**12, allow_null=True, default=None)
    valid_from = serializers.DateField()
    document = serializers.CharField(max_length=60)


class SigningRuleRow(serializers.ModelSerializer[SigningRule]):
    """One rule; the latest of a step that is in force on the day a list is made counts."""

    step_label = serializers.CharField(source="get_step_display")
    proposed_by = serializers.CharField(source="change.proposed_by.full_name", default="")
    set_by = serializers.CharField(source="set_by.full_name")

    class Meta:
        model = SigningRule
        fields = [
            "step", "step_label", "title", "from_amount", "valid_from", "document_number", "proposed_by", "set_by", "set_at",
        ]  # fmt: skip


class SettingChangeRow(serializers.ModelSerializer[SettingChange]):
    """A proposed change, and what a second person said to it."""

    kind_label = serializers.CharField(source="get_kind_display")
    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    said = serializers.JSONField()
    proposed_by = serializers.CharField(source="proposed_by.full_name")
    decided_by = serializers.CharField(source="decided_by.full_name", default="")

    class Meta:
        model = SettingChange
        fields = [
            "id", "kind", "kind_label", "unit", "unit_name", "said", "document", "proposed_by", "proposed_role", "proposed_at",
            "accepted", "decided_by", "decided_at",
        ]  # fmt: skip
