"""A cycle (kỳ chi trả) and what each enrolment is due in it."""

from django.db import models
from django.db.models import Q

from beneficiaries.models import ACCOUNT_REASONS, Decision, Enrolment, Programme, Reason
from payments.states import Channel, SendsBy
from staff.models import AdministrativeUnit, User


class Cycle(models.Model):
    """One payment month. The list is made on `listed_on` (in the month before) with what was known that day."""

    month = models.DateField(unique=True)
    listed_on = models.DateField()
    pay_on = models.DateField()
    built_at = models.DateTimeField()
    opening = models.BooleanField(
        default=False, help_text="months before the first list: only balances taken over stand in it"
    )
    budget_year = models.PositiveSmallIntegerField(
        null=True, help_text="niên độ ngân sách when it was asked; else the month's own year"
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="cycle_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="cycle_closed_by_and_at_together",
                condition=Q(closed_by__isnull=True, closed_at__isnull=True)
                | Q(closed_by__isnull=False, closed_at__isnull=False),
            ),
        ]


class Entitlement(models.Model):
    """What one enrolment is due for one month: the row that gives a person exactly one answer.

    Either payable (with a channel) or not (with one reason). A correction is a row of its own that names the row it corrects.
    `payment` is the payment that carries it now; it moves to another one only when the bank confirmed that the old one left nothing.
    `withdrawn_in`: nobody received it and a decision made it wrong; what is right instead, if anything, is a new row that corrects it.
    """

    class Kind(models.TextChoices):
        REGULAR = "REGULAR", "Hằng tháng"
        ONE_OFF = "ONE_OFF", "Một lần"
        FUNERAL = "FUNERAL", "Mai táng"

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="entitlements")
    # Found by `entitlement_once_per_enrolment_month_and_kind`; five programmes are no way to find anything.
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="entitlements", db_index=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField(
        help_text="the month it is for; before the cycle's month for arrears and carried-over months"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.REGULAR)
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="corrections", db_index=False
    )
    standard_amount = models.BigIntegerField(help_text="đồng per month, as known when the list was made")
    coefficient = models.DecimalField(max_digits=5, decimal_places=2)
    amount = models.BigIntegerField(help_text="đồng")
    channel = models.CharField(max_length=7, choices=Channel.choices, blank=True)
    cash_reason = models.CharField(
        max_length=24, choices=ACCOUNT_REASONS, blank=True, help_text="why not through an account"
    )
    not_payable_reason = models.CharField(max_length=24, choices=Reason.choices, blank=True)
    payment = models.ForeignKey("payments.Payment", null=True, on_delete=models.PROTECT, related_name="entitlements")
    decision = models.ForeignKey(
        Decision,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="what makes an earlier month owed now",
    )
    withdrawn_in = models.ForeignKey(Cycle, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="entitlement_once_per_enrolment_month_and_kind",
                fields=["enrolment", "month", "kind", "corrects"],
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                name="paid_once_is_answered_once", fields=["enrolment"], condition=~Q(kind="REGULAR")
            ),
            models.CheckConstraint(name="entitlement_amount_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="entitlement_is_payable_or_has_one_reason",
                condition=Q(not_payable_reason="", channel__in=Channel.values)
                | (~Q(not_payable_reason="") & Q(channel="", payment__isnull=True)),
            ),
            models.CheckConstraint(
                name="entitlement_in_cash_says_why", condition=~Q(channel=Channel.CASH) | ~Q(cash_reason="")
            ),
            models.CheckConstraint(name="entitlement_month_is_a_first_day", condition=Q(month__day=1)),
        ]
        # Few rows have them: an index of those costs the others nothing.
        indexes = [
            models.Index(fields=["corrects"], name="entitlement_corrects", condition=Q(corrects__isnull=False)),
            models.Index(fields=["decision"], name="entitlement_by_decision", condition=Q(decision__isnull=False)),
            models.Index(
                fields=["withdrawn_in"], name="entitlement_withdrawn", condition=Q(withdrawn_in__isnull=False)
            ),
        ]


class EntitlementPart(models.Model):
    """The part of an entitlement that another budget source pays; the rest is the programme's own source. Append-only."""

    class Component(models.TextChoices):
        TOP_UP = "TOP_UP", "Mức hỗ trợ thêm của tỉnh"

    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="parts")
    component = models.CharField(max_length=8, choices=Component.choices)
    budget_source = models.CharField(max_length=60)
    amount = models.BigIntegerField(help_text="đồng")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="part_once_per_entitlement", fields=["entitlement", "component"]),
            models.CheckConstraint(name="part_is_not_zero", condition=~Q(amount=0)),
        ]


class Deduction(models.Model):
    """One instalment of a recovery, a line of its own that reduces one payment. Append-only; one that was never paid out took nothing."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="deductions")
    payment = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, related_name="deductions")
    amount = models.BigIntegerField(help_text="đồng")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="deduction_once_per_decision_and_payment", fields=["decision", "payment"]),
            models.CheckConstraint(name="deduction_is_positive", condition=Q(amount__gt=0)),
        ]


class FundingAccount(models.Model):
    """The account at the bank a paying unit's credit transfers are debited from."""

    code = models.CharField(max_length=30, unique=True)
    bank_account_id = models.CharField(max_length=60, unique=True, help_text="the bank's id of the financial account")
    paying_unit = models.OneToOneField(AdministrativeUnit, on_delete=models.PROTECT, related_name="funding_account")
    sends_by = models.CharField(
        max_length=4,
        choices=SendsBy.choices,
        default=SendsBy.API,
        help_text="what is sent from now on; what was sent stays as it was",
    )
    closed_at = models.DateTimeField(null=True, help_text="nothing is released from it any more")

    def __str__(self) -> str:
        return self.code
