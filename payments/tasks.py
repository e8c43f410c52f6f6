"""Bells: each task finds its work in the database. A message lost, doubled or late changes only when the work is done."""

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from payments.models import BankEvent, Payment
from payments.services.bank import the_bank
from payments.services.learn import confirm_unpaid, fetch_states
from payments.services.send import send_ready_payments
from payments.services.unknowns import resolve_unknowns
from payments.states import IN_FLIGHT, BatchStatus, Channel, PaymentStatus


@shared_task
def send_payments() -> None:
    """Send whatever is released and not sent."""
    send_ready_payments(bank=the_bank(), clock=timezone.now)


@shared_task
def fetch_from_bank() -> None:
    """Learn what became of what was sent."""
    fetch_states(bank=the_bank(), now=timezone.now())


@shared_task
def find_work() -> None:
    """The sweeper: what no bell announced is found here within seconds."""
    ready = Payment.objects.filter(
        status=PaymentStatus.READY,
        hold_code="",
        batch__status=BatchStatus.RELEASED,
        batch__channel=Channel.ACCOUNT,
        batch__paused=False,
    )
    if ready.exists():
        send_payments.delay()
    in_flight = Q(status__in=IN_FLIGHT, batch__channel=Channel.ACCOUNT, batch__status=BatchStatus.RELEASED)
    if not Payment.objects.filter(in_flight).exists() and not BankEvent.objects.filter(handled_at__isnull=True).exists():
        return
    if not resolve_unknowns(bank=the_bank(), clock=timezone.now).read:
        fetch_states(bank=the_bank(), now=timezone.now())


@shared_task
def confirm() -> None:
    """Ask afresh about what came back, so that the next list may carry it."""
    confirm_unpaid(bank=the_bank(), now=timezone.now())
