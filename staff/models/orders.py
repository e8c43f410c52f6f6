"""Orders: work a person asked for that takes longer than a request may. The row is the queue and the progress; the broker only rings."""

from django.db import models
from django.db.models import Q

from staff.models.users import User


class Order(models.Model):
    """What every kind of ordered work has. A kind adds what it is about and what came of it.

    `started_at` and `attempts` are committed before the work begins, the work and its end in one transaction: a crash leaves WAITING.
    """

    class Stage(models.TextChoices):
        WAITING = "WAITING", "Đang chờ hoặc đang làm"
        DONE = "DONE", "Đã xong"
        REFUSED = "REFUSED", "Không làm được"

    stage = models.CharField(max_length=7, choices=Stage.choices, default=Stage.WAITING)
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    problem_code = models.CharField(max_length=40, blank=True)
    problem = models.CharField(max_length=600, blank=True)
    conflicts = models.JSONField(default=list, help_text="what stands in the way, as the refusal names it")

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["stage"], name="%(class)s_waiting", condition=Q(stage="WAITING"))]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_is_finished_or_waits",
                condition=Q(stage="WAITING", finished_at__isnull=True)
                | (~Q(stage="WAITING") & Q(finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="%(class)s_says_why_it_was_refused",
                condition=Q(stage="REFUSED") & ~Q(problem_code="") | ~Q(stage="REFUSED") & Q(problem_code=""),
            ),
        ]

    def forget(self) -> None:
        """Drop what was only kept to do the work; called with the order's end, before it is saved."""

    @property
    def under_way(self) -> bool:
        """Whether somebody began and has not come to an end; after a crash also while it waits to be begun again."""
        return self.stage == self.Stage.WAITING and self.started_at is not None
