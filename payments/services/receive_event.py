"""Keep a bank's event, once. It only rings: what it says is fetched from the bank."""

from datetime import datetime

from banks.webhooks import Event
from payments.models import BankEvent
from staff.encryption import seal

EVENT = "bank-event"


def receive_event(*, event: Event, payload: bytes, now: datetime) -> None:
    """Store a verified event; one that is there already changes nothing."""
    stored = BankEvent(
        event_id=event.event_id,
        kind=event.type[:80],
        bank_reference=event.object_id[:64],
        sealed=seal(payload, purpose=EVENT),
        received_at=now,
    )
    BankEvent.objects.bulk_create([stored], ignore_conflicts=True)
