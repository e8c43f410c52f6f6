"""The lump sum of the demo: what cash lists need beyond what the provider still holds goes to it by an order of the Treasury, and is recorded."""

from dataclasses import dataclass
from datetime import date, datetime

from config.demo.bank_desk import BankDesk
from payments.models import FundingAccount, FundTransfer, PaymentBatch
from payments.services.ledger.transfers import held_by_provider, held_of, record_transfer
from payments.states import Channel
from staff.models import User


@dataclass(frozen=True)
class LumpSum:
    """What one cash list needs, in đồng."""

    account: FundingAccount
    batch: PaymentBatch
    amount: int


def lump_sums(*, month: date) -> list[LumpSum]:
    """Per cash list of the month: its sum, less what was not collected of earlier lists of its unit, programme and source."""
    left: dict[tuple[int, int, str], int] = {}
    found = []
    batches = PaymentBatch.objects.filter(cycle__month=month, channel=Channel.CASH).select_related(
        "paying_unit__funding_account"
    )
    for batch in batches.order_by("pk"):
        account = batch.paying_unit.funding_account
        key = (account.pk, batch.programme_id, batch.budget_source)
        if key not in left:
            left[key] = held_by_provider(account=account, like=batch)
        total = held_of(batch).total
        covered = min(total, max(left[key], 0))
        left[key] -= covered
        if total > covered:
            found.append(LumpSum(account, batch, total - covered))
    return found


def forward(sums: list[LumpSum], *, desk: BankDesk, actor: User, on: date, now: datetime) -> None:
    """Record each lump sum and order it at the bank under the same reference; the statement's line books it."""
    for lump in sums:
        transfer = record_transfer(
            account=lump.account,
            kind=FundTransfer.Kind.FORWARDED,
            amount=lump.amount,
            reference=f"CHUYEN-{lump.batch.token}",
            booked_on=on,
            actor=actor,
            now=now,
            batch=lump.batch,
        )
        desk.transfer(account_id=lump.account.bank_account_id, amount=transfer.amount, reference=transfer.reference)
