"""What matching said and why: runs, links, and the candidates shown where a person must look."""

from django.db import models
from django.db.models import Q

from beneficiaries.models.people import Beneficiary, IdentityRecord
from staff.models import Order, User


class MatchRun(models.Model):
    """One run of matching with its manifest: what it read, versions of rule, names and model, thresholds, counts by rule and by group."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    manifest = models.JSONField(default=dict)


class MatchOrder(Order):
    """The order to match everybody not matched yet. One waits at a time: two at once would do the same work twice."""

    run = models.OneToOneField(MatchRun, null=True, on_delete=models.PROTECT, related_name="order")

    class Meta(Order.Meta):
        abstract = False
        constraints = [
            *Order.Meta.constraints,
            models.UniqueConstraint(
                name="one_match_order_waits", fields=["stage"], condition=Q(stage=Order.Stage.WAITING)
            ),
            models.CheckConstraint(
                name="match_order_is_done_with_its_run",
                condition=Q(stage=Order.Stage.DONE, run__isnull=False)
                | (~Q(stage=Order.Stage.DONE) & Q(run__isnull=True)),
            ),
        ]


class IdentityMatch(models.Model):
    """Why a beneficiary was held to be a resident: by rule, or by a person with a reason. Append-only."""

    class Band(models.TextChoices):
        AUTOMATIC = "AUTOMATIC", "Tự động"
        REVIEWED = "REVIEWED", "Cán bộ rà soát"
        VERDICT = "VERDICT", "Trả lời xác minh từng người"

    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="matches")
    identity = models.ForeignKey(IdentityRecord, on_delete=models.PROTECT, related_name="matches")
    band = models.CharField(max_length=9, choices=Band.choices)
    rule = models.CharField(
        max_length=24, blank=True, db_default="", help_text="reason code of the engine; empty when a person decided"
    )
    points = models.FloatField(null=True, help_text="bits; empty where number, name, birth year and sex prove it")
    evidence = models.JSONField(default=list, help_text="sentences a clerk reads: what agreed, what did not")
    run = models.ForeignKey(MatchRun, null=True, on_delete=models.PROTECT, related_name="matches")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="match_is_by_a_run_or_by_a_person",
                condition=Q(run__isnull=False, decided_by__isnull=True) | Q(run__isnull=True, decided_by__isnull=False),
            ),
        ]


class MatchCandidate(models.Model):
    """A resident who may be the beneficiary: at most three, shown with what speaks for and against. Gone once a person is matched."""

    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.CASCADE, related_name="candidates")
    rank = models.SmallIntegerField(help_text="1 fits best")
    identity = models.ForeignKey(IdentityRecord, on_delete=models.PROTECT, related_name="+")
    points = models.FloatField(help_text="bits")
    evidence = models.JSONField(default=list, help_text="sentences a clerk reads, each with its bits")
    run = models.ForeignKey(MatchRun, on_delete=models.PROTECT, related_name="candidates")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="candidate_once_per_rank", fields=["beneficiary", "rank"]),
            models.CheckConstraint(name="at_most_three_candidates", condition=Q(rank__gte=1, rank__lte=3)),
        ]
