"""Book money movements, each once: the source of an entry is unique, and a deferred trigger refuses one that does not balance."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from payments.models import FundingAccount, FundTransfer, JournalEntry, LedgerAccount, PaymentBatch, Posting, TopUp
from payments.states import Channel, PaymentStatus
from staff.errors import constraint_of

Kind = LedgerAccount.Kind
CLOSED = "closed_period_takes_nothing_in"


@transaction.atomic
def book(
    *,
    source: str,
    description: str,
    funding_account: FundingAccount,
    amounts: Mapping[str, int],
    booked_on: date,
    now: datetime,
    batch: PaymentBatch | None = None,
) -> bool:
    """Book one entry: `amounts` maps ledger kinds to đồng (debit positive). False if `source` was booked before, or there is nothing to book."""
    postings = {kind: amount for kind, amount in amounts.items() if amount}
    if not postings:
        return False
    entry, created = JournalEntry.objects.get_or_create(
        source=source, defaults={"description": description, "booked_on": booked_on, "posted_at": now, "batch": batch}
    )
    if created:
        accounts = {
            kind: LedgerAccount.objects.get_or_create(funding_account=funding_account, kind=kind)[0]
            for kind in postings
        }
        Posting.objects.bulk_create(
            Posting(entry=entry, account=accounts[kind], amount=amount) for kind, amount in postings.items()
        )
    return created


def book_when_open(*, booked_on: date, now: datetime, **entry: Any) -> date | None:
    """`book` on its day, or, where the account's month is closed by then, on the day it became known; that month closed too, on the next one's first.

    What becomes known late stops nobody else's books, and no signed month changes. Returns the day it was booked on, None where nothing was.
    """
    today = timezone.localdate(now)
    for day in (booked_on, today):
        try:
            return day if book(booked_on=day, now=now, **entry) else None
        except IntegrityError as error:
            if constraint_of(error) != CLOSED:
                raise
    first_of_next = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    return first_of_next if book(booked_on=first_of_next, now=now, **entry) else None


def book_top_up(*, top_up: TopUp, now: datetime) -> bool:
    """Money allotted to a paying unit arrives in its funding account."""
    return book(
        source=f"top-up:{top_up.reference}",
        description="Cấp kinh phí vào tài khoản chi trả",
        funding_account=top_up.funding_account,
        amounts={Kind.FUNDS: top_up.amount, Kind.ALLOTTED: -top_up.amount},
        booked_on=top_up.booked_on,
        now=now,
    )


def transfer_sides(transfer: FundTransfer) -> dict[str, int]:
    """By ledger kind. The provider's fee is an account of its own, never a part of the allowances; transfers were reserved at release."""
    of, size = FundTransfer.Kind, transfer.amount
    reserved = transfer.batch is not None and transfer.batch.channel == Channel.ACCOUNT
    amounts: dict[str, dict[str, int]] = {
        of.FORWARDED: {Kind.PROVIDER: size, (Kind.RESERVED if reserved else Kind.FUNDS): -size},
        of.GIVEN_BACK: {Kind.FUNDS: size, Kind.PROVIDER: -size},
        of.TO_BUDGET: {Kind.REFUNDED: size, Kind.FUNDS: -size},
        of.FEE: {Kind.FEES: size, Kind.FUNDS: -size},
    }
    return amounts[transfer.kind]


def book_transfer(*, transfer: FundTransfer, now: datetime) -> bool:
    """Money that moved beside payments and top-ups."""
    return book(
        source=f"transfer:{transfer.funding_account.code}:{transfer.reference}",
        description=transfer.get_kind_display(),
        funding_account=transfer.funding_account,
        amounts=transfer_sides(transfer),
        booked_on=transfer.booked_on,
        now=now,
        batch=transfer.batch,
    )


def reserve_for_release(*, batch_ids: Sequence[int], now: datetime) -> None:
    """Released money is spoken for: moved from funds to reserved, one entry per list; a list released late, into a month that is open."""
    batches = PaymentBatch.objects.filter(pk__in=batch_ids, channel=Channel.ACCOUNT).select_related(
        "funding_account", "cycle"
    )
    for batch in batches:
        total = batch.payments.filter(status=PaymentStatus.READY).aggregate(total=Sum("amount"))["total"] or 0
        if batch.funding_account:
            book_when_open(
                source=f"release:{batch.token}",
                description="Giữ chỗ tiền của danh sách đã duyệt chi",
                funding_account=batch.funding_account,
                amounts={Kind.RESERVED: total, Kind.FUNDS: -total},
                booked_on=batch.cycle.pay_on,
                now=now,
                batch=batch,
            )
