"""Versioned models of points: what every level is worth in this province, who trained it from what, and who let it decide."""

from django.db import models
from django.db.models import F, Q

from beneficiaries.models.audits import AuditSample
from staff.models import Order, User


class MatchModel(models.Model):
    """One version. `content` is the whole model file with its provenance (`made`): no names, no numbers, only weights and counts. Append-only."""

    version = models.CharField(max_length=40, unique=True)
    content = models.JSONField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sample = models.ForeignKey(
        AuditSample, null=True, on_delete=models.PROTECT, related_name="+", help_text="the audit its thresholds rest on"
    )


class MatchModelAdoption(models.Model):
    """From `adopted_at` on matching decides by `model`; what was decided before keeps the version in its run's manifest. Append-only."""

    model = models.ForeignKey(MatchModel, on_delete=models.PROTECT, related_name="adoptions")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="who made the model")
    adopted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(name="model_is_adopted_by_another", condition=~Q(adopted_by=F("made_by"))),
            models.CheckConstraint(name="adoption_has_a_reason", condition=~Q(reason="")),
        ]


class TrainingOrder(Order):
    """The order to train a version from the register and the extract as they are. One waits at a time: it reads everybody."""

    version = models.CharField(max_length=40)
    model = models.OneToOneField(MatchModel, null=True, on_delete=models.PROTECT, related_name="order")

    class Meta(Order.Meta):
        abstract = False
        constraints = [
            *Order.Meta.constraints,
            models.UniqueConstraint(
                name="one_training_order_waits", fields=["stage"], condition=Q(stage=Order.Stage.WAITING)
            ),
            models.CheckConstraint(
                name="training_order_is_done_with_its_model",
                condition=Q(stage=Order.Stage.DONE, model__isnull=False)
                | (~Q(stage=Order.Stage.DONE) & Q(model__isnull=True)),
            ),
        ]
