"""What stands as paid or unpaid by a letter two people read: no statement and no list of the provider says it, so the minutes name the letter."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from payments.models import FundingAccount
from payments.money import format_amount

# Where a letter speaks: of the bank's month by the day of payment; of the provider's by the day it was booked on (a closed month keeps what was
# signed), before the month, in it, or in the month of the list it is about. What a letter changed is booked at the moment it was confirmed.
_LETTERS = """
WITH letters AS (
    SELECT f.document, f.confirmed_at, p.id AS payment_id, p.amount, p.status, p.cause, p.credited_on, b.id AS batch_id, b.channel, c.month,
           f.outcome = 'ARRIVED' AS arrived, row_number() OVER (PARTITION BY p.id ORDER BY f.found_at DESC, f.id DESC) = 1 AS newest,
           b.channel = 'CASH' OR EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = b.id) AS by_provider
    FROM payments_finding f JOIN payments_payment p ON p.id = f.payment_id JOIN payments_paymentbatch b ON b.id = p.batch_id
    JOIN payments_cycle c ON c.id = b.cycle_id WHERE b.paying_unit_id = %(unit)s AND f.confirmed_at IS NOT NULL
), booked AS (
    SELECT l.document, l.arrived, l.channel, j.booked_on, abs(x.amount) AS amount
    FROM letters l JOIN payments_journalentry j ON j.batch_id = l.batch_id AND j.posted_at = l.confirmed_at AND starts_with(j.source, 'provider-paid:')
    JOIN payments_posting x ON x.entry_id = j.id JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.kind = 'PROVIDER'
), said AS (
    SELECT 'bank' AS place, document, arrived, amount FROM letters
    WHERE NOT by_provider AND arrived AND newest AND status = 'POSTED' AND cause = 'FOUND_ARRIVED' AND credited_on BETWEEN %(first)s AND %(last)s
    UNION ALL SELECT 'before', document, arrived, amount FROM booked WHERE booked_on < %(first)s
    UNION ALL SELECT CASE channel WHEN 'CASH' THEN 'cash' ELSE 'provider' END, document, arrived, amount FROM booked
    WHERE booked_on BETWEEN %(first)s AND %(last)s
    UNION ALL SELECT 'list', document, arrived, amount FROM letters
    WHERE by_provider AND newest AND month = %(first)s AND cause IN ('FOUND_ARRIVED', 'FOUND_WRONG')
)
SELECT place, document, arrived, sum(amount) FROM said GROUP BY 1, 2, 3 ORDER BY 1, 3 DESC, 2
"""


@dataclass(frozen=True)
class Letters:
    """By place, one sentence per letter, with the đồng it speaks for."""

    by_place: dict[str, list[str]] = field(default_factory=dict)

    def said(self, *places: str) -> str:
        """The sentences of these places, each once; "" where there is no letter."""
        return "; ".join(dict.fromkeys(sentence for place in places for sentence in self.by_place.get(place, [])))


def letters_of(*, account: FundingAccount, first: date, last: date) -> Letters:
    """Letters about payments of the account's unit that a row of the month between the days needs: `bank`, `cash` and `provider` (by account) in
    the month, `before` it, `list` for payments of the month's own lists."""
    given: dict[str, Any] = {"unit": account.paying_unit_id, "first": first, "last": last}
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LETTERS, given)
        for place, document, arrived, amount in cursor.fetchall():
            found.setdefault(place, []).append(_sentence(document, arrived=arrived, amount=int(amount)))
    return Letters(found)


def _sentence(document: str, *, arrived: bool, amount: int) -> str:
    if arrived:
        return f"Ghi đã chi theo văn bản {document}: {format_amount(amount)} đ đã đến người hưởng"
    return f"Rút lại ghi đã chi theo văn bản {document}: {format_amount(amount)} đ không đến người hưởng"
