"""Bodies of ordered reports: how they stand, whom they wait for, how they are made up. Figures only, no persons but those who sign."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from payments.api.fields import MonthField
from reconciliation.models import ReportRun, SignedReport
from reconciliation.states import RunStatus
from staff.api.query import Query
from staff.api.words import Words
from staff.models import AdministrativeUnit

LEVELS = AdministrativeUnit.Kind.choices


class ReportRunQuery(Query):
    """Filters of ordered reports."""

    kind = serializers.ChoiceField(choices=ReportRun.Kind.choices, required=False)
    status = serializers.ChoiceField(choices=RunStatus.choices, required=False)
    unit = serializers.CharField(required=False, help_text="mã đơn vị")
    level = serializers.ChoiceField(choices=LEVELS, required=False)
    to_on = serializers.DateField(required=False, help_text="ngày cuối của kỳ báo cáo")


class ReportRunRow(serializers.ModelSerializer[ReportRun]):
    """One ordered report. `overdue`: not signed past its day; `problem` names what stopped the last trial; `code` is printed on every page."""

    kind = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")
    overdue = serializers.SerializerMethodField()
    digest = serializers.CharField(source="snapshot.digest", default="")
    signed_by = serializers.CharField(source="signed_by.full_name", default=None, allow_null=True)

    class Meta:
        model = ReportRun
        fields = [
            "id", "kind", "kind_label", "unit", "unit_name", "from_on", "to_on", "ready_at", "due_on", "overdue", "status", "status_label",
            "status_at", "attempts", "problem", "digest", "signed_by", "signed_as", "signed_at",
        ]  # fmt: skip

    def get_overdue(self, run: ReportRun) -> bool:
        """Whether its day has passed without a signature."""
        return run.status != RunStatus.SIGNED and run.due_on < timezone.localdate()


class RateBody(serializers.Serializer[Any]):
    """A rate with what it was divided from; `percent` is null where there is nothing to divide by."""

    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    percent = serializers.CharField(allow_null=True)


class DifferenceBody(serializers.Serializer[Any]):
    """What keeps the figures from tying out."""

    code = serializers.CharField()
    sentence = serializers.CharField()


class DeliveryBody(serializers.Serializer[Any]):
    """Who was shown the present figures, and when first; null for somebody they are addressed to who was not yet."""

    name = serializers.CharField()
    addressed = serializers.BooleanField()
    read_at = serializers.DateTimeField(allow_null=True)


class SignedReportRow(serializers.ModelSerializer[SignedReport]):
    """What came back signed, and what its digital signatures say (signer, issuer, time, whether the chain is trusted)."""

    signatures = serializers.ListField(child=serializers.DictField())
    received_by = serializers.CharField(source="received_by.full_name")

    class Meta:
        model = SignedReport
        fields = [
            "id",
            "kind",
            "media_type",
            "content_digest",
            "signatures",
            "data_matches",
            "received_by",
            "received_at",
        ]


class ReportRunDetail(ReportRunRow):
    """One with its figures: people and đồng, rates by key, differences (none when it ties out), the names of whoever may sign, and what became of it."""

    figures = serializers.DictField(child=serializers.IntegerField())
    rates = serializers.DictField(child=RateBody())
    differences = DifferenceBody(many=True)
    addressed_to = serializers.ListField(child=serializers.CharField())
    mine = serializers.BooleanField(help_text="người đang xem là một trong những người ký được")
    order_reason = serializers.CharField()
    ordered_by = serializers.CharField(allow_null=True)
    delivery = DeliveryBody(many=True)
    papers = SignedReportRow(many=True)

    class Meta(ReportRunRow.Meta):
        fields = [
            *ReportRunRow.Meta.fields,
            "figures",
            "rates",
            "differences",
            "addressed_to",
            "mine",
            "order_reason",
            "ordered_by",
            "delivery",
            "papers",
        ]


class LevelBody(serializers.Serializer[Any]):
    """How far the reports of one kind, period and level have come; `by_status` leaves out what does not occur."""

    kind = serializers.CharField()
    from_on = serializers.DateField()
    to_on = serializers.DateField()
    level = serializers.CharField()
    due_on = serializers.DateField()
    total = serializers.IntegerField()
    by_status = serializers.DictField(child=serializers.IntegerField())
    overdue = serializers.IntegerField()


class PartBody(serializers.Serializer[Any]):
    """A unit right below with its own report; `differs` is `{figure: [own, above]}`, empty where both say the same."""

    report = ReportRunRow(source="run")
    differs = serializers.DictField(child=serializers.ListField(child=serializers.IntegerField()))


class SignBody(serializers.Serializer[Any]):
    """The digest of the figures that were read."""

    digest = serializers.RegexField(r"^[0-9a-f]{64}$")


class OrderAgainBody(serializers.Serializer[Any]):
    """Why it is counted again."""

    reason = Words(max_length=200)


class OrderReportBody(serializers.Serializer[Any]):
    """Whole months, both included, that are over; of the actor's own unit unless another in reach is named."""

    unit = serializers.CharField(required=False, default="", help_text="mã đơn vị")
    from_month = MonthField()
    to_month = MonthField()
    reason = Words(max_length=200)


class SignedReportIn(serializers.Serializer[Any]):
    """The signed report: our PDF with digital signatures, or a scan (PDF, JPEG, PNG)."""

    file = serializers.FileField()
