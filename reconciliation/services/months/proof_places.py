"""Where a sum of the proof is off: the entry that no line stands behind, the payment its line or its money doesn't match, by name and with the way there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from payments.money import format_amount

MOST_NAMED = 10


@dataclass(frozen=True)
class Place:
    """One sentence, and where it leads: `list_id` or `statement_id`, neither where there is nothing to open."""

    sentence: str
    list_id: int | None = None
    statement_id: int | None = None


# Of the accounts the cycle was paid from, up to its last day. An entry of a statement and a list is the sum of that statement's matches of the list
# on its side; one of a match is that match; a write-off stands for itself. Matches undone have their counter-entry, and count on neither side.
_GIVEN = """
WITH upto AS (SELECT (%(month)s::date + interval '1 month' - interval '1 day')::date AS day),
accounts AS (SELECT DISTINCT b.funding_account_id AS id FROM payments_paymentbatch b JOIN staff_administrativeunit u ON u.id = b.paying_unit_id
             AND starts_with(u.path, %(scope)s) WHERE b.cycle_id = %(cycle)s AND b.funding_account_id IS NOT NULL),
lists AS (SELECT b.id FROM payments_paymentbatch b JOIN accounts a ON a.id = b.funding_account_id),
matched AS (
    SELECT m.id, m.kind, abs(m.amount) AS amount, m.reverses_id, p.batch_id, l.statement_id
    FROM upto CROSS JOIN reconciliation_statementmatch m JOIN payments_payment p ON p.id = m.payment_id JOIN lists b ON b.id = p.batch_id
    JOIN reconciliation_statementline l ON l.id = m.line_id JOIN reconciliation_statement s ON s.id = l.statement_id AND s.to_on <= upto.day
    WHERE m.kind IN ('DEBIT', 'RETURN'))
"""
_ENTRIES = """, booked AS (
    SELECT j.id, j.source, j.booked_on, j.batch_id, k.kind, split_part(j.source, ':', 1) AS of, split_part(j.source, ':', 2) AS number,
           abs(sum(x.amount)) AS amount
    FROM upto CROSS JOIN payments_posting x JOIN payments_ledgeraccount k ON k.id = x.account_id AND k.kind IN ('PAID', 'RETURNED')
    JOIN accounts a ON a.id = k.funding_account_id JOIN payments_journalentry j ON j.id = x.entry_id
    WHERE j.booked_on <= upto.day GROUP BY j.id, k.kind),
by_statement AS (
    SELECT number, batch_id, kind, min(booked_on) AS booked_on, sum(amount) AS amount FROM booked WHERE of = 'statement' GROUP BY 1, 2, 3),
by_match AS (
    SELECT statement_id::text AS number, batch_id, CASE kind WHEN 'DEBIT' THEN 'PAID' ELSE 'RETURNED' END AS kind, sum(amount) AS amount
    FROM matched m WHERE m.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM booked b WHERE b.source = 'match:' || m.id) GROUP BY 1, 2, 3)
SELECT coalesce(s.batch_id, m.batch_id), coalesce(s.number, m.number), coalesce(s.kind, m.kind), s.booked_on, s.amount, m.amount
FROM by_statement s FULL JOIN by_match m USING (number, batch_id, kind) WHERE s.amount IS DISTINCT FROM m.amount
UNION ALL
SELECT b.batch_id, m.statement_id::text, b.kind, b.booked_on, b.amount, m.amount
FROM booked b LEFT JOIN matched m ON 'match:' || m.id = b.source WHERE b.of = 'match' AND b.amount IS DISTINCT FROM m.amount
UNION ALL
SELECT b.batch_id, NULL, b.kind, b.booked_on, b.amount, NULL
FROM booked b WHERE b.of NOT IN ('statement', 'match', 'write-off', 'unmatch', 'provider-paid')
ORDER BY 1, 2, 3, 4 LIMIT %(most)s
"""
_PAYMENTS = """, live AS (
    SELECT m.payment_id, m.amount AS signed, l.amount AS of_line, l.statement_id, l.ordinal, m.id FROM reconciliation_livematch m
    JOIN reconciliation_statementline l ON l.id = m.line_id WHERE m.kind IN ('DEBIT', 'RETURN') AND m.payment_id IS NOT NULL),
net AS (SELECT payment_id, sum(signed) AS amount FROM live GROUP BY 1)
SELECT p.batch_id, p.ordinal, p.end_to_end_id, CASE WHEN p.status = 'POSTED' THEN p.amount ELSE 0 END, coalesce(-n.amount, 0),
       (SELECT min(v.statement_id) FROM live v WHERE v.payment_id = p.id)
FROM upto CROSS JOIN payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id AND b.channel = 'ACCOUNT' JOIN lists i ON i.id = b.id
LEFT JOIN net n ON n.payment_id = p.id
WHERE NOT EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = b.id)
  AND coalesce(p.credited_on, p.returned_on, upto.day) <= upto.day
  AND CASE WHEN p.status = 'POSTED' THEN p.amount ELSE 0 END <> coalesce(-n.amount, 0)
ORDER BY p.batch_id, p.ordinal, p.id LIMIT %(most)s
"""
_LINES = """
SELECT s.id, s.statement_id, l.ordinal, l.booked_on, l.amount, sum(m.amount)
FROM upto CROSS JOIN reconciliation_statementline l JOIN reconciliation_statement s ON s.id = l.statement_id AND s.to_on <= upto.day
JOIN accounts a ON a.id = s.funding_account_id JOIN reconciliation_livematch m ON m.line_id = l.id
GROUP BY s.id, s.statement_id, l.id, l.ordinal, l.booked_on, l.amount HAVING sum(m.amount) <> l.amount
ORDER BY s.id, l.ordinal LIMIT %(most)s
"""
_SIDE = {"PAID": "chi theo sao kê", "RETURNED": "hoàn trả theo sao kê"}


def places_off(given: dict[str, Any]) -> list[Place]:
    """All that is found, lines of statements first, then payments, then entries; `given` as of the proof. Asked only where a check fails."""
    return [*_of_lines(given), *_of_payments(given), *_of_entries(given)]


def _rows(statement: str, given: dict[str, Any]) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN + statement, given | {"most": 1_000})
        return list(cursor.fetchall())


def _of_lines(given: dict[str, Any]) -> list[Place]:
    return [
        Place(
            f"Sao kê {name}, dòng {ordinal} ngày {day:%d/%m/%Y}: trên sao kê {_dong(said)}, đã nối {_dong(matched)}.",
            statement_id=statement,
        )
        for statement, name, ordinal, day, said, matched in _rows(_LINES, given)
    ]


def _of_payments(given: dict[str, Any]) -> list[Place]:
    return [
        Place(
            f"Khoản chi {reference} (danh sách số {batch}, dòng {ordinal}): sổ theo dõi ghi đã chi {_dong(ours)}, "
            f"các dòng sao kê đã nối {_dong(theirs)}.",
            list_id=batch,
        )
        for batch, ordinal, reference, ours, theirs, _ in _rows(_PAYMENTS, given)
    ]


def _of_entries(given: dict[str, Any]) -> list[Place]:
    return [
        Place(_entry(kind, batch, statement, day, booked, matched), list_id=batch)
        for batch, statement, kind, day, booked, matched in _rows(_ENTRIES, given)
    ]


def _entry(
    kind: str, batch: int | None, statement: str | None, day: Any, booked: int | None, matched: int | None
) -> str:
    of = f"danh sách số {batch}" if batch else "không thuộc danh sách nào"
    if booked is None:
        return f"Thiếu bút toán {_SIDE[kind]} số {statement}, {of}: đã nối {_dong(matched)}, sổ không ghi."
    where = f"{_SIDE[kind]} số {statement}" if statement else "không có dòng sao kê"
    against = f"các dòng sao kê đã nối {_dong(matched)}" if matched is not None else "không có khoản chi nào được nối"
    return f"Bút toán {where} ngày {day:%d/%m/%Y}, {of}: ghi {_dong(booked)}, {against}."


def _dong(amount: int | None) -> str:
    return f"{format_amount(amount or 0)} đ"
