"""The same booking under another day: what one format dates by its booking, another dates by its value, where entries have no booking date (ADR 68).

Works on `incoming_line` and `known_line` (see `known_lines`), after what agrees to the day has left both.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from payments.models import FundingAccount
from reconciliation.errors import DaysDiffer
from reconciliation.models import Statement, StatementLine
from reconciliation.parsers.interface import ParsedStatement

DAY = timedelta(days=1)
DRIFT = timedelta(days=10)  # how far value and booking date of one entry lie apart, with holidays between

# Lines that say of a day what a whole statement of another format already said all of; and what other formats have near, and nobody claimed to the day.
_OPEN = """
DROP TABLE IF EXISTS doubtful_line, near_line;
CREATE TEMP TABLE doubtful_line ON COMMIT DROP AS
SELECT i.ordinal, i.amount, i.reference, i.bank_reference FROM incoming_line i
WHERE EXISTS (SELECT 1 FROM reconciliation_statement s WHERE s.funding_account_id = %(account)s AND s.opening IS NOT NULL
              AND s.format <> %(format)s AND i.booked_on BETWEEN s.from_on AND s.to_on);
CREATE TEMP TABLE near_line ON COMMIT DROP AS
SELECT l.id, l.amount, l.reference, l.bank_reference
FROM reconciliation_statementline l JOIN reconciliation_statement s ON s.id = l.statement_id
WHERE s.funding_account_id = %(account)s AND s.format <> %(format)s AND EXISTS (SELECT 1 FROM doubtful_line)
  AND l.booked_on BETWEEN %(first)s - %(drift)s AND %(last)s + %(drift)s
  AND (l.booked_on NOT BETWEEN %(first)s AND %(last)s OR EXISTS (SELECT 1 FROM known_line k WHERE k.id = l.id))
  AND NOT (%(begins_even)s AND l.booked_on < %(from_on)s) AND NOT (%(ends_even)s AND l.booked_on > %(to_on)s);
"""
# Two references that differ are two bookings, though a bank gives one number to all of an order.
_PAIR = """
WITH mine AS (SELECT ordinal, amount, {key} AS k, row_number() OVER (PARTITION BY amount, {key} ORDER BY ordinal) AS at
              FROM doubtful_line WHERE {key} <> '' AND {mine}),
     theirs AS (SELECT id, amount, {key} AS k, row_number() OVER (PARTITION BY amount, {key} ORDER BY id) AS at
                FROM near_line WHERE {key} <> '' AND {theirs}),
     pairs AS (SELECT m.ordinal, t.id FROM mine m JOIN theirs t USING (amount, k, at)),
     known AS (DELETE FROM incoming_line i USING pairs p WHERE i.ordinal = p.ordinal),
     found AS (DELETE FROM near_line n USING pairs p WHERE n.id = p.id)
DELETE FROM doubtful_line d USING pairs p WHERE d.ordinal = p.ordinal
"""
_GROUNDS = (
    _PAIR.format(key="reference", mine="true", theirs="true"),
    _PAIR.format(key="bank_reference", mine="reference = ''", theirs="true"),
    _PAIR.format(key="bank_reference", mine="true", theirs="reference = ''"),
)
# One of the two has no reference, so that nothing says whether it is one booking under two days or two.
_UNSURE = """
SELECT count(*) FROM doubtful_line d WHERE EXISTS (
    SELECT 1 FROM near_line n WHERE n.amount = d.amount AND (n.reference = '' OR d.reference = ''))
"""


def leave_under_another_day(
    head: ParsedStatement, *, account: FundingAccount, days: tuple[date | None, date | None]
) -> None:
    """Take from `incoming_line` what another format has under another day, by reference and amount. `days`: the first and last of what came.

    Raises `DaysDiffer` where only the amount agrees: storing it would count it twice, leaving it out would lose it.
    """
    others = Statement.objects.filter(funding_account=account, opening__isnull=False).exclude(format=head.format)
    if None in days or not others.filter(from_on__lte=days[1], to_on__gte=days[0]).exists():
        return
    given: dict[str, Any] = {
        "account": account.pk,
        "format": head.format,
        "first": days[0],
        "last": days[1],
        "drift": DRIFT,
        "from_on": head.from_on,
        "to_on": head.to_on,
        "begins_even": _even(others, head.from_on, head.opening),
        "ends_even": _even(others, head.to_on + DAY, head.closing),
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, given)
        for ground in _GROUNDS:
            cursor.execute(ground)
        cursor.execute(_UNSURE)
        (unsure,) = cursor.fetchone()
    if unsure:
        raise DaysDiffer(conflicts=[f"{account.code}: {unsure}"])


def _even(others: QuerySet[Statement], day: date, balance: int | None) -> bool:
    """Whether both formats begin `day` with one balance, each by its own days: then nothing is under way across it, and what one of them has
    before is no booking the other has after."""
    around = others.filter(from_on__lte=day, to_on__gte=day - DAY).order_by("-to_on", "pk").first()
    if around is None or balance is None:
        return False
    of_account = StatementLine.objects.filter(statement__in=others)
    before = of_account.filter(statement=around, booked_on__lt=day)
    ahead = of_account.filter(statement__to_on__lt=around.from_on, booked_on__range=(day, day + DRIFT))
    if around.to_on < day:
        return balance == (around.closing or 0) - _sum(of_account.filter(statement=around, booked_on__gte=day))
    return balance == (around.opening or 0) + _sum(before) - _sum(ahead)


def _sum(lines: QuerySet[StatementLine]) -> int:
    return int(lines.aggregate(total=Sum("amount"))["total"] or 0)
