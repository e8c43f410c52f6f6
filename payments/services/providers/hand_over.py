"""A released list out to the provider that pays it: cash always, transfers where the funding account sends by list."""

from datetime import datetime

from django.db import transaction

from payments.errors import WrongBatchState
from payments.models import HandOver, Payment, PaymentBatch, Provider
from payments.services.providers.lines import lines_of
from payments.services.providers.points import PointFinder
from payments.services.providers.templates import form_of
from payments.services.providers.workbook import write_list
from payments.services.sending.books import require_books_read
from payments.services.sending.succession import doubtful_on
from payments.services.sending.unreadable_numbers import hold_where_unreadable
from payments.services.signing.freeze import require_not_frozen
from payments.states import BatchStatus, Cause, Channel, PaymentStatus, SendsBy
from staff.models import User
from staff.rights import Right, require


@transaction.atomic
def hand_over(
    *, batch_id: int, actor: User, now: datetime, provider: Provider | None = None, point: str | None = None
) -> bytes:
    """The released list as a workbook in the provider's form (ours without one); its payments are now with the provider.

    `point` gives the sheet of one paying point alone. Repeating it gives the same list. Who is on a removal slip that waits is left out, and
    so, with a case, is a transfer whose account number can't be told; for whom the provider was asked to stop, the line says so. Raises
    `WrongBatchState` for a list that is not released, paused, or of transfers that go to the bank another way; `BooksNotRead`,
    `PaymentIsSuspended`, `NotAllowed`.
    """
    batch = lock_list(batch_id)
    require(actor, Right.HAND_OVER, unit=batch.paying_unit)
    require_paid_by_provider(batch)
    require_books_read()
    if batch.paused:
        raise WrongBatchState(conflicts=[str(batch_id)])
    require_not_frozen(batch)
    _give(batch, provider=provider, actor=actor, now=now)
    lines = lines_of(batch, points=PointFinder(provider))
    if point is not None:
        lines = [line for line in lines if line.point == point]
    return write_list(batch=batch, lines=lines, form=form_of(provider=provider, channel=batch.channel), point=point)


def _give(batch: PaymentBatch, *, provider: Provider | None, actor: User, now: datetime) -> None:
    """Move what waits, and note once that the list is the provider's."""
    in_doubt = doubtful_on(batch_id=batch.pk, now=now)
    waiting = Payment.objects.filter(batch=batch, hold_code="").exclude(pk__in=in_doubt)
    if batch.channel == Channel.CASH:
        waiting.apply(Cause.HANDED_OVER, now=now)
    else:
        hold_where_unreadable(waiting.filter(status=PaymentStatus.READY), now=now)
        claimed = waiting.apply(Cause.CLAIM, now=now, first_used_at=now)
        waiting.filter(status=PaymentStatus.SENT, first_used_at=now, lease_by="").apply(Cause.ACCEPTED, now=now)
        gone = Payment.objects.filter(batch=batch).exclude(status__in=(PaymentStatus.READY, PaymentStatus.CANCELLED))
        if not HandOver.objects.filter(batch=batch).exists() and gone.count() != claimed:
            raise WrongBatchState(conflicts=[str(batch.pk)])  # the bank has some of them: nobody is paid by both
    given, _ = HandOver.objects.get_or_create(
        batch=batch, defaults={"provider": provider, "handed_by": actor, "handed_at": now}
    )
    if given.provider_id != (provider.pk if provider else None):
        raise WrongBatchState(conflicts=[str(batch.pk)])  # another has the list: nobody is paid by two


def lock_list(batch_id: int) -> PaymentBatch:
    """The list with what its paper names, locked: what a provider gets and what it answers go one after the other."""
    return (
        PaymentBatch.objects.select_for_update(of=("self",))
        .select_related("paying_unit", "programme", "cycle", "funding_account")
        .get(pk=batch_id)
    )


def require_paid_by_provider(batch: PaymentBatch) -> None:
    """Raise `WrongBatchState` unless the list is released and a provider pays it: cash, or transfers that go out by list."""
    by_list = batch.funding_account is not None and batch.funding_account.sends_by == SendsBy.LIST
    if batch.status != BatchStatus.RELEASED or not (batch.channel == Channel.CASH or by_list):
        raise WrongBatchState(conflicts=[str(batch.pk)])
