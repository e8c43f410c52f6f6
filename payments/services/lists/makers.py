"""Who made a list: its builder, and whoever changed it while it was in draft. They sign it as makers only; the database holds that."""

from collections.abc import Iterable
from datetime import datetime

from payments.models import ListMaker, PaymentBatch
from staff.models import User


def record_makers(*, batch_ids: Iterable[int], maker: User, now: datetime) -> None:
    """Whoever built lists is a maker of each of them."""
    ListMaker.objects.bulk_create(
        ListMaker(batch_id=pk, maker=maker, did=ListMaker.Did.BUILT, done_at=now) for pk in batch_ids
    )


def record_removal(*, batch: PaymentBatch, maker: User, now: datetime) -> None:
    """Whoever took somebody off a list in draft is a maker of it too."""
    ListMaker.objects.create(batch=batch, maker=maker, did=ListMaker.Did.REMOVED, done_at=now)
