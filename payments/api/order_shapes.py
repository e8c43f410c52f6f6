"""Shapes of what the office orders for a month: lists, files, and the days of a month."""

from typing import Any

from rest_framework import serializers

from beneficiaries.services.intake.file_names import opened_name
from payments.api.fields import MonthField
from payments.models import OfficeFile
from staff.api.order_shapes import OrderQuery, OrderRow


class ListOrderBody(serializers.Serializer[Any]):
    """The month to build; days that are left out are the calendar's."""

    month = MonthField()
    listed_on = serializers.DateField(required=False, help_text="what was known on this day is on the lists")
    pay_on = serializers.DateField(required=False)
    months_together = serializers.IntegerField(min_value=1, max_value=12, default=1, help_text="Tết: 2")
    budget_year = serializers.IntegerField(
        min_value=2000, max_value=2100, required=False, help_text="for a January list drawn before 25 December"
    )
    seen = serializers.RegexField(
        r"^[0-9a-f]{64}$",
        required=False,
        help_text="digest of the dry run that was looked at; only what it showed is built",
        error_messages={"invalid": "Mã của lần tính thử không đúng; mời tính thử lại."},
    )


class ListOrderRow(OrderRow):
    """An order of lists; `built` says that the month stands at `/api/cycles/<month>/`.

    `conflicts` may name enrolments of any unit: they are empty for all but staff of the province.
    """

    month = MonthField()
    listed_on = serializers.DateField()
    pay_on = serializers.DateField()
    months_together = serializers.IntegerField()
    budget_year = serializers.IntegerField(allow_null=True)
    built = serializers.SerializerMethodField()
    conflicts = serializers.SerializerMethodField()  # type: ignore[assignment]  # the same list, or none of it

    def get_conflicts(self, order: Any) -> list[str]:
        return list(order.conflicts) if self.context.get("whole_province") else []

    def get_built(self, order: Any) -> bool:
        return order.cycle_id is not None


class ListOrderQuery(OrderQuery):
    """Which orders of lists."""

    month = MonthField(required=False)


class CalendarRow(serializers.Serializer[Any]):
    """The days of a month's list, each a working day."""

    month = MonthField()
    changes_close_on = serializers.DateField(help_text="until when changes count")
    list_on = serializers.DateField(help_text="when the list is drawn up")
    hand_over_by = serializers.DateField(help_text="by when money and list are with the payer")
    pay_on = serializers.DateField(help_text="from when people are paid")


class OfficeFileBody(serializers.Serializer[Any]):
    """A file, what it is, and whose."""

    kind = serializers.ChoiceField(choices=OfficeFile.Kind.choices)
    file = serializers.FileField(allow_empty_file=True, max_length=200)
    unit = serializers.CharField(max_length=12, required=False, default="", help_text="left out: the own unit")
    bank = serializers.CharField(max_length=60, required=False, default="", help_text="BIN or name; for ACCOUNTS")
    said_on = serializers.DateField(required=False, help_text="the business day of the list; left out: today")
    seen = serializers.RegexField(
        r"^[0-9a-f]{64}$",
        required=False,
        default="",
        help_text="GIFTS: digest of the preview that was looked at; only what it showed is written",
        error_messages={"invalid": "Mã của lần xem trước không đúng; mời xem trước lại."},
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["seen"] and given["kind"] != OfficeFile.Kind.GIFTS:
            raise serializers.ValidationError({"seen": "Chỉ danh sách nhận quà có bản xem trước."})
        return given


class RowProblem(serializers.Serializer[Any]):
    """Why a row was not taken in; no value of the row."""

    row = serializers.IntegerField(allow_null=True, help_text="as the spreadsheet counts")
    column = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()


class OfficeFileRow(OrderRow):
    """A file and what taking it in did; `problems` holds the first 500 of `rejected` rows."""

    kind = serializers.ChoiceField(choices=OfficeFile.Kind.choices)
    kind_label = serializers.CharField(source="get_kind_display")
    file_name = serializers.SerializerMethodField(
        help_text="như tên tệp đã gửi, số dài được che; rỗng: gửi không có tên"
    )
    unit = serializers.CharField(source="unit.code")
    bank_bin = serializers.CharField(allow_blank=True)
    said_on = serializers.DateField()
    rows = serializers.IntegerField()
    applied = serializers.IntegerField()
    rejected = serializers.IntegerField()
    repeated = serializers.BooleanField()

    def get_file_name(self, file: OfficeFile) -> str:
        """Opened for whoever may see the file."""
        return opened_name(getattr(file, "name_sealed", None))


class OfficeFileDetail(OfficeFileRow):
    """With its problems."""

    problems = RowProblem(many=True)


class OfficeFileQuery(OrderQuery):
    """Which files."""

    kind = serializers.ChoiceField(choices=OfficeFile.Kind.choices, required=False)
