"""Who made a list: its builder, and whoever changed it while it was in draft. They sign it as makers only; the database holds that."""

from datetime import datetime

from payments.models import Cycle, ListMaker, PaymentBatch
from staff.models import User


def record_makers(*, cycle: Cycle, maker: User, now: datetime) -> None:
    """Whoever built a month is a maker of each of its lists."""
    ListMaker.objects.bulk_create(
        ListMaker(batch=batch, maker=maker, did=ListMaker.Did.BUILT, done_at=now)
        for batch in PaymentBatch.objects.filter(cycle=cycle)
    )


def record_removal(*, batch: PaymentBatch, maker: User, now: datetime) -> None:
    """Whoever took somebody off a list in draft is a maker of it too."""
    ListMaker.objects.create(batch=batch, maker=maker, did=ListMaker.Did.REMOVED, done_at=now)
