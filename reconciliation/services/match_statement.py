"""Say what every line of a statement is: one payment's debit or return, one top-up, or a discrepancy. Reference and amount must both agree."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from payments.models import LedgerAccount
from payments.services.journal import book, book_top_up
from reconciliation.models import Discrepancy, Statement, StatementMatch

# The first line with a payment's reference and amount is it; a second one stays unmatched and is named a double debit.
_MATCH_PAYMENTS = """
INSERT INTO reconciliation_statementmatch (line_id, kind, payment_id, matched_at)
SELECT DISTINCT ON (p.id, kind) l.id, CASE WHEN l.amount < 0 THEN 'DEBIT' ELSE 'RETURN' END AS kind, p.id, %(now)s
FROM reconciliation_statementline l
JOIN reconciliation_statement s ON s.id = l.statement_id
JOIN payments_payment p ON p.end_to_end_id = l.reference AND p.amount = abs(l.amount)
JOIN payments_paymentbatch b ON b.id = p.batch_id AND b.funding_account_id = s.funding_account_id
WHERE l.statement_id = %(statement)s AND (l.amount > 0) = l.is_return
ORDER BY p.id, kind, l.ordinal
ON CONFLICT DO NOTHING
"""
_MATCH_TOP_UPS = """
INSERT INTO reconciliation_statementmatch (line_id, kind, top_up_id, matched_at)
SELECT DISTINCT ON (t.id) l.id, 'TOP_UP', t.id, %(now)s
FROM reconciliation_statementline l
JOIN reconciliation_statement s ON s.id = l.statement_id
JOIN payments_topup t ON t.reference = l.reference AND t.amount = l.amount AND t.funding_account_id = s.funding_account_id
WHERE l.statement_id = %(statement)s AND l.amount > 0 AND NOT l.is_return
ORDER BY t.id, l.ordinal
ON CONFLICT DO NOTHING
"""
_UNMATCHED = """
INSERT INTO reconciliation_discrepancy (kind, key, statement_id, line_id, payment_id, ours, theirs, sentence, status, found_at, resolution)
SELECT kind, 'line:' || line_id, %(statement)s, line_id, payment_id, ours, theirs,
       CASE kind WHEN 'AMOUNT_DIFFERS' THEN 'Số tiền trên sao kê khác số tiền đã duyệt chi.'
                 WHEN 'DUPLICATE_DEBIT' THEN 'Khoản chi này bị ghi Nợ hai lần.'
                 WHEN 'RETURN_UNEXPLAINED' THEN 'Tiền hoàn trả không rõ của khoản chi nào.'
                 ELSE 'Dòng sao kê không có khoản chi hoặc khoản cấp tiền tương ứng.' END, 'OPEN', %(now)s, ''
FROM (
    SELECT l.id AS line_id, p.id AS payment_id, CASE WHEN l.amount < 0 THEN -p.amount ELSE p.amount END AS ours, l.amount AS theirs,
           CASE WHEN p.id IS NOT NULL AND p.amount <> abs(l.amount) THEN 'AMOUNT_DIFFERS'
                WHEN p.id IS NOT NULL AND l.amount < 0 THEN 'DUPLICATE_DEBIT'
                WHEN l.is_return THEN 'RETURN_UNEXPLAINED' ELSE 'UNEXPECTED_LINE' END AS kind
    FROM reconciliation_statementline l
    LEFT JOIN reconciliation_statementmatch m ON m.line_id = l.id
    LEFT JOIN payments_payment p ON p.end_to_end_id = l.reference
    WHERE l.statement_id = %(statement)s AND m.id IS NULL
) unmatched
ON CONFLICT (key) DO NOTHING
"""
# A payment the bank says it credited (or took back) in the statement's days must stand on the statement.
_MISSING = """
INSERT INTO reconciliation_discrepancy (kind, key, statement_id, payment_id, ours, theirs, sentence, status, found_at, resolution)
SELECT 'MISSING_ON_STATEMENT', 'missing:' || w.kind || ':' || w.id, %(statement)s, w.id, w.amount, 0,
       CASE w.kind WHEN 'DEBIT' THEN 'Khoản đã ghi có không thấy trên sao kê.' ELSE 'Khoản hoàn trả không thấy trên sao kê.' END, 'OPEN', %(now)s, ''
FROM (
    SELECT p.id, -p.amount AS amount, 'DEBIT' AS kind, coalesce(p.credited_on, p.returned_on) AS on_day, b.funding_account_id
    FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id WHERE p.status IN ('POSTED', 'RETURNED')
    UNION ALL
    SELECT p.id, p.amount, 'RETURN', p.returned_on, b.funding_account_id
    FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id WHERE p.status = 'RETURNED'
) w
JOIN reconciliation_statement s ON s.id = %(statement)s AND s.funding_account_id = w.funding_account_id AND w.on_day BETWEEN s.from_on AND s.to_on
LEFT JOIN reconciliation_statementmatch m ON m.payment_id = w.id AND m.kind = w.kind
WHERE m.id IS NULL
ON CONFLICT (key) DO NOTHING
"""
# The statement is the bank's last word: money that left for a payment we hold to be failed, or came back for one we hold to be credited,
# is never explained away. Whoever sees to it asks the bank and corrects the state.
_CONTRADICTED = """
INSERT INTO reconciliation_discrepancy (kind, key, statement_id, line_id, payment_id, ours, theirs, sentence, status, found_at, resolution)
SELECT 'BANK_CONTRADICTS', 'contradicts:' || l.id, %(statement)s, l.id, p.id, 0, l.amount,
       CASE m.kind WHEN 'DEBIT' THEN 'Sao kê ghi Nợ một khoản đã ghi nhận là không chuyển được hoặc đã hủy.'
                   ELSE 'Sao kê ghi hoàn trả một khoản chưa ghi nhận là hoàn trả.' END, 'OPEN', %(now)s, ''
FROM reconciliation_statementmatch m JOIN reconciliation_statementline l ON l.id = m.line_id JOIN payments_payment p ON p.id = m.payment_id
WHERE l.statement_id = %(statement)s
  AND ((m.kind = 'DEBIT' AND p.status IN ('FAILED', 'CANCELLED', 'DRAFT', 'READY')
        AND NOT EXISTS (SELECT 1 FROM reconciliation_statementmatch r WHERE r.payment_id = p.id AND r.kind = 'RETURN'))
       OR (m.kind = 'RETURN' AND p.status <> 'RETURNED'))
ON CONFLICT (key) DO NOTHING
"""
_TOTALS = """
SELECT coalesce(-sum(l.amount) FILTER (WHERE m.kind = 'DEBIT'), 0), coalesce(sum(l.amount) FILTER (WHERE m.kind = 'RETURN'), 0)
FROM reconciliation_statementmatch m JOIN reconciliation_statementline l ON l.id = m.line_id WHERE l.statement_id = %(statement)s
"""


@dataclass(frozen=True)
class Matched:
    """Counts of lines matched and discrepancies raised."""

    payments: int
    top_ups: int
    discrepancies: int


@transaction.atomic
def match_statement(*, statement: Statement, now: datetime) -> Matched:
    """Match what can be matched, name the rest, book the journal. Running it again adds nothing."""
    given: dict[str, Any] = {"statement": statement.pk, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_MATCH_PAYMENTS, given)
        payments = cursor.rowcount
        cursor.execute(_MATCH_TOP_UPS, given)
        top_ups = cursor.rowcount
        for statement_sql in (_UNMATCHED, _MISSING, _CONTRADICTED):
            cursor.execute(statement_sql, given)
        cursor.execute(_TOTALS, given)
        paid, returned = cursor.fetchone()
    _book(statement, paid=paid, returned=returned, now=now)
    raised = Discrepancy.objects.filter(statement=statement).count()
    return Matched(payments=payments, top_ups=top_ups, discrepancies=raised)


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
