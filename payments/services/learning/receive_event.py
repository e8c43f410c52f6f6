"""Keep a bank's event, once. It only rings: what it says is fetched from the bank."""

from datetime import datetime

from banks.webhooks import Event
from staff.encryption import seal
from staff.prepared import prepared_cursor

EVENT = "bank-event"
# One statement that is its own transaction: around it, a bank that rings a thousand times a second would wait for BEGIN and COMMIT as well.
_KEEP = """
INSERT INTO payments_bankevent (event_id, kind, bank_reference, sealed, received_at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT (event_id) DO NOTHING
"""


def receive_event(*, event: Event, payload: bytes, now: datetime) -> None:
    """Store a verified event; one that is there already changes nothing."""
    sealed = seal(payload, purpose=EVENT)
    with prepared_cursor() as cursor:
        cursor.execute(_KEEP, [event.event_id, event.type, event.object_id, sealed, now])
