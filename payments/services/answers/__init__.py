"""One answer for each entitlement of one person: paid, on the way, or not paid with one reason and one next step."""

from payments.services.answers.own import MONTHS_SHOWN, own_answers
from payments.services.answers.shape import Answer, Outcome

__all__ = ["MONTHS_SHOWN", "Answer", "Outcome", "own_answers"]
