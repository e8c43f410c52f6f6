"""What was said of a payment against how it stands, and what two people found out about it."""

from django.db import models
from django.db.models import F, Q

from payments.models.batches import Payment
from payments.models.enquiries import BankLetter
from staff.models import Role, User


class Contradiction(models.Model):
    """A bank or a provider said of a payment what does not agree with how it stands; the last time it did. Never deleted.

    `debited_on` is owned by reconciliation: its triggers derive it from the statements, whoever writes the row (ADR 40). While it is set
    nothing confirms that the payment left nothing, and it does not set out.
    """

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="contradiction")
    told_at = models.DateTimeField(help_text="only moves forward")
    debited_on = models.DateField(
        null=True, help_text="a statement shows a debit of this day that never came back; kept by triggers"
    )


class Finding(models.Model):
    """What became of a contradicted payment by the written answer of the bank or provider: put on file by one, confirmed by another.

    The other has another role; a trigger holds the roles to those of the people. Only a finding put on file after the last contradiction,
    and confirmed, sets money free of which no bank can be asked afresh, or makes paid what arrived. What nobody confirmed is replaced by a newer one.
    """

    class Outcome(models.TextChoices):
        LEFT_NOTHING = "LEFT_NOTHING", "Tiền không đến người hưởng"
        ARRIVED = "ARRIVED", "Tiền đã đến người hưởng"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="findings")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    letter = models.ForeignKey(BankLetter, on_delete=models.PROTECT, related_name="findings")
    document = models.CharField(max_length=100, help_text="the letter: number and date")
    arrived_on = models.DateField(null=True, help_text="the day the letter says it arrived")
    found_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    found_role = models.CharField(max_length=20, choices=Role.choices)
    found_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="finding_names_its_letter", condition=~Q(document="")),
            models.CheckConstraint(
                name="only_what_arrived_has_a_day", condition=Q(arrived_on__isnull=True) | Q(outcome="ARRIVED")
            ),
            models.CheckConstraint(
                name="finding_confirmed_by_and_at_together",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True, confirmed_role="")
                | (Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_role="")),
            ),
            models.CheckConstraint(
                name="finding_confirmed_by_a_second_person",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("found_by")),
            ),
            models.CheckConstraint(
                name="finding_confirmed_in_another_role",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_role=F("found_role")),
            ),
            models.CheckConstraint(
                name="finding_confirmed_after_it_was_found",
                condition=Q(confirmed_at__isnull=True) | Q(confirmed_at__gte=F("found_at")),
            ),
        ]
