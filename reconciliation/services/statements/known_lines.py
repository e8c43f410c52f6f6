"""The same booking counts once: by what it says, whatever the file's name, format, order of lines or period.

Works on `incoming_line` (see `staged_lines`): what is known leaves it, what stays is new.
"""

from typing import Any

from django.db import connection

from payments.models import FundingAccount
from reconciliation.models import Statement
from reconciliation.parsers.interface import ParsedStatement
from reconciliation.services.statements.known_under_another_day import leave_under_another_day

_STORED = """SELECT {said} FROM reconciliation_statementline l JOIN reconciliation_statement s ON s.id = l.statement_id
WHERE s.funding_account_id = %(account)s AND l.booked_on BETWEEN %(from_on)s AND %(to_on)s {group}"""
# Whether two ways of counting the same bookings differ: with references, or without them where one side has none at all.
_DIFFER = """
WITH mine AS (SELECT {said} FROM incoming_line GROUP BY {keys}),
     theirs AS ({stored})
SELECT EXISTS ((SELECT * FROM mine EXCEPT SELECT * FROM theirs) UNION ALL (SELECT * FROM theirs EXCEPT SELECT * FROM mine))
"""
_NAMELESS = """
SELECT NOT EXISTS (SELECT 1 FROM incoming_line WHERE reference <> '') OR NOT EXISTS ({stored} AND reference <> '')
"""
_KNOWN = """
DROP TABLE IF EXISTS known_line;
CREATE TEMP TABLE known_line ON COMMIT DROP AS
SELECT l.id, l.booked_on, l.amount, l.reference, l.bank_reference, l.is_return, s.format <> %(format)s AS elsewhere
FROM reconciliation_statementline l JOIN reconciliation_statement s ON s.id = l.statement_id
WHERE s.funding_account_id = %(account)s
  AND l.booked_on BETWEEN (SELECT min(booked_on) FROM incoming_line) AND (SELECT max(booked_on) FROM incoming_line);
ANALYZE known_line
"""
# Each incoming line with one known line of its day, amount and {key} at most: the first with the first, the second with the second.
_PAIR = """
WITH mine AS (SELECT ordinal, booked_on, amount, {key} AS k, row_number() OVER (PARTITION BY booked_on, amount, {key} ORDER BY ordinal) AS at
              FROM incoming_line WHERE {mine}),
     theirs AS (SELECT id, booked_on, amount, {key} AS k, row_number() OVER (PARTITION BY booked_on, amount, {key} ORDER BY id) AS at
                FROM known_line WHERE {theirs}),
     pairs AS (SELECT m.ordinal, t.id FROM mine m JOIN theirs t USING (booked_on, amount, k, at)),
     gone AS (DELETE FROM known_line o USING pairs p WHERE o.id = p.id)
DELETE FROM incoming_line i USING pairs p WHERE i.ordinal = p.ordinal
"""
_EXACT = _PAIR.format(key="concat_ws(chr(31), reference, bank_reference, is_return)", mine="true", theirs="true")
# Of a day, all bookings stand on a whole statement of it: this one, or one of another format for a notification.
_COVERED = """(%(whole)s OR EXISTS (SELECT 1 FROM reconciliation_statement s WHERE s.funding_account_id = %(account)s AND s.opening IS NOT NULL
               AND s.format <> %(format)s AND booked_on BETWEEN s.from_on AND s.to_on))"""
# Formats differ in what they say: a reference they share names the booking; where one has none, the bank's own number does, and on days covered whole
# day and amount are enough. Two references that differ are two bookings.
_ELSEWHERE = (
    _PAIR.format(key="reference", mine="reference <> ''", theirs="elsewhere AND reference <> ''"),
    *(
        _PAIR.format(key=key, mine=f"{mine} AND {ground}", theirs=f"elsewhere AND {theirs} AND {other}")
        for key, ground, other in (
            ("bank_reference", "bank_reference <> ''", "bank_reference <> ''"),
            ("0", _COVERED, "true"),
        )
        for mine, theirs in (("reference = ''", "reference <> ''"), ("true", "reference = ''"))
    ),
)


_ANY = "SELECT EXISTS (SELECT 1 FROM incoming_line) AND EXISTS (SELECT 1 FROM known_line WHERE {known})"


def is_known(head: ParsedStatement, *, count: int, account: FundingAccount) -> bool:
    """Whether a stored statement of the same days and balances has the same bookings: another format says less, never otherwise.

    References are compared where both formats carry them, so that a statement whose references changed is not taken for known. With another
    format days are not: an entry without a booking date of its own stands under its value date (ADR 68).
    """
    twins = Statement.objects.filter(
        funding_account=account,
        from_on=head.from_on,
        to_on=head.to_on,
        opening=head.opening,
        closing=head.closing,
        line_count=count,
    )
    if not twins.exists():
        return False
    given: dict[str, Any] = {"account": account.pk, "from_on": head.from_on, "to_on": head.to_on}
    if not _differ("booked_on, amount, reference", given):
        return True
    nameless = _asked(_NAMELESS.format(stored=_STORED.format(said="1", group="")), given)
    if nameless and not _differ("booked_on, amount", given):
        return True
    elsewhere = not twins.filter(format=head.format).exists()  # in one format another day is another word of the bank
    return elsewhere and not _differ("amount" if nameless else "amount, reference", given)


def leave_new_lines(head: ParsedStatement, *, account: FundingAccount) -> int:
    """Take from `incoming_line` what earlier statements of the account brought; return how many lines stay.

    Periods may overlap; a booking that stands twice on one statement stays two. Raises `DaysDiffer`.
    """
    given: dict[str, Any] = {"account": account.pk, "format": head.format, "whole": head.opening is not None}
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(booked_on), max(booked_on) FROM incoming_line")
        days = cursor.fetchone()
        cursor.execute(_KNOWN, given)
        if _asked(_ANY.format(known="true"), given):  # else nothing is sorted: the usual statement brings new days
            cursor.execute(_EXACT)
        if _asked(_ANY.format(known="elsewhere"), given):
            for pairing in _ELSEWHERE:
                cursor.execute(pairing, given)
        leave_under_another_day(head, account=account, days=days)
        cursor.execute("SELECT count(*) FROM incoming_line")
        return int(cursor.fetchone()[0])


def _differ(keys: str, given: dict[str, Any]) -> bool:
    said = f"{keys}, count(*)"
    return _asked(
        _DIFFER.format(said=said, keys=keys, stored=_STORED.format(said=said, group=f"GROUP BY {keys}")), given
    )


def _asked(question: str, given: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return bool(cursor.fetchone()[0])
