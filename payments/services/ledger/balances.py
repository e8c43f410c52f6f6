"""Where the money of each funding account stands: by our journal, with what is recorded and not on a statement yet beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from payments.models import FundingAccount, LedgerAccount

Kind = LedgerAccount.Kind


@dataclass(frozen=True)
class SourceBalance:
    """Of one budget source and year, in đồng: spoken for, paid (by account and in cash, what came back taken off), held by providers, given
    back to the budget."""

    budget_source: str
    year: int
    reserved: int
    paid: int
    with_provider: int
    refunded: int


@dataclass(frozen=True)
class Balances:
    """One account, in đồng. `funds` may be spent; `in_transit` is the part of `reserved` that the bank holds or may hold.

    `awaited`: top-ups recorded, not found on a statement yet. allotted = funds + reserved + paid - returned + with_provider + ... as every
    entry balances; `other` is the rest of it: charges, fees, differences decided.
    """

    account: FundingAccount
    allotted: int
    awaited: int
    funds: int
    reserved: int
    in_transit: int
    paid: int
    paid_cash: int
    returned: int
    with_provider: int
    refunded: int
    owed_back: int
    other: int
    sources: list[SourceBalance] = field(default_factory=list)


_LEDGER = """
SELECT a.funding_account_id, a.kind, sum(x.amount) FROM payments_posting x JOIN payments_ledgeraccount a ON a.id = x.account_id
WHERE a.funding_account_id = ANY(%s) GROUP BY 1, 2
"""
_IN_TRANSIT = """
SELECT b.funding_account_id, sum(p.amount) FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
WHERE b.funding_account_id = ANY(%s) AND b.status = 'RELEASED' AND p.status IN ('SENT', 'PROCESSING') GROUP BY 1
"""
_AWAITED = """
SELECT t.funding_account_id, sum(t.amount) FROM payments_topup t
WHERE t.funding_account_id = ANY(%s) AND NOT EXISTS (SELECT 1 FROM payments_journalentry j WHERE j.source = 'top-up:' || t.reference) GROUP BY 1
"""
_SOURCES = """
SELECT a.funding_account_id, b.budget_source, coalesce(c.budget_year, extract(year FROM c.month)::int),
       coalesce(sum(x.amount) FILTER (WHERE a.kind = 'RESERVED'), 0),
       coalesce(sum(x.amount) FILTER (WHERE a.kind IN ('PAID', 'PAID_CASH', 'RETURNED')), 0),
       coalesce(sum(x.amount) FILTER (WHERE a.kind = 'PROVIDER'), 0), coalesce(sum(x.amount) FILTER (WHERE a.kind = 'REFUNDED'), 0)
FROM payments_posting x JOIN payments_ledgeraccount a ON a.id = x.account_id JOIN payments_journalentry j ON j.id = x.entry_id
JOIN payments_paymentbatch b ON b.id = j.batch_id JOIN payments_cycle c ON c.id = b.cycle_id
WHERE a.funding_account_id = ANY(%s) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
# Money that is there can't be less than nothing. What is recorded and not on a statement yet counts: statements come late, not wrong.
# With providers only where a lump sum was ever recorded: elsewhere cash is paid out of another office's books.
BELOW_NOTHING = """
WITH booked AS (
    SELECT a.funding_account_id AS account, a.kind, sum(x.amount) AS amount, max(j.posted_at) AS at
    FROM payments_posting x JOIN payments_ledgeraccount a ON a.id = x.account_id JOIN payments_journalentry j ON j.id = x.entry_id
    WHERE a.kind IN ('FUNDS', 'RESERVED', 'PROVIDER') GROUP BY 1, 2),
recorded AS (
    SELECT t.funding_account_id AS account, 'FUNDS' AS kind, t.amount FROM payments_topup t
    WHERE NOT EXISTS (SELECT 1 FROM payments_journalentry j WHERE j.source = 'top-up:' || t.reference)
    UNION ALL
    SELECT t.funding_account_id, 'PROVIDER', CASE t.kind WHEN 'FORWARDED' THEN t.amount ELSE -t.amount END FROM payments_fundtransfer t
    WHERE t.kind IN ('FORWARDED', 'GIVEN_BACK')
      AND NOT EXISTS (SELECT 1 FROM payments_journalentry j JOIN payments_fundingaccount o ON o.id = t.funding_account_id
               WHERE j.source = 'transfer:' || o.code || ':' || t.reference))
SELECT k.account, k.kind, k.amount + coalesce(sum(r.amount), 0) AS amount, k.at
FROM booked k LEFT JOIN recorded r ON r.account = k.account AND r.kind = k.kind
WHERE k.kind <> 'PROVIDER'
   OR EXISTS (SELECT 1 FROM payments_fundtransfer t WHERE t.funding_account_id = k.account AND t.kind = 'FORWARDED')
GROUP BY k.account, k.kind, k.amount, k.at HAVING k.amount + coalesce(sum(r.amount), 0) < 0
"""


@dataclass(frozen=True)
class Below:
    """A ledger of an account that stands below nothing: `amount` in đồng, `since` its last booking."""

    account_id: int
    kind: str
    amount: int
    since: datetime


def balances_of(accounts: Sequence[FundingAccount]) -> list[Balances]:
    """One row per account, in the order given."""
    ids = [account.pk for account in accounts]
    with connection.cursor() as cursor:
        cursor.execute(_LEDGER, [ids])
        ledger = {(account, kind): int(amount) for account, kind, amount in cursor.fetchall()}
        cursor.execute(_IN_TRANSIT, [ids])
        in_transit = {account: int(amount) for account, amount in cursor.fetchall()}
        cursor.execute(_AWAITED, [ids])
        awaited = {account: int(amount) for account, amount in cursor.fetchall()}
        cursor.execute(_SOURCES, [ids])
        sources: dict[int, list[SourceBalance]] = {}
        for account, *rest in cursor.fetchall():
            source, year, *amounts = rest
            sources.setdefault(account, []).append(SourceBalance(source, year, *map(int, amounts)))

    def row(account: FundingAccount) -> Balances:
        def of(kind: Kind) -> int:
            return ledger.get((account.pk, kind), 0)

        return Balances(
            account=account,
            allotted=-of(Kind.ALLOTTED),
            awaited=awaited.get(account.pk, 0),
            funds=of(Kind.FUNDS),
            reserved=of(Kind.RESERVED),
            in_transit=in_transit.get(account.pk, 0),
            paid=of(Kind.PAID),
            paid_cash=of(Kind.PAID_CASH),
            returned=-of(Kind.RETURNED),
            with_provider=of(Kind.PROVIDER),
            refunded=of(Kind.REFUNDED),
            owed_back=of(Kind.OWED_BACK),
            other=of(Kind.CHARGES) + of(Kind.FEES) + of(Kind.ADJUSTED),
            sources=sources.get(account.pk, []),
        )

    return [row(account) for account in accounts]


def below_nothing() -> list[Below]:
    """Ledgers of money that is there, and would be less than nothing: something was paid, or given away, that never came."""
    with connection.cursor() as cursor:
        cursor.execute(BELOW_NOTHING)
        return [Below(account, kind, int(amount), since) for account, kind, amount, since in cursor.fetchall()]
