"""What the social-security office says it pays: how many people and how much, and which of our people are among them."""

from django.db import models
from django.db.models import F, Q

from beneficiaries.models.intake import ReceivedFile
from beneficiaries.models.numbers import IdentityNumber
from staff.models import AdministrativeUnit


class InsuranceKind(models.TextChoices):
    """Paid by Vietnam Social Security, never by us."""

    PENSION = "PENSION", "Lương hưu"
    MONTHLY = "MONTHLY", "Trợ cấp bảo hiểm xã hội hằng tháng"
    UNEMPLOYMENT = "UNEMPLOYMENT", "Trợ cấp thất nghiệp"


class InsuranceFeed(models.Model):
    """One list, as it stood on `as_of`, of everybody paid who lives in `unit`; the newest of a unit holds. Append-only."""

    file = models.OneToOneField(ReceivedFile, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["unit", "-as_of", "-id"], name="newest_insurance_feed")]


class InsuranceTotal(models.Model):
    """People and đồng per month of one kind in a feed, `ours` of them in our registries. Append-only."""

    feed = models.ForeignKey(InsuranceFeed, on_delete=models.PROTECT, related_name="totals")
    kind = models.CharField(max_length=12, choices=InsuranceKind.choices)
    people = models.IntegerField()
    amount = models.BigIntegerField()
    ours = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="insurance_total_once_per_feed_and_kind", fields=["feed", "kind"]),
            models.CheckConstraint(name="ours_are_among_the_insured", condition=Q(ours__lte=F("people"))),
        ]


class InsuranceBenefit(models.Model):
    """Somebody of ours draws it, đồng per month since `from_month`. Nobody who receives nothing from us is kept. Append-only."""

    feed = models.ForeignKey(InsuranceFeed, on_delete=models.PROTECT, related_name="benefits")
    number = models.ForeignKey(IdentityNumber, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=InsuranceKind.choices)
    amount = models.BigIntegerField()
    from_month = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="insurance_once_per_person_and_kind", fields=["feed", "number", "kind"]),
            models.CheckConstraint(name="insurance_amount_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="insurance_begins_with_a_month", condition=Q(from_month__day=1)),
        ]
