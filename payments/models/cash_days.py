"""A day on which cash is handed out at one place: who carries it, who witnesses, and what came back."""

from django.db import models
from django.db.models import F, Q

from payments.models.batches import PaymentBatch
from staff.models import AdministrativeUnit, User


class CashDay(models.Model):
    """Planned before the day, by the database's clock. Append-only: a new plan of the same place is a new row, the newest holds.

    `point` is the paying point's name, "" where a commune has none. `people` and `amount` (đồng) are of the list when it was planned.
    """

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="cash_days")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+", help_text="the commune")
    point = models.CharField(max_length=120, blank=True)
    held_on = models.DateField()
    carrier = models.CharField(max_length=120)
    witness = models.CharField(max_length=120)
    people = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["batch", "unit", "-id"], name="cash_day_newest_first")]
        constraints = [
            models.CheckConstraint(
                name="nobody_carries_cash_alone", condition=~Q(carrier="") & ~Q(witness="") & ~Q(carrier=F("witness"))
            ),
            models.CheckConstraint(name="cash_day_carries_money", condition=Q(people__gt=0, amount__gt=0)),
        ]


class CashDayEnd(models.Model):
    """What was carried, handed out against signatures and brought back, đồng; by another person than who planned the day. Append-only."""

    day = models.OneToOneField(CashDay, on_delete=models.PROTECT, related_name="end")
    carried = models.BigIntegerField()
    handed_out = models.BigIntegerField()
    returned = models.BigIntegerField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cash_that_was_carried_is_accounted_for",
                condition=Q(handed_out__gte=0, returned__gte=0, carried=F("handed_out") + F("returned")),
            )
        ]
