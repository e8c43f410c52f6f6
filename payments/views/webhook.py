"""The bank's webhook: verify, store once, answer fast, ring."""

import logging
import threading
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from banks.errors import EventStale, EventUnreadable, SignatureInvalid
from banks.webhooks import verify_signature
from payments.services.learning.receive_event import receive_event
from payments.tasks import fetch_from_bank

RING_EVERY_SECONDS = 0.5
logger = logging.getLogger(__name__)
_ring_lock = threading.Lock()
_last_ring = 0.0


@csrf_exempt
@require_POST
def bank_event(request: HttpRequest) -> HttpResponse:
    """204 once the event is stored; 400 for what is not authentic and fresh. No personal data in answer or log."""
    try:
        event = verify_signature(
            payload=request.body,
            header=request.headers.get("Stripe-Signature", ""),
            secrets=settings.BANK_WEBHOOK_SECRETS,
            now=timezone.now(),
        )
    except (EventStale, EventUnreadable, SignatureInvalid) as error:
        logger.warning("bank event refused: %s", type(error).__name__)
        return HttpResponse(status=400)
    receive_event(event=event, payload=request.body, now=timezone.now())
    _ring()
    return HttpResponse(status=204)


def _ring() -> None:
    """At most twice a second per process; a broker that is down loses nothing, the sweeper finds the event."""
    global _last_ring
    with _ring_lock:
        if time.monotonic() - _last_ring < RING_EVERY_SECONDS:
            return
        _last_ring = time.monotonic()
    try:
        fetch_from_bank.apply_async(retry=False)
    except OperationalError:
        logger.warning("broker not reachable; the event waits for the sweeper")
