"""Say what every line of a statement is: one payment's debit or return, one top-up, or a discrepancy. The amount must always agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Count, Max, Q

from payments.models import FundingAccount, LedgerAccount, PaymentBatch
from payments.money import format_amount
from payments.services.ledger.journal import book, book_top_up, book_transfer
from reconciliation.models import Discrepancy, Statement, StatementMatch
from reconciliation.services.lines import matching
from reconciliation.services.lines.match_by_likeness import match_by_likeness
from reconciliation.services.months.periods import closed_months
from staff.bulk import refresh_statistics
from staff.models import User

MANY = 1000
LATE_AFTER_DAYS = 3  # cut-offs and a week-end; more is money the bank held


@dataclass(frozen=True)
class Matched:
    """What the lines of a statement are by now, each thing once however many lines it takes, and the discrepancies raised.

    `payments` left, `returns` came back; `transfers` are lump sums to a provider and back, its fee, and money to the budget.
    """

    payments: int
    returns: int
    top_ups: int
    transfers: int
    discrepancies: int


TAKEN = {
    "payments": "khoản chi",
    "returns": "khoản hoàn trả",
    "top_ups": "lần cấp kinh phí",
    "transfers": "lần chuyển tiền khác (tổ chức chi trả, ngân sách, phí)",
}


def lines_in_words(lines: int, *, new: int) -> str:
    """How many lines a statement has, and how many of them were here before it."""
    known = f", trong đó {format_amount(lines - new)} dòng đã có từ trước" if new < lines else ""
    return f"{format_amount(lines)} dòng{known}"


def taken_in_words(counts: Mapping[str, int]) -> str:
    """Everything a statement was found to bring, by the names of `Matched`: what there is none of is not said, that nothing matched is."""
    said = [f"{format_amount(counts[key])} {words}" for key, words in TAKEN.items() if counts[key]]
    return f"khớp {', '.join(said) or '0 khoản'}; {format_amount(counts['discrepancies'])} chênh lệch phải xử lý"


@transaction.atomic
def match_statement(*, statement: Statement, actor: User, now: datetime) -> Matched:
    """Match what can be matched, strongest ground first, name the rest, book the journal. Running it again adds nothing."""
    match_lines(statement=statement, now=now)
    name_rest(statement=statement, now=now)
    found = StatementMatch.objects.filter(line__statement=statement)
    kind = StatementMatch.Kind
    return Matched(
        **found.aggregate(
            payments=Count("payment", distinct=True, filter=Q(kind=kind.DEBIT)),
            returns=Count("payment", distinct=True, filter=Q(kind=kind.RETURN)),
            top_ups=Count("top_up", distinct=True),
            transfers=Count("fund_transfer", distinct=True),
        ),
        discrepancies=Discrepancy.objects.filter(statement=statement).count(),
    )


@transaction.atomic
def match_lines(*, statement: Statement, now: datetime) -> None:
    """Match the statement's lines that nothing explains yet, and book what was found: at import, and again when more is known."""
    since = _latest_match()
    given: dict[str, Any] = {"statement": statement.pk, "account": statement.funding_account_id, "now": now}
    totals: dict[int, tuple[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(matching.ROOM)
        cursor.execute(matching.FIND_BY_REFERENCE, given)
        cursor.execute(matching.BY_REFERENCE, given)
        cursor.execute(matching.TOTALS_BY_REFERENCE)
        by_reference = cursor.fetchall()
        matched = sum(count for _, count, _, _ in by_reference)
        _tell_planner(matched)
        cursor.execute(matching.LINES, given)
        (lines,) = cursor.fetchone()
        # A line is found by its reference once at most: where as many were found as there are, none is left to look for.
        all_found = matched == lines
        weaker = [] if all_found else _on_weaker_grounds(cursor, statement=statement, given=given, now=now)
        for batch, _, paid, returned in (*by_reference, *weaker):
            before = totals.get(batch, (0, 0))
            totals[batch] = (before[0] + int(paid), before[1] + int(returned))
    lists = PaymentBatch.objects.in_bulk(totals)
    for pk, (paid, returned) in sorted(totals.items()):
        _book(statement, batch=lists[pk], since=since, paid=paid, returned=returned, now=now)
    if not all_found:  # else all are payments
        _book_other(statement, since=since, now=now)


def _on_weaker_grounds(
    cursor: CursorWrapper, *, statement: Statement, given: dict[str, Any], now: datetime
) -> list[tuple[Any, ...]]:
    """Match what no reference named, until nothing is left; of most statements that is after the top-ups. Returns rows of `TOTALS`."""
    latest = _latest_match()
    cursor.execute(matching.OPEN_LINES, given)
    if not _any_left(cursor):
        return []
    for ground in matching.WEAKER_GROUNDS:
        cursor.execute(ground, given)
        if cursor.rowcount:
            _tell_planner(cursor.rowcount)
            cursor.execute(matching.STILL_OPEN)
            if not _any_left(cursor):
                break
    else:
        match_by_likeness(statement=statement, now=now)
    cursor.execute(matching.TOTALS, given | {"since": latest})
    return list(cursor.fetchall())


def _any_left(cursor: CursorWrapper) -> bool:
    cursor.execute(matching.ANY_LEFT)
    (left,) = cursor.fetchone()
    return bool(left)


def _latest_match() -> int:
    return StatementMatch.objects.aggregate(latest=Max("pk"))["latest"] or 0


def _tell_planner(matched: int) -> None:
    """Else the next ground, planned as if nothing were matched, compares every line with every match."""
    if matched >= MANY:
        refresh_statistics(StatementMatch)


def rematch_open_lines(*, account: FundingAccount, but: Statement | None = None, now: datetime) -> None:
    """Try the lines of earlier statements that nothing explained once more: what they are of may have been recorded since."""
    kinds = Discrepancy.Kind
    open_lines = Discrepancy.objects.filter(
        status=Discrepancy.Status.OPEN,
        kind__in=(kinds.UNEXPECTED_LINE, kinds.RETURN_UNEXPLAINED, kinds.AMOUNT_DIFFERS, kinds.DUPLICATE_DEBIT),
    )
    closed = closed_months(account)
    waiting = Statement.objects.filter(funding_account=account, pk__in=open_lines.values("line__statement"))
    for statement in waiting.order_by("pk"):
        if statement != but and statement.to_on.replace(day=1) not in closed:
            match_lines(statement=statement, now=now)


def name_rest(*, statement: Statement, now: datetime) -> None:
    """Name what nothing explains as discrepancies; one is raised once."""
    given: dict[str, Any] = {"statement": statement.pk, "now": now, "late_after": LATE_AFTER_DAYS}
    with connection.cursor() as cursor:
        for naming in matching.NAMED:
            cursor.execute(naming, given)


def _book(statement: Statement, *, batch: PaymentBatch, since: int, paid: int, returned: int, now: datetime) -> None:
    """What the bank did, in our books: per statement and list, so that journal and statement, and budget sources, can be laid side by side."""
    kind = LedgerAccount.Kind
    book(
        source=f"statement:{statement.pk}:{since}:paid:{batch.token}",
        description="Đã chi theo sao kê",
        funding_account=statement.funding_account,
        amounts={kind.PAID: paid, kind.RESERVED: -paid},
        booked_on=statement.to_on,
        now=now,
        batch=batch,
    )
    book(
        source=f"statement:{statement.pk}:{since}:returned:{batch.token}",
        description="Ngân hàng hoàn trả theo sao kê",
        funding_account=statement.funding_account,
        amounts={kind.FUNDS: returned, kind.RETURNED: -returned},
        booked_on=statement.to_on,
        now=now,
        batch=batch,
    )


def _book_other(statement: Statement, *, since: int, now: datetime) -> None:
    found = StatementMatch.objects.filter(line__statement=statement, pk__gt=since)
    for match in found.filter(kind__in=(StatementMatch.Kind.TOP_UP, StatementMatch.Kind.TRANSFER)).select_related(
        "top_up__funding_account", "fund_transfer__funding_account", "fund_transfer__batch"
    ):
        if match.top_up:
            book_top_up(top_up=match.top_up, now=now)
        if match.fund_transfer:
            book_transfer(transfer=match.fund_transfer, now=now)
