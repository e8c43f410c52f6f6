"""Who signed a decision that came in without its signer: said afterwards from the paper, by two people. The decision itself is never edited."""

from django.db import models
from django.db.models import CharField, F, Func, Q

from beneficiaries.models.enrolments import Decision
from staff.models import User


class NamesItsSigner(Func):
    """Whether what a decision was kept with names somebody; a title or an office alone does not."""

    function = "beneficiaries_names_its_signer"
    output_field = models.BooleanField()


class SignerOf(Func):
    """Who signed, by a decision's id and what it was kept with: as kept, or as two people said afterwards, with the day they did."""

    function = "beneficiaries_signer_of"
    output_field = CharField()


class SuppliedSigner(models.Model):
    """One proposal of who signed; in force by another person's word. Kept as proposed, decided once; of those in force the newest counts.

    `seen`: which paper was looked at, and where it is. Nothing that is paid rests on it.
    """

    class Status(models.TextChoices):
        PROPOSED = "PROPOSED", "Chờ người thứ hai xác nhận"
        IN_FORCE = "IN_FORCE", "Đã xác nhận"
        REFUSED = "REFUSED", "Không chấp nhận"
        WITHDRAWN = "WITHDRAWN", "Đã rút"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="supplied_signers")
    signer = models.CharField(max_length=100)
    seen = models.CharField(max_length=300)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True, default="", help_text="why it was refused or withdrawn")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="supplied_signer_names_somebody_and_the_paper",
                condition=Q(signer__regex=r"\S\s+\S") & ~Q(seen=""),
            ),
            models.CheckConstraint(
                name="supplied_signer_decided_by_and_at_together",
                condition=Q(status="PROPOSED", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(status="PROPOSED") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="supplied_signer_is_confirmed_by_a_second_person",
                condition=~Q(status__in=["IN_FORCE", "REFUSED"]) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="supplied_signer_is_withdrawn_by_its_proposer",
                condition=~Q(status="WITHDRAWN") | Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="refused_supplied_signer_says_why", condition=~Q(status="REFUSED") | ~Q(note="")
            ),
            models.UniqueConstraint(
                name="one_signer_of_a_decision_waits", fields=["decision"], condition=Q(status="PROPOSED")
            ),
        ]
