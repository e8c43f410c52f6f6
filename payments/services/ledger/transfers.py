"""Money that moves beside payments: the lump sum to a provider, what it gives back, what goes back to the budget, its fee."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, Sum

from payments.errors import WrongBatchState
from payments.errors.providers import MoreThanProviderHolds, TransferAlreadyRecorded
from payments.models import FundingAccount, FundTransfer, Payment, PaymentBatch
from payments.states import BatchStatus, PaymentStatus
from staff.errors import constraint_of
from staff.models import User
from staff.rights import Right, require

Kind = FundTransfer.Kind

# What a provider holds of each list, by the journal. Money counts for other lists of its programme, source and channel, and for none else: cash
# lies at the post, while transfers are paid from a list by a bank, which has never seen that money.
HELD_BY_PROVIDER = """
SELECT b.programme_id, b.budget_source, b.channel, b.id AS batch_id, sum(x.amount) AS amount
FROM payments_posting x JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.kind = 'PROVIDER' AND a.funding_account_id = %(account)s
JOIN payments_journalentry j ON j.id = x.entry_id JOIN payments_paymentbatch b ON b.id = j.batch_id GROUP BY 1, 2, 3, 4
"""


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
    return held_of_lists([batch])[batch.pk]


def held_of_lists(batches: Collection[PaymentBatch]) -> dict[int, Held]:
    """The same of many lists, by their ids, in as many statements as of one."""
    moved: dict[tuple[int | None, str], int] = {
        (batch, kind): total
        for batch, kind, total in FundTransfer.objects.filter(batch__in=batches)
        .values_list("batch", "kind")
        .annotate(total=Sum("amount"))
    }
    payments = Payment.objects.filter(batch__in=batches).exclude(status=PaymentStatus.CANCELLED)
    sums: dict[int, tuple[int, int]] = {
        row["batch"]: (row["total"] or 0, row["paid"] or 0)
        for row in payments.values("batch").annotate(
            total=Sum("amount"), paid=Sum("amount", filter=Q(status=PaymentStatus.POSTED))
        )
    }
    return {
        batch.pk: Held(
            total=sums.get(batch.pk, (0, 0))[0],
            forwarded=moved.get((batch.pk, Kind.FORWARDED), 0),
            paid=sums.get(batch.pk, (0, 0))[1],
            given_back=moved.get((batch.pk, Kind.GIVEN_BACK), 0),
            refunded=moved.get((batch.pk, Kind.TO_BUDGET), 0),
        )
        for batch in batches
    }


def held_by_provider(*, account: FundingAccount, like: PaymentBatch, besides: bool = False) -> int:
    """đồng the provider holds of lists of this one's programme, source and channel, by the journal: what the next lump sum need not bring.

    `besides`: without what is of the list itself; the journal knows nothing of a lump sum before the statement shows it, so nobody can subtract that.
    """
    return held_for_lists([like], account=account, besides=besides)[like.pk]


def held_for_lists(
    likes: Collection[PaymentBatch], *, account: FundingAccount, besides: bool = False
) -> dict[int, int]:
    """The same for many lists, by their ids, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_BY_PROVIDER, {"account": account.pk})
        held = cursor.fetchall()
    return {
        like.pk: sum(
            int(amount)
            for programme, source, channel, batch, amount in held
            if (programme, source, channel) == (like.programme_id, like.budget_source, like.channel)
            and not (besides and batch == like.pk)
        )
        for like in likes
    }


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
        if constraint_of(error) == "fund_transfer_once_per_account":
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
