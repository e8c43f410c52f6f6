"""What a write-off means in the journal: the bank's figure is taken, and the difference stands in an account of its own."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Sum

from payments.models import JournalEntry, LedgerAccount, PaymentBatch
from payments.services.ledger.journal import book
from reconciliation.models import Discrepancy, StatementMatch
from reconciliation.services.months.periods import require_open

Kind = LedgerAccount.Kind
Of = Discrepancy.Kind
GAPS_OF_MONEY = ("sum", "chain")  # the others are about counts and numbers


def amounts_of(item: Discrepancy) -> dict[str, int]:
    """The sides of the entry by ledger kind, đồng, debit positive; empty where no money differs.

    ADJUSTED grows by what left the bank without reason, and shrinks by what arrived without one.
    """
    ours, theirs = item.ours or 0, item.theirs or 0
    if item.fund_transfer_id is not None:  # booked only once it stands on a statement: there is nothing to take back
        return {}
    if item.kind == Of.MISSING_ON_STATEMENT:
        if ours < 0:
            return {Kind.PAID: -ours, Kind.RESERVED: ours, Kind.FUNDS: -ours, Kind.ADJUSTED: ours}
        return {Kind.RETURNED: -ours, Kind.ADJUSTED: ours}
    if item.kind == Of.AMOUNT_DIFFERS:
        # Explained by another line since: its payment stands in the journal, and this line is beside it.
        return (
            {Kind.FUNDS: theirs, Kind.ADJUSTED: -theirs}
            if _explained(item)
            else _of_other_amount(ours=ours, theirs=theirs)
        )
    if item.kind == Of.BANK_CONTRADICTS:
        kept = Kind.PAID if theirs < 0 else Kind.RETURNED
        return {kept: theirs, Kind.ADJUSTED: -theirs}
    if item.kind in (Of.UNEXPECTED_LINE, Of.DUPLICATE_DEBIT, Of.RETURN_UNEXPLAINED):
        return {Kind.FUNDS: theirs, Kind.ADJUSTED: -theirs}
    if item.kind == Of.BALANCE_GAP and item.key.endswith(GAPS_OF_MONEY):
        return {Kind.FUNDS: theirs - ours, Kind.ADJUSTED: ours - theirs}
    return {}


def _of_other_amount(*, ours: int, theirs: int) -> dict[str, int]:
    """The payment stands with the amount that was signed; what the bank moved more or less stands beside it."""
    if theirs < 0:
        return {Kind.PAID: -ours, Kind.RESERVED: ours, Kind.FUNDS: theirs - ours, Kind.ADJUSTED: ours - theirs}
    return {Kind.RETURNED: -ours, Kind.FUNDS: theirs, Kind.ADJUSTED: ours - theirs}


def _explained(item: Discrepancy) -> bool:
    of = StatementMatch.Kind.DEBIT if (item.theirs or 0) < 0 else StatementMatch.Kind.RETURN
    lines = StatementMatch.objects.filter(payment=item.payment_id, kind=of)
    return bool(lines.aggregate(explained=Sum("amount"))["explained"])


def book_write_off(item: Discrepancy, *, now: datetime) -> None:
    """Book the write-off on the day of the line, or the statement's last. Raises `PeriodIsClosed`."""
    _book(item, said="Xử lý theo quyết định", amounts=amounts_of(item), now=now)


def take_back_entries(item: Discrepancy, *, now: datetime) -> None:
    """The counter-entry of what was booked last, for a write-off that stands no longer. Raises `PeriodIsClosed`."""
    last = JournalEntry.objects.filter(source__startswith=_source(item)).order_by("-pk").first()
    if last is not None:
        counter = {str(side.account.kind): -side.amount for side in last.postings.select_related("account")}
        _book(item, said="Ghi đảo bút toán xử lý theo quyết định", amounts=counter, now=now)


def _book(item: Discrepancy, *, said: str, amounts: Mapping[str, int], now: datetime) -> None:
    if item.statement is None:
        return
    account, day = item.statement.funding_account, _day(item)
    require_open(account=account, day=day)
    times = JournalEntry.objects.filter(source__startswith=_source(item)).count()
    book(
        source=f"{_source(item)}{times}",
        description=f"{said}: {item.get_kind_display()}"[:200],
        funding_account=account,
        amounts=amounts,
        booked_on=day,
        now=now,
        batch=_batch(item),
    )


def _source(item: Discrepancy) -> str:
    return f"write-off:{item.pk}:"


def _day(item: Discrepancy) -> date:
    if item.line is not None:
        return item.line.booked_on
    assert item.statement is not None
    return item.statement.from_on if item.key.endswith("chain") else item.statement.to_on


def _batch(item: Discrepancy) -> PaymentBatch | None:
    return item.payment.batch if item.payment else None
