"""What only a person can say: which payment a line is, that it is a charge or interest; and to take such a word, or the machine's, back."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Sum

from payments.models import LedgerAccount, Payment
from payments.money import format_amount
from payments.services.ledger.journal import book, transfer_sides
from reconciliation.errors import AmountsDiffer, LineExplained, MatchUndone, NotOfThisAccount
from reconciliation.models import Discrepancy, StatementLine, StatementMatch
from reconciliation.services.differences.reevaluate import reevaluate
from reconciliation.services.lines.holding import hold_account
from reconciliation.services.lines.match_statement import name_rest
from reconciliation.services.months.periods import require_open
from staff.models import User
from staff.rights import Right, require

Kind, Basis = StatementMatch.Kind, StatementMatch.Basis
WITHOUT_PAYMENT = (Kind.CHARGE, Kind.INTEREST)


@transaction.atomic
def link_to_payment(
    *, line: StatementLine, payment: Payment, actor: User, reason: str, now: datetime
) -> StatementMatch:
    """Say that a line is this payment's debit or return. Amounts must agree: a difference stays a difference.

    Raises `NotAllowed`, `LineExplained`, `AmountsDiffer`, `NotOfThisAccount`.
    """
    account = hold_account(line.statement.funding_account_id)
    require(actor, Right.RECONCILE, unit=account.paying_unit)
    if payment.batch.funding_account_id != account.pk:
        raise NotOfThisAccount
    if abs(line.amount) != payment.amount:
        raise AmountsDiffer(
            conflicts=[
                f"dòng sao kê {format_amount(abs(line.amount))} đ",
                f"khoản chi {format_amount(payment.amount)} đ",
            ]
        )
    kind = Kind.DEBIT if line.amount < 0 else Kind.RETURN
    match = _explain(line=line, kind=kind, payment=payment, actor=actor, reason=reason, now=now)
    _book(match, description=f"{kind.label}: kế toán nối dòng sao kê", amounts=_booked(match), now=now)
    reevaluate(account=account, actor=actor, now=now, ground=Discrepancy.Ground.LINKED)
    return match


@transaction.atomic
def explain_without_payment(
    *, line: StatementLine, kind: StatementMatch.Kind, actor: User, reason: str, now: datetime
) -> StatementMatch:
    """Say that a line is the bank's charge or interest, and book it. Raises `NotAllowed`, `LineExplained`, ValueError for other kinds."""
    if kind not in WITHOUT_PAYMENT:
        raise ValueError(kind)
    account = hold_account(line.statement.funding_account_id)
    require(actor, Right.RECONCILE, unit=account.paying_unit)
    match = _explain(line=line, kind=kind, payment=None, actor=actor, reason=reason, now=now)
    _book(match, description=kind.label, amounts=_booked(match), now=now)
    reevaluate(account=account, actor=actor, now=now, ground=Discrepancy.Ground.BOOKED)
    return match


@transaction.atomic
def undo_match(*, match: StatementMatch, actor: User, reason: str, now: datetime) -> StatementMatch:
    """Take a match back with a counter-row and a counter-entry; the line has to be explained anew.

    Raises `NotAllowed`, `MatchUndone`, `PeriodIsClosed`.
    """
    line = match.line
    account = hold_account(line.statement.funding_account_id)
    require(actor, Right.RECONCILE, unit=account.paying_unit)
    if match.reverses_id is not None or StatementMatch.objects.filter(reverses=match).exists():
        raise MatchUndone
    counter = StatementMatch.objects.create(
        line=line,
        kind=match.kind,
        basis=Basis.BY_HAND,
        amount=-match.amount,
        payment_id=match.payment_id,
        top_up_id=match.top_up_id,
        fund_transfer_id=match.fund_transfer_id,
        reverses=match,
        reason=reason,
        matched_by=actor,
        matched_at=now,
    )
    amounts = {kind: -amount for kind, amount in _booked(match).items()}
    _book(counter, description="Hủy nối dòng sao kê", amounts=amounts, now=now)
    name_rest(statement=line.statement, now=now)
    reevaluate(account=account, actor=actor, now=now)
    return counter


def _explain(
    *,
    line: StatementLine,
    kind: StatementMatch.Kind,
    payment: Payment | None,
    actor: User,
    reason: str,
    now: datetime,
) -> StatementMatch:
    undone = StatementMatch.objects.filter(reverses=OuterRef("pk"))
    live = StatementMatch.objects.filter(~Exists(undone), line=line, reverses__isnull=True)
    if live.aggregate(total=Sum("amount"))["total"]:
        raise LineExplained
    try:
        with transaction.atomic():
            return StatementMatch.objects.create(
                line=line,
                kind=kind,
                basis=Basis.BY_HAND,
                amount=line.amount,
                payment=payment,
                reason=reason,
                matched_by=actor,
                matched_at=now,
            )
    except IntegrityError as error:  # the trigger: this payment is explained by another line already
        raise LineExplained from error


def _booked(match: StatementMatch) -> dict[str, int]:
    """What a match stands for in the journal, by ledger kind."""
    if match.fund_transfer:
        return transfer_sides(match.fund_transfer)
    ledger = LedgerAccount.Kind
    size = abs(match.amount)
    entries: dict[StatementMatch.Kind, dict[str, int]] = {
        Kind.DEBIT: {ledger.PAID: size, ledger.RESERVED: -size},
        Kind.RETURN: {ledger.FUNDS: size, ledger.RETURNED: -size},
        Kind.TOP_UP: {ledger.FUNDS: size, ledger.ALLOTTED: -size},
        Kind.CHARGE: {ledger.FUNDS: match.amount, ledger.CHARGES: -match.amount},
        Kind.INTEREST: {ledger.FUNDS: match.amount, ledger.CHARGES: -match.amount},
    }
    return entries[Kind(match.kind)]


def _book(match: StatementMatch, *, description: str, amounts: dict[str, int], now: datetime) -> None:
    require_open(account=match.line.statement.funding_account, day=match.line.booked_on)
    book(
        source=f"match:{match.pk}",
        description=description,
        funding_account=match.line.statement.funding_account,
        amounts=amounts,
        booked_on=match.line.booked_on,
        now=now,
        batch=match.payment.batch if match.payment else None,
    )
