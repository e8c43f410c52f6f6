"""A worker on a host of its own: sends and learns for ever, and comes back when database or bank were away. No broker is needed."""

import time

from django.db import DatabaseError, connections
from django.utils import timezone

from banks.errors import BankError
from payments.services.learning.learn import fetch_states
from payments.services.learning.unknowns import resolve_unknowns
from payments.services.sending.bank import the_bank
from payments.services.sending.send import send_ready_payments

PAUSE_SECONDS = 0.5


def work_for_ever() -> None:
    """What the tasks do, rung by nobody."""
    while True:
        try:
            send_ready_payments(bank=the_bank(), clock=timezone.now)
            if not resolve_unknowns(bank=the_bank(), clock=timezone.now).read:
                fetch_states(bank=the_bank(), now=timezone.now())
        except (BankError, DatabaseError):
            connections.close_all()
        time.sleep(PAUSE_SECONDS)
