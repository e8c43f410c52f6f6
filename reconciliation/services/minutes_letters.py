"""What stands as paid by a letter two people read: no statement and no list of the provider says it, so the minutes name the letter."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.db import connection

from payments.models import FundingAccount
from payments.money import format_amount

Side = Literal["bank", "provider", "cash"]

_LETTERS = """
SELECT CASE WHEN b.channel = 'CASH' THEN 'cash' WHEN EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = b.id) THEN 'provider' ELSE 'bank' END,
       f.document, sum(p.amount)
FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id AND b.paying_unit_id = %(unit)s
CROSS JOIN LATERAL (SELECT x.document FROM payments_finding x WHERE x.payment_id = p.id AND x.outcome = 'ARRIVED' AND x.confirmed_at IS NOT NULL
                    ORDER BY x.found_at DESC, x.id DESC LIMIT 1) f
WHERE p.status = 'POSTED' AND p.cause = 'FOUND_ARRIVED' AND p.credited_on BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Letters:
    """By side, one sentence per letter, with the đồng it speaks for."""

    by_side: dict[str, list[str]] = field(default_factory=dict)

    def said(self, *sides: Side) -> str:
        """The sentences of these sides; "" where there is no letter."""
        return "; ".join(sentence for side in sides for sentence in self.by_side.get(side, []))


def letters_of(*, account: FundingAccount, first: date, last: date) -> Letters:
    """Letters about payments of the account's unit that stand as paid between the days, whichever way they were to go."""
    given: dict[str, Any] = {"unit": account.paying_unit_id, "first": first, "last": last}
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LETTERS, given)
        for side, document, amount in cursor.fetchall():
            sentence = f"Ghi đã chi theo văn bản {document}: {format_amount(int(amount))} đ đã đến người hưởng"
            found.setdefault(side, []).append(sentence)
    return Letters(found)
