"""Enrolments (hồ sơ hưởng), the decisions they rest on, and who receives the money."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from beneficiaries.models.people import Beneficiary
from beneficiaries.models.programmes import BenefitCategory, Programme
from staff.models import AdministrativeUnit, User

# The state was founded on 2 September 1945: no authority of it signed anything before, so an earlier day is a slip of the pen.
EARLIEST_DAY = date(1945, 9, 2)


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

    Entitled for month m when `starts_month <= m`, and `ended_month`, `suspended_month` are after m or empty; months a decision to resume
    gave up are not owed (`payments.services.lists.owing` has the whole rule). `moved_to`: the papers went to that commune, whose decision makes
    an enrolment that `continues` this one; until then the answer is MOVED. `coefficient` is as granted: a decision to adjust holds a new one.
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
    moved_to = models.ForeignKey(AdministrativeUnit, null=True, on_delete=models.PROTECT, related_name="+")
    continues = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="continued_by")
    paid_to = models.ForeignKey(
        Beneficiary,
        null=True,
        on_delete=models.PROTECT,
        related_name="receives_for",
        help_text="household head who receives with the own sum, unless the member has an account",
    )
    concerning = models.ForeignKey(
        Beneficiary, null=True, on_delete=models.PROTECT, related_name="funerals", help_text="the dead person"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="enrolment_that_moved_has_ended", condition=Q(moved_to__isnull=True) | Q(ended_month__isnull=False)
            ),
            models.UniqueConstraint(
                name="funeral_allowance_once_per_dead_person",
                fields=["concerning", "programme"],
                condition=Q(concerning__isnull=False),
            ),
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


class DecisionPaper(models.Model):
    """The signed paper as uploaded (PDF or picture), sealed whole; the same bytes are kept once. One paper may hold many decisions."""

    digest = models.BinaryField(unique=True)
    media_type = models.CharField(max_length=20)
    sealed = models.BinaryField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()


class Decision(models.Model):
    """A quyết định: no decision, no payment. Append-only. Sums are đồng.

    By kind: ADJUST has a `coefficient`; TRANSFER_OUT the `last_month` paid and where to (`to_unit`, or `to_place` outside the province); RESUME the month
    `from_month` the pause began and whether the months between are paid; RECOVER an `amount` and what is taken per month at most;
    PAY_OUT, of money still owed after the end, may name an heir.
    """

    class Kind(models.TextChoices):
        GRANT = "GRANT", "Quyết định hưởng"
        ADJUST = "ADJUST", "Quyết định điều chỉnh"
        SUSPEND = "SUSPEND", "Quyết định tạm dừng"
        RESUME = "RESUME", "Quyết định tiếp tục hưởng"
        STOP = "STOP", "Quyết định thôi hưởng"
        TRANSFER_OUT = "TRANSFER_OUT", "Quyết định chuyển đi"
        TRANSFER_IN = "TRANSFER_IN", "Quyết định chuyển đến"
        RECOVER = "RECOVER", "Quyết định thu hồi"
        PAY_OUT = "PAY_OUT", "Quyết định chi trả số tiền chưa nhận"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.CharField(max_length=60)
    signed_on = models.DateField()
    signer = models.CharField(max_length=100, db_default="", default="", blank=True)
    effective_month = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    coefficient = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    last_month = models.DateField(null=True, help_text="đã chi trả đến hết tháng")
    to_unit = models.ForeignKey(AdministrativeUnit, null=True, on_delete=models.PROTECT, related_name="+")
    to_place = models.CharField(
        max_length=100, db_default="", default="", blank=True, help_text="outside the province: commune and province"
    )
    from_month = models.DateField(null=True, help_text="first month not paid before this decision to resume")
    pay_between = models.BooleanField(null=True, help_text="whether the months between are paid")
    amount = models.BigIntegerField(null=True)
    monthly_ceiling = models.BigIntegerField(null=True)
    payee_name = models.CharField(max_length=100, db_default="", default="", blank=True)
    paper = models.ForeignKey(DecisionPaper, null=True, on_delete=models.PROTECT, related_name="decisions")
    recorded_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", help_text="none: taken over with a registry"
    )
    recorded_at = models.DateTimeField(db_default=Now(), help_text="when it became known to us")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="decision_once_per_enrolment_kind_and_number", fields=["enrolment", "kind", "number", "signed_on"]
            ),
            models.CheckConstraint(
                name="decision_recorded_here_names_its_signer",
                condition=Q(recorded_by__isnull=True) | Q(signer__regex=r"\S\s+\S"),
            ),
            models.CheckConstraint(name="decision_takes_effect_on_a_first_day", condition=Q(effective_month__day=1)),
            models.CheckConstraint(
                name="adjustment_and_nothing_else_has_a_coefficient",
                condition=Q(kind="ADJUST", coefficient__isnull=False, coefficient__gt=0)
                | (~Q(kind="ADJUST") & Q(coefficient__isnull=True)),
            ),
            models.CheckConstraint(
                name="transfer_out_and_nothing_else_says_how_far_it_paid",
                condition=Q(kind="TRANSFER_OUT", last_month__isnull=False, last_month__lt=models.F("effective_month"))
                | (~Q(kind="TRANSFER_OUT") & Q(last_month__isnull=True, to_unit__isnull=True)),
            ),
            # Those of before this rule that say nothing are told by the list of changes, not by a place nobody knows any more.
            models.CheckConstraint(
                name="transfer_out_says_where_to",
                condition=Q(kind="TRANSFER_OUT", to_unit__isnull=False, to_place="")
                | Q(kind="TRANSFER_OUT", to_unit__isnull=True, to_place__regex=r"\S\s+\S")
                | (~Q(kind="TRANSFER_OUT") & Q(to_place="")),
            ),
            models.CheckConstraint(
                name="resumption_says_what_becomes_of_the_months_between",
                condition=Q(
                    kind="RESUME",
                    pay_between__isnull=False,
                    from_month__isnull=False,
                    from_month__lte=models.F("effective_month"),
                )
                | (~Q(kind="RESUME") & Q(pay_between__isnull=True, from_month__isnull=True)),
            ),
            models.CheckConstraint(
                name="recovery_and_nothing_else_has_a_sum_and_a_ceiling",
                condition=Q(
                    kind="RECOVER",
                    amount__isnull=False,
                    amount__gt=0,
                    monthly_ceiling__isnull=False,
                    monthly_ceiling__gt=0,
                )
                | (~Q(kind="RECOVER") & Q(amount__isnull=True, monthly_ceiling__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_month"],
                name="decision_that_changes_a_sum",
                condition=Q(kind__in=["ADJUST", "RESUME", "RECOVER", "PAY_OUT"]),
            )
        ]


class ArrivalRefusal(models.Model):
    """The commune a person's papers were sent to says that they are not there: the papers go back, and the sender pays on. Append-only."""

    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, related_name="refusal", help_text="of the sender, TRANSFER_OUT"
    )
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+", help_text="who refused")
    reason = models.CharField(max_length=300)
    refused_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="arrival_refusal_says_why", condition=~Q(reason=""))]
