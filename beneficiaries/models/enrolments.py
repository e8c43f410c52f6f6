"""Enrolments (hồ sơ hưởng), the decisions they rest on, and who receives the money."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from beneficiaries.models.people import Beneficiary
from beneficiaries.models.programmes import BenefitCategory, Programme
from staff.models import AdministrativeUnit


class PayeeKind(models.TextChoices):
    """Who receives the money for the beneficiary."""

    OWN = "OWN", "Chính chủ"
    GUARDIAN = "GUARDIAN", "Người giám hộ"
    AUTHORISED = "AUTHORISED", "Người được ủy quyền"
    CARER = "CARER", "Người nhận chăm sóc, nuôi dưỡng"
    PARENT = "PARENT", "Cha, mẹ (người đại diện theo pháp luật)"
    HEAD = "HEAD", "Chủ hộ"


class Enrolment(models.Model):
    """One person in one programme and category. Months are the first day of the month.

    Entitled for month m when `starts_month <= m`, and `ended_month`, `suspended_month` are after m or empty.
    """

    code = models.CharField(max_length=30, unique=True, help_text="mã hồ sơ hưởng")
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="enrolments")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="enrolments")
    category = models.ForeignKey(BenefitCategory, on_delete=models.PROTECT, related_name="enrolments")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="enrolments")
    coefficient = models.DecimalField(max_digits=5, decimal_places=2)
    starts_month = models.DateField()
    ended_month = models.DateField(null=True, help_text="first month not paid any more")
    suspended_month = models.DateField(null=True)
    paid_through_month = models.DateField(
        null=True, help_text="đã chi trả đến hết tháng, when the registry was taken over"
    )
    payee_kind = models.CharField(max_length=10, choices=PayeeKind.choices, default=PayeeKind.OWN)
    payee_name = models.CharField(max_length=100, blank=True)
    payee_paper_until = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), help_text="when it became known to us")

    class Meta:
        constraints = [
            models.CheckConstraint(name="enrolment_coefficient_is_positive", condition=Q(coefficient__gt=0)),
            models.CheckConstraint(
                name="enrolment_months_are_first_days",
                condition=Q(starts_month__day=1)
                & (Q(ended_month__isnull=True) | Q(ended_month__day=1))
                & (Q(suspended_month__isnull=True) | Q(suspended_month__day=1)),
            ),
            models.CheckConstraint(
                name="payee_other_than_the_beneficiary_has_a_name",
                condition=Q(payee_kind=PayeeKind.OWN) | ~Q(payee_name=""),
            ),
        ]


class Decision(models.Model):
    """A quyết định: no decision, no payment. Append-only."""

    class Kind(models.TextChoices):
        GRANT = "GRANT", "Quyết định hưởng"
        ADJUST = "ADJUST", "Quyết định điều chỉnh"
        SUSPEND = "SUSPEND", "Quyết định tạm dừng"
        RESUME = "RESUME", "Quyết định tiếp tục hưởng"
        STOP = "STOP", "Quyết định thôi hưởng"
        TRANSFER_OUT = "TRANSFER_OUT", "Quyết định chuyển đi"
        TRANSFER_IN = "TRANSFER_IN", "Quyết định chuyển đến"
        RECOVER = "RECOVER", "Quyết định thu hồi"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.CharField(max_length=60)
    signed_on = models.DateField()
    effective_month = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), help_text="when it became known to us")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="decision_once_per_enrolment_kind_and_number", fields=["enrolment", "kind", "number", "signed_on"]
            ),
            models.CheckConstraint(name="decision_takes_effect_on_a_first_day", condition=Q(effective_month__day=1)),
        ]
