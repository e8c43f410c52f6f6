"""What the police or an execution office says of who served a prison sentence, and which of our people are among them."""

from django.db import models
from django.db.models import F, Q

from beneficiaries.models import Beneficiary
from staff.models import AdministrativeUnit, Order


class PrisonList(Order):
    """One list of everybody of `unit` who served a sentence at any time from `from_on` to `until_on`. Sealed while it waits, forgotten when it is read.

    `problems`: rows not taken in, no value of the row in them.
    """

    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=120, help_text="the office whose list it is")
    paper = models.CharField(max_length=120, help_text="number and day of the letter it came with")
    from_on = models.DateField()
    until_on = models.DateField()
    sealed = models.BinaryField(null=True)
    file_digest = models.BinaryField(help_text="keyed digest of the bytes: a double click is one list")
    rows = models.IntegerField(default=0)
    ours = models.IntegerField(default=0, help_text="rows of people of our registries")
    problems = models.JSONField(default=list)
    rejected = models.IntegerField(default=0)

    class Meta(Order.Meta):
        abstract = False
        indexes = [*Order.Meta.indexes, models.Index(fields=["unit", "from_on"], name="prison_lists_of_unit")]
        constraints = [
            *Order.Meta.constraints,
            models.UniqueConstraint(
                name="prison_list_once_per_content",
                fields=["unit", "from_on", "until_on", "file_digest"],
                condition=~Q(stage=Order.Stage.REFUSED),
            ),
            models.CheckConstraint(name="prison_list_ends_after_it_begins", condition=Q(until_on__gte=F("from_on"))),
            models.CheckConstraint(
                name="prison_list_is_kept_while_it_waits",
                condition=Q(stage=Order.Stage.WAITING, sealed__isnull=False)
                | (~Q(stage=Order.Stage.WAITING) & Q(sealed__isnull=True)),
            ),
        ]

    def forget(self) -> None:
        """Of people who are not ours nothing is kept."""
        self.sealed = None


class PrisonStay(models.Model):
    """Somebody of ours served from `from_on` to `until_on` (None: not back by the list's last day). Append-only.

    `by_name`: the list has no number that is theirs; name and birth date are the same, which a person has to confirm.
    """

    prison_list = models.ForeignKey(PrisonList, on_delete=models.PROTECT, related_name="stays")
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    paper = models.CharField(max_length=120, blank=True)
    by_name = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="prison_stay_once_per_list_and_person", fields=["prison_list", "beneficiary", "from_on"]
            ),
            models.CheckConstraint(
                name="prison_stay_ends_after_it_begins",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
            ),
        ]
