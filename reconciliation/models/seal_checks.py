"""Who asked for the whole sealed history to be checked, and which check answered."""

from django.db import models
from django.db.models import Q

from staff.models import Order, SealCheck


class SealCheckOrder(Order):
    """One waits at a time, since each reads everything; `check_made` says what was found, and that names who asked."""

    check_made = models.OneToOneField(SealCheck, null=True, on_delete=models.PROTECT, related_name="order")

    class Meta(Order.Meta):
        abstract = False
        constraints = [
            *Order.Meta.constraints,
            models.UniqueConstraint(
                name="one_seal_check_waits", fields=["stage"], condition=Q(stage=Order.Stage.WAITING)
            ),
            models.CheckConstraint(
                name="seal_check_order_is_done_with_its_check",
                condition=Q(stage=Order.Stage.DONE, check_made__isnull=False)
                | (~Q(stage=Order.Stage.DONE) & Q(check_made__isnull=True)),
            ),
        ]
