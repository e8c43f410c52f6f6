"""A funding account whose statement does not come: money moved on it, and no statement covers the day."""

from datetime import datetime, timedelta

from django.db import connection

from payments.models import Alarm
from payments.services.alarms import Silence, keep_alarms

STATEMENT_WITHIN = timedelta(days=2)

_UNCOVERED = """
SELECT 'account:' || f.code, f.paying_unit_id, count(DISTINCT p.credited_on), min(p.credited_on)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
FROM payments_fundingaccount f JOIN payments_paymentbatch b ON b.funding_account_id = f.id
JOIN payments_payment p ON p.batch_id = b.id
WHERE b.status = 'RELEASED' AND p.credited_on <= %(until)s
  AND NOT EXISTS (SELECT 1 FROM reconciliation_statement s WHERE s.funding_account_id = f.id AND s.opening IS NOT NULL
                  AND p.credited_on BETWEEN s.from_on AND s.to_on)
GROUP BY f.id
"""


def watch_statements(*, now: datetime) -> int:
    """Raise or clear the alarms of days credited in open lists that no statement covers. Returns how many were raised."""
    with connection.cursor() as cursor:
        cursor.execute(_UNCOVERED, {"until": (now - STATEMENT_WITHIN).date()})
        found = [Silence(*row) for row in cursor.fetchall()]
    return keep_alarms(kind=Alarm.Kind.NO_STATEMENT, found=found, now=now)
