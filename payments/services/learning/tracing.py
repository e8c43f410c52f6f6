"""What is being asked about a payment, of whom it is asked by letter: an enquiry, money a person has not seen, two things that were said."""

from dataclasses import dataclass
from datetime import date

from payments.models import Contradiction, Enquiry, Payment
from payments.services.learning.contradictions import undecided
from payments.services.learning.not_seen import asked_about, is_being_asked
from staff.rights import Right

MAY_ASK = (Right.SETTLE_UNKNOWN, Right.DECIDE_CASE)
"""Who sends the letter: whoever ends enquiries, or looks after the person."""


@dataclass(frozen=True)
class Question:
    """Why it is asked, who looks into it with us ("" for nobody yet), and by when an answer is wanted (None: written in by hand)."""

    why: str
    asked_by: str
    answer_by: date | None


def question_about(payment: Payment) -> Question | None:
    """What is open about the payment: an enquiry of this attempt, somebody who has not seen the money, or two things that were said of it."""
    if (case := asked_about([payment]).get(payment.pk)) and is_being_asked(case):
        owner = case.owner.full_name if case.owner else ""
        return Question("người hưởng báo chưa nhận được tiền", owner, case.due_on)
    enquiry = Enquiry.objects.filter(payment=payment, attempt=payment.attempt, outcome="").select_related("owner").first()  # fmt: skip
    if enquiry is not None:
        return Question("chưa rõ kết quả thực hiện lệnh chuyển tiền", enquiry.owner.full_name, None)
    if Contradiction.objects.filter(undecided(), payment=payment).exists():
        return Question("kết quả được báo không thống nhất", "", None)
    return None
