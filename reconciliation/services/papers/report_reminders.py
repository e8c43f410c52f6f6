"""Reminders of reports not signed by their day: an alarm for the unit, raised once, cleared by the signature."""

from datetime import datetime

from django.db import connection

from payments.models import Alarm
from payments.services.alarms import Silence, keep_alarms

_OVERDUE = """
SELECT 'report:' || r.id, r.unit_id, 1, (r.due_on + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
FROM reconciliation_reportrun r WHERE r.status <> 'SIGNED' AND (r.due_on + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' <= %(now)s
"""


def remind_of_reports(*, now: datetime) -> int:
    """Raise or clear the alarms of reports whose day has passed without a signature, drafts included. Returns how many were raised."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, {"now": now})
        found = [Silence(*row) for row in cursor.fetchall()]
    return keep_alarms(kind=Alarm.Kind.REPORT_OVERDUE, found=found, now=now)
