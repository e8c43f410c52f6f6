"""What life events mean for money: held, stopped, asked back, owed to heirs."""

from payments.services.life.consequences import Consequences, draw_consequences
from payments.services.life.receive import Received, answer, events_with_reasons, receive, settle_waiting

__all__ = [
    "Consequences",
    "Received",
    "answer",
    "draw_consequences",
    "events_with_reasons",
    "receive",
    "settle_waiting",
]
