"""Money kept for a list and no longer needed goes back to what may be spent: stopped, failed and cancelled payments leave nothing reserved.

Counted from rows: what the bank may still take, or took and the statement has not said so yet. Whatever else stands as reserved is freed; a
debit that appears for a payment thought to have failed is reserved again, so that the statement finds it. One entry per list, none where
nothing changed. A list that a provider pays is reserved until its lump sum has left; what the lump sum did not need is then freed.
"""

from datetime import date, datetime

from django.db import connection, transaction

from payments.models import FundingAccount, LedgerAccount, PaymentBatch
from payments.services.ledger.journal import book
from reconciliation.services.months.periods import closed_months
from staff.time_zone import VIETNAM

Kind = LedgerAccount.Kind

# Per list: what stands as reserved, and what should.
_RESERVED = """
WITH booked AS (
    SELECT j.batch_id, sum(x.amount) AS amount, count(DISTINCT j.id) AS entries
    FROM payments_posting x JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.kind = 'RESERVED' AND a.funding_account_id = %(account)s
    JOIN payments_journalentry j ON j.id = x.entry_id WHERE j.batch_id IS NOT NULL
      AND (NOT EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = j.batch_id)
           OR EXISTS (SELECT 1 FROM payments_fundtransfer t JOIN payments_fundingaccount f ON f.id = t.funding_account_id
                      JOIN payments_journalentry s ON s.source = 'transfer:' || f.code || ':' || t.reference
                      WHERE t.batch_id = j.batch_id AND t.kind = 'FORWARDED'))
    GROUP BY 1),
needed AS (
    SELECT p.batch_id, sum(p.amount) AS amount
    FROM payments_payment p JOIN booked k ON k.batch_id = p.batch_id
    WHERE p.status IN ('READY', 'SENT', 'PROCESSING', 'POSTED', 'RETURNED')
      AND NOT EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = p.batch_id)
      AND NOT EXISTS (SELECT 1 FROM reconciliation_livematch m WHERE m.payment_id = p.id AND m.kind = 'DEBIT')
      AND NOT EXISTS (SELECT 1 FROM reconciliation_discrepancy d WHERE d.payment_id = p.id AND d.ground = 'WRITTEN_OFF' AND d.ours < 0
                      AND d.kind IN ('MISSING_ON_STATEMENT', 'AMOUNT_DIFFERS'))
    GROUP BY 1)
SELECT k.batch_id, k.entries, k.amount - coalesce(n.amount, 0) FROM booked k LEFT JOIN needed n ON n.batch_id = k.batch_id
WHERE k.amount <> coalesce(n.amount, 0) ORDER BY 1
"""


@transaction.atomic
def free_reserves(*, account: FundingAccount, on: date, now: datetime) -> int:
    """Free what no payment of the account needs any more, booked on the day `on`; return the đồng freed. Running it again frees nothing."""
    FundingAccount.objects.select_for_update().get(pk=account.pk)
    with connection.cursor() as cursor:
        cursor.execute(_RESERVED, {"account": account.pk})
        rows = cursor.fetchall()
    lists = {batch.pk: batch for batch in PaymentBatch.objects.filter(pk__in=[pk for pk, _, _ in rows])}
    for pk, entries, surplus in rows:
        book(
            source=f"freed:{lists[pk].token}:{entries}",
            description="Giải phóng tiền giữ chỗ: khoản chi đã dừng, không chuyển được hoặc đã hủy",
            funding_account=account,
            amounts={Kind.FUNDS: int(surplus), Kind.RESERVED: -int(surplus)},
            booked_on=on,
            now=now,
            batch=lists[pk],
        )
    return sum(int(surplus) for _, _, surplus in rows)


def free_all_reserves(*, now: datetime) -> int:
    """`free_reserves` for every funding account, booked today (Vietnam's calendar); return the đồng freed. Months that are closed are left alone."""
    today = now.astimezone(VIETNAM).date()
    accounts = FundingAccount.objects.filter(pk__in=PaymentBatch.objects.values("funding_account")).order_by("pk")
    return sum(
        free_reserves(account=account, on=today, now=now)
        for account in accounts
        if today.replace(day=1) not in closed_months(account)
    )
