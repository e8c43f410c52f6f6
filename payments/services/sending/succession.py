"""Which payment follows which: none sets out while it is in doubt whether the one before it left something after all (I1, ADR 30)."""

from datetime import datetime, timedelta

from django.db import connection

from payments.services.learning.cases import open_payment_cases
from payments.services.lists.in_a_dead_name import in_a_dead_name
from payments.states import PaymentStatus

HOLD = "bank_contradicts"
# What people ended is followed only this soon after a list of the bank that was read to its end and did not show the order.
FRESH = timedelta(minutes=15)

_DOUBT = """(q.confirmed_at IS NULL OR q.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED'))"""
_FOLLOWS = "FROM payments_succession s JOIN payments_payment q ON q.id = s.predecessor_id"
# For statements over payments `p` with a parameter `now`: nothing that `p` replaces is in doubt (the same rule, without the freshness, is a
# trigger), no statement shows that `p` left already, and it is not in the name of a payee known to be dead, whom the next round takes off.
FREE_OF_DOUBT = f"""NOT EXISTS (SELECT 1 FROM payments_contradiction c WHERE c.payment_id = p.id AND c.debited_on IS NOT NULL)
    AND NOT EXISTS (SELECT 1 {_FOLLOWS} WHERE s.successor_id = p.id
    AND ({_DOUBT} OR (q.cause = 'NEVER_HAD' AND q.confirmed_at < %(now)s::timestamptz - interval '{FRESH.seconds} seconds')))
    AND NOT {in_a_dead_name("p")}"""
_HOLD = f"""
UPDATE payments_payment p SET hold_code = CASE WHEN p.hold_code = '' AND p.status IN ('DRAFT', 'READY') THEN '{HOLD}' ELSE p.hold_code END
WHERE p.id IN (SELECT s.successor_id {_FOLLOWS} WHERE {_DOUBT}) AND p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED')
RETURNING p.id, p.status
"""
WAITS = "Khoản chi mà khoản này thay thế lại được báo khác; chờ đối chiếu, chưa chi."
MAYBE_TWICE = "Khoản chi mà khoản này thay thế lại được báo là đã chi; có thể đã chi hai lần."


def hold_successors(*, now: datetime) -> int:
    """Hold what would follow a payment now in doubt, and put it before a person; what is on its way already, too. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD)
        found = cursor.fetchall()
    waiting = [pk for pk, status in found if status in (PaymentStatus.DRAFT, PaymentStatus.READY)]
    gone = [pk for pk, status in found if status not in (PaymentStatus.DRAFT, PaymentStatus.READY)]
    open_payment_cases(payment_ids=waiting, reason="BANK_CONTRADICTS", now=now, evidence=WAITS)
    open_payment_cases(payment_ids=gone, reason="BANK_CONTRADICTS", now=now, evidence=MAYBE_TWICE)
    return len(found)


def doubtful_on(*, batch_id: int, now: datetime) -> list[int]:
    """Payments of a list that wait, because something they replace is in doubt or was not asked about lately."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id FROM payments_payment p WHERE p.batch_id = %(batch)s AND p.status = 'READY' AND NOT ({FREE_OF_DOUBT})",
            {"batch": batch_id, "now": now},
        )
        return [pk for (pk,) in cursor.fetchall()]


def replaces_what_is_in_doubt(*, payment_id: int) -> bool:
    """Whether anything this payment replaces may have reached the person after all."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 {_FOLLOWS} WHERE s.successor_id = %s AND {_DOUBT})", [payment_id])
        return bool(cursor.fetchone()[0])
