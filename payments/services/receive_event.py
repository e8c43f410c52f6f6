"""Keep a bank's event, once. It only rings: what it says is fetched from the bank."""

from datetime import datetime

from banks.webhooks import Event
from payments.models import BankEvent
from staff.encryption import seal

EVENT = "bank-event"


def receive_event(*, event: Event, payload: bytes, now: datetime) -> bool:
    """Store a verified event; False when it was there already."""
    stored = BankEvent(
        event_id=event.event_id,
        kind=event.type[:80],
        bank_reference=event.object_id[:64],
        sealed=seal(payload, purpose=EVENT),
        received_at=now,
    )
    return bool(BankEvent.objects.bulk_create([stored], ignore_conflicts=True))
