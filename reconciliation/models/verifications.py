"""A file somebody handed in to be checked, and what was found."""

from django.db import models
from django.db.models import Q

from staff.models import Order


class VerificationOrder(Order):
    """Who asked, which bytes, and the answer. The file itself is sealed while it waits and forgotten with the answer.

    `told`: which paper it says it is, empty before anybody looked. `verdict`: `original`, `holds` and sentences, bounded in number and length.
    """

    file_digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    size = models.PositiveIntegerField()
    told = models.CharField(max_length=400, blank=True, default="")
    sealed = models.BinaryField(null=True)
    verdict = models.JSONField(null=True)

    class Meta(Order.Meta):
        abstract = False
        constraints = [
            *Order.Meta.constraints,
            models.UniqueConstraint(
                name="file_waits_once_for_one_person",
                fields=["ordered_by", "file_digest"],
                condition=Q(stage=Order.Stage.WAITING),
            ),
            models.CheckConstraint(
                name="verification_is_done_with_its_verdict",
                condition=Q(stage=Order.Stage.DONE, verdict__isnull=False)
                | (~Q(stage=Order.Stage.DONE) & Q(verdict__isnull=True)),
            ),
            models.CheckConstraint(
                name="verification_keeps_the_file_while_it_waits",
                condition=Q(stage=Order.Stage.WAITING, sealed__isnull=False)
                | (~Q(stage=Order.Stage.WAITING) & Q(sealed__isnull=True)),
            ),
        ]
        indexes = [
            *Order.Meta.indexes,
            models.Index(fields=["ordered_by", "-id"], name="verification_of_whom"),
        ]

    def forget(self) -> None:
        """The file was only kept to be read."""
        self.sealed = None
