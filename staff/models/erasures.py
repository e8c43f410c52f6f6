"""Erasing what may be kept no longer: ordered by one person on a paper, allowed by another, done at the server in steps."""

from django.db import models
from django.db.models import F, Q

from staff.models.users import User


class ErasureOrder(models.Model):
    """One order to erase data outside the books whose time was over on `before` (`payments.services.erasure`).

    `due_total` is how much that was when it was ordered: what the second person allows. `erased_total` grows step by step until `finished_at`.
    """

    document = models.CharField(max_length=120, help_text="the paper that orders it")
    before = models.DateField(help_text="what stopped being needed before this day")
    due_total = models.PositiveBigIntegerField()
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    erased_total = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="erasure_names_its_document", condition=~Q(document="")),
            models.CheckConstraint(
                name="erasure_is_decided_by_somebody_else",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("ordered_by")),
            ),
            models.CheckConstraint(
                name="erasure_decision_has_person_time_and_word",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, accepted__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, accepted__isnull=False),
            ),
            models.CheckConstraint(
                name="erasure_is_done_after_two_people",
                condition=Q(erased_total=0, finished_at__isnull=True)
                | Q(accepted__isnull=False) & Q(accepted=True),  # an unknown would pass
            ),
        ]

    @property
    def ready(self) -> bool:
        """May be done, or gone on with, now."""
        return self.accepted is True and self.finished_at is None
