"""Cases of payments: propose to offer one to the bank again; the checker confirms, with the bank's fresh answer."""

from datetime import datetime
from typing import Any

from beneficiaries.api.case_shapes import Note
from beneficiaries.api.case_steps import CaseStepView, named
from beneficiaries.models import Case, Solution
from beneficiaries.services.cases.proposals import propose_solution
from payments.services.learning.case_solutions import offer_again
from payments.services.sending.bank import the_bank
from staff.api.access import having
from staff.models import User
from staff.rights import Right
from staff.services.database_clock import database_now


@named("propose_offer", "Đề nghị gửi lại ngân hàng")
class ProposeOfferView(CaseStepView):
    """The note says what was learned and what was put right; nothing is sent before the checker confirms."""

    body = Note

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        propose_solution(
            case_id=case.pk,
            solution=Solution.OFFER_AGAIN,
            proposal={"payment": case.subject},
            actor=actor,
            note=given["note"],
            document="",
            now=now,
        )


@named("offer_again", "Xác nhận gửi lại ngân hàng")
class OfferAgainView(CaseStepView):
    """The bank is asked now; only when its list does not show the payment may it be sent again."""

    permission_classes = (having(Right.SEE_CASES), having(Right.OFFER_AGAIN))

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        offer_again(case_id=case.pk, bank=the_bank(), actor=actor, clock=database_now)
