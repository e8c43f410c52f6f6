"""Say what every line of a statement is: one payment's debit or return, one top-up, or a discrepancy. The amount must always agree."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from payments.models import LedgerAccount
from payments.services.journal import book, book_top_up
from reconciliation.models import Discrepancy, Statement, StatementMatch
from reconciliation.services import matching
from reconciliation.services.match_by_likeness import match_by_likeness
from staff.models import User


@dataclass(frozen=True)
class Matched:
    """Counts of lines matched and discrepancies raised."""

    payments: int
    top_ups: int
    discrepancies: int


@transaction.atomic
def match_statement(*, statement: Statement, actor: User, now: datetime) -> Matched:
    """Match what can be matched, strongest ground first, name the rest, book the journal. Running it again adds nothing."""
    given: dict[str, Any] = {"statement": statement.pk, "now": now, "actor": actor.pk}
    with connection.cursor() as cursor:
        for ground in matching.GROUNDS:
            cursor.execute(ground, given)
        match_by_likeness(statement=statement, now=now)
        for naming in matching.NAMED:
            cursor.execute(naming, given)
        cursor.execute(matching.FOUND_LATER, given)
        cursor.execute(matching.TOTALS, given)
        paid, returned = cursor.fetchone()
    _book(statement, paid=paid, returned=returned, now=now)
    found = StatementMatch.objects.filter(line__statement=statement)
    return Matched(
        payments=found.filter(payment__isnull=False).count(),
        top_ups=found.filter(top_up__isnull=False).count(),
        discrepancies=Discrepancy.objects.filter(statement=statement).count(),
    )


def _book(statement: Statement, *, paid: int, returned: int, now: datetime) -> None:
    """What the bank did, in our books: per statement, so that journal and statement can be laid side by side."""
    kind = LedgerAccount.Kind
    account = statement.funding_account
    book(
        source=f"statement:{statement.pk}:paid",
        description="Đã chi theo sao kê",
        funding_account=account,
        amounts={kind.PAID: paid, kind.RESERVED: -paid},
        booked_on=statement.to_on,
        now=now,
    )
    book(
        source=f"statement:{statement.pk}:returned",
        description="Ngân hàng hoàn trả theo sao kê",
        funding_account=account,
        amounts={kind.FUNDS: returned, kind.RETURNED: -returned},
        booked_on=statement.to_on,
        now=now,
    )
    for match in StatementMatch.objects.filter(
        line__statement=statement, kind=StatementMatch.Kind.TOP_UP
    ).select_related("top_up__funding_account"):
        if match.top_up:
            book_top_up(top_up=match.top_up, now=now)
