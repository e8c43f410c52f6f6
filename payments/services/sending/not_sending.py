"""Released money that nobody sends: every bell was lost or thrown away, no worker hears the queue, or a host's clock is off."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from payments.models import Heartbeat
from payments.services.sending.lanes import shut_lanes
from payments.services.sending.succession import FREE_OF_DOUBT

WAITS_FOR = timedelta(minutes=15)
PREFIX = "unsent:"

# Somebody sends while an order of the account was under a lease, or refused for now, or went in a file, within that time. Only where nobody
# does are the orders counted; what people paused, froze or held, and what a closed bank would not take, waits for them and not for a worker.
_UNSENT = f"""
WITH open_list AS MATERIALIZED (
    SELECT b.id, b.funding_account_id FROM payments_paymentbatch b
    JOIN payments_fundingaccount f ON f.id = b.funding_account_id AND f.sends_by IN ('API', 'FILE')
    WHERE b.status = 'RELEASED' AND NOT b.paused AND b.channel = 'ACCOUNT'
      AND NOT EXISTS (SELECT 1 FROM payments_frozenlist z WHERE z.batch_id = b.id)
), sends AS MATERIALIZED (
    SELECT DISTINCT b.funding_account_id FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
    WHERE p.status = 'SENT' AND p.lease_until IS NOT NULL AND p.lease_until > %(since)s
    UNION SELECT b.funding_account_id FROM payments_paymentfile e JOIN payments_paymentbatch b ON b.id = e.batch_id WHERE e.status_at > %(since)s
), waiting AS (
    SELECT l.funding_account_id, count(*) AS payments, bool_or(coalesce(p.lease_until > %(since)s, false)) AS tried
    FROM open_list l JOIN payments_payment p ON p.batch_id = l.id AND p.status = 'READY' AND p.hold_code = ''
    JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id AND a.bank_bin <> ALL(%(shut)s)
    WHERE l.funding_account_id NOT IN (SELECT funding_account_id FROM sends) AND {FREE_OF_DOUBT}
    GROUP BY 1
)
SELECT f.id, f.code, f.paying_unit_id, w.payments FROM waiting w JOIN payments_fundingaccount f ON f.id = w.funding_account_id
WHERE NOT w.tried ORDER BY f.id
"""


@dataclass(frozen=True)
class Unsent:
    """A funding account (`code`, of unit `unit_id`) whose `count` orders nobody sends, as seen since `since`."""

    code: str
    unit_id: int
    count: int
    since: datetime


def accounts_nobody_sends_for(*, now: datetime) -> list[Unsent]:
    """Accounts seen so at every look of the last `WAITS_FOR`; the first look only notes them, so that a pause just lifted is no alarm."""
    shut = shut_lanes(now=now)
    rows: list[tuple[int, str, int, int]] = []
    if not shut.everything:
        given: dict[str, Any] = {"now": now, "since": now - WAITS_FOR, "shut": shut.banks}
        with connection.cursor() as cursor:
            cursor.execute(_UNSENT, given)
            rows = cursor.fetchall()
    names = {f"{PREFIX}{pk}" for pk, *_ in rows}
    Heartbeat.objects.filter(name__startswith=PREFIX).exclude(name__in=names).delete()
    Heartbeat.objects.bulk_create([Heartbeat(name=name, at=now) for name in sorted(names)], ignore_conflicts=True)
    seen = dict(Heartbeat.objects.filter(name__in=names).values_list("name", "at"))
    found = [Unsent(code, unit, count, seen[f"{PREFIX}{pk}"]) for pk, code, unit, count in rows]
    return [one for one in found if one.since <= now - WAITS_FOR]
