"""Shapes of providers: their forms, their points, money that moves beside payments. Amounts are đồng."""

from typing import Any

from rest_framework import serializers

from payments.api.fields import UnitInReach
from payments.models import FundTransfer, PayingPoint, Provider, ProviderTemplate
from payments.states import Channel
from staff.api.codes import CodeField
from staff.api.query import Query


class ProviderBody(serializers.Serializer[Any]):
    """A provider."""

    code = serializers.RegexField(r"^[A-Z0-9-]{2,20}$")
    name = serializers.CharField(max_length=200)


class ColumnBody(serializers.Serializer[Any]):
    """One column of the form; an empty field is a column that stays empty."""

    field = serializers.CharField(max_length=20, allow_blank=True)
    heading = serializers.CharField(max_length=100)


class TemplateBody(serializers.Serializer[Any]):
    """A form. `headings` (our key → their heading) and `words` (outcome → their words) say how its answers read, where they differ from ours."""

    channel = serializers.ChoiceField(choices=Channel.choices)
    columns = ColumnBody(many=True, allow_empty=False)
    headings = serializers.DictField(child=serializers.CharField(max_length=100), required=False, default=dict)
    words = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=60)), required=False, default=dict
    )


class TemplateRow(serializers.ModelSerializer[ProviderTemplate]):
    """A form as saved."""

    columns = serializers.SerializerMethodField()
    words = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    headings = serializers.DictField(child=serializers.CharField())
    saved_by = serializers.CharField(source="saved_by.full_name")

    class Meta:
        model = ProviderTemplate
        fields = ["id", "channel", "columns", "headings", "words", "saved_by", "saved_at"]

    def get_columns(self, template: ProviderTemplate) -> list[dict[str, str]]:
        """In the order of the form."""
        return [{"field": field, "heading": heading} for field, heading in template.columns]


class PointBody(serializers.Serializer[Any]):
    """A point of a commune, or of the hamlets named; `closed_on` closes it."""

    unit = UnitInReach(help_text="mã xã, phường")
    name = serializers.CharField(max_length=120)
    address = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    opens = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    hamlets = serializers.ListField(child=serializers.CharField(max_length=100), required=False, default=list)
    closed_on = serializers.DateField(required=False, default=None, allow_null=True)


class PointRow(serializers.ModelSerializer[PayingPoint]):
    """A point as it is."""

    unit = serializers.CharField(source="unit.code")
    hamlets = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = PayingPoint
        fields = ["id", "unit", "name", "address", "opens", "hamlets", "closed_on"]


class HandOverBody(serializers.Serializer[Any]):
    """Whose form, and one point alone if asked for."""

    provider = CodeField(
        slug_field="code", queryset=Provider.objects.all(), required=False, help_text="mã tổ chức dịch vụ chi trả"
    )
    point = serializers.CharField(max_length=120, required=False)


class TransferBody(serializers.Serializer[Any]):
    """Money that moves beside payments; `reference` is what the Treasury order carries, by which the statement's line is found."""

    kind = serializers.ChoiceField(choices=FundTransfer.Kind.choices)
    batch = serializers.IntegerField(required=False, help_text="danh sách; phí dịch vụ thì để trống")
    amount = serializers.IntegerField(min_value=1, max_value=10**12)
    reference = serializers.CharField(max_length=35)
    treasury_number = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    booked_on = serializers.DateField()


class TransferRow(serializers.ModelSerializer[FundTransfer]):
    """As recorded; `on_statement` once a line of the statement was found to be it."""

    kind_label = serializers.CharField(source="get_kind_display")
    on_statement = serializers.BooleanField()
    recorded_by = serializers.CharField(source="recorded_by.full_name")

    class Meta:
        model = FundTransfer
        fields = [
            "id", "kind", "kind_label", "batch", "amount", "reference", "treasury_number", "booked_on", "on_statement", "recorded_by", "recorded_at",
        ]  # fmt: skip


class HeldBody(serializers.Serializer[Any]):
    """One list's money with the provider; `brought_over` is what it holds of earlier lists of the programme and source, `suggested` the lump sum."""

    total = serializers.IntegerField()
    forwarded = serializers.IntegerField()
    paid = serializers.IntegerField()
    given_back = serializers.IntegerField()
    refunded = serializers.IntegerField()
    held = serializers.IntegerField()
    brought_over = serializers.IntegerField()
    suggested = serializers.IntegerField()


class HeldRow(HeldBody):
    """The same of one of many lists."""

    batch = serializers.IntegerField(help_text="id of the list")


class HeldQuery(Query):
    """Which lists."""

    lists = serializers.RegexField(
        r"^[0-9]{1,18}(,[0-9]{1,18}){0,199}$", help_text="mã các danh sách, cách nhau bằng dấu phẩy"
    )

    def validate_lists(self, lists: str) -> list[int]:
        """As numbers."""
        return [int(one) for one in lists.split(",")]
