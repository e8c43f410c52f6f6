"""Money that moves beside payments: the lump sum to a provider, what it gives back, what goes back to the budget, its fee."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from payments.errors import (
    MoreThanProviderHolds,
    TransferAlreadyRecorded,
    WrongBatchState,
)
from payments.models import FundingAccount, FundTransfer, LedgerAccount, Payment, PaymentBatch, Posting
from payments.states import BatchStatus, PaymentStatus
from staff.models import User
from staff.rights import Right, require

Kind = FundTransfer.Kind


@dataclass(frozen=True)
class Held:
    """One list in đồng: `total` of its live payments, `forwarded` to the provider, `paid` by it, `given_back`, and `refunded` to the budget."""

    total: int
    forwarded: int
    paid: int
    given_back: int
    refunded: int

    @property
    def held(self) -> int:
        """What the provider still holds of this list's lump sum."""
        return self.forwarded - self.paid - self.given_back


def held_of(batch: PaymentBatch) -> Held:
    """Counted from recorded transfers and from payments as they stand."""
    moved = dict(FundTransfer.objects.filter(batch=batch).values_list("kind").annotate(total=Sum("amount")))
    payments = Payment.objects.filter(batch=batch).exclude(status=PaymentStatus.CANCELLED)
    sums = payments.aggregate(total=Sum("amount"), paid=Sum("amount", filter=Q(status=PaymentStatus.POSTED)))
    return Held(
        total=sums["total"] or 0,
        forwarded=moved.get(Kind.FORWARDED, 0),
        paid=sums["paid"] or 0,
        given_back=moved.get(Kind.GIVEN_BACK, 0),
        refunded=moved.get(Kind.TO_BUDGET, 0),
    )


def held_by_provider(
    *, account: FundingAccount, programme_id: int, budget_source: str, besides: PaymentBatch | None = None
) -> int:
    """đồng the provider holds of earlier lists of a programme and source, by the journal: what the next lump sum need not bring.

    What of it is of the list `besides` is left out; the journal knows nothing of a lump sum before the statement shows it, so nobody can subtract that.
    """
    postings = Posting.objects.filter(
        account__funding_account=account,
        account__kind=LedgerAccount.Kind.PROVIDER,
        entry__batch__programme=programme_id,
        entry__batch__budget_source=budget_source,
    )
    if besides is not None:
        postings = postings.exclude(entry__batch=besides.pk)
    return postings.aggregate(total=Sum("amount"))["total"] or 0


@transaction.atomic
def record_transfer(
    *,
    account: FundingAccount,
    kind: FundTransfer.Kind,
    amount: int,
    reference: str,
    booked_on: date,
    actor: User,
    now: datetime,
    batch: PaymentBatch | None = None,
    treasury_number: str = "",
) -> FundTransfer:
    """Record what was ordered, before or after it moved; the statement's line with this reference and amount books it.

    A transfer names its list, so that budget source and year stay known; the fee is of no list. Never more leaves for a list than it is
    about, comes back than the provider holds, or goes to the budget than came back. The same transfer again is the same row.
    Raises `MoreThanProviderHolds`, `TransferAlreadyRecorded`, `WrongBatchState` (not released, or of another unit), `NotAllowed`.
    """
    require(actor, Right.RECONCILE, unit=account.paying_unit)
    FundingAccount.objects.select_for_update().get(pk=account.pk)
    said = {"funding_account_id": account.pk, "kind": kind, "batch_id": batch.pk if batch else None, "amount": amount}
    if (known := FundTransfer.objects.filter(funding_account=account, reference=reference).first()) is not None:
        if any(getattr(known, name) != value for name, value in said.items()):
            raise TransferAlreadyRecorded(conflicts=[reference])
        return known
    _require_possible(account, kind=kind, amount=amount, batch=batch)
    try:
        with transaction.atomic():
            return FundTransfer.objects.create(
                **said,
                reference=reference,
                treasury_number=treasury_number,
                booked_on=booked_on,
                recorded_by=actor,
                recorded_at=now,
            )
    except IntegrityError as error:
        if "fund_transfer_once_per_account" in str(error):
            raise TransferAlreadyRecorded(conflicts=[reference]) from error
        raise


def _require_possible(
    account: FundingAccount, *, kind: FundTransfer.Kind, amount: int, batch: PaymentBatch | None
) -> None:
    if kind == Kind.FEE:
        if batch is not None:
            raise WrongBatchState(conflicts=[str(batch.pk)])
        return
    released = (BatchStatus.RELEASED, BatchStatus.CLOSED)
    if batch is None or batch.paying_unit_id != account.paying_unit_id or batch.status not in released:
        raise WrongBatchState(conflicts=[str(batch.pk)] if batch else [])
    held = held_of(batch)
    most = {
        Kind.FORWARDED: held.total - held.forwarded,
        Kind.GIVEN_BACK: held.held,
        Kind.TO_BUDGET: held.given_back - held.refunded,
    }[kind]
    if amount > most:
        raise MoreThanProviderHolds(conflicts=[str(batch.pk), str(max(most, 0))])
