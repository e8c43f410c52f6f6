"""Steps of a case: take, settle, reject, escalate, give back, reopen, propose, confirm, decline. Each is one address and one service."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from rest_framework.response import Response

from beneficiaries.api import case_examples
from beneficiaries.api.case_shapes import (
    CaseDetail,
    Escalation,
    Identification,
    Note,
    NoteAndDocument,
    NotTheSame,
    SamePerson,
    Which,
)
from beneficiaries.api.cases import TAG, case_for, shown
from beneficiaries.models import Case
from beneficiaries.services.cases.confirming import confirm_proposal
from beneficiaries.services.cases.deciding import (
    escalate_case,
    give_back_case,
    reject_case,
    reopen_case,
    settle_case,
    take_case,
)
from beneficiaries.services.cases.duplicates import Stop, declare_not_the_same, propose_same_person
from beneficiaries.services.cases.identities import identify_person
from beneficiaries.services.cases.proposals import decline_proposal
from staff.api.access import having
from staff.api.steps import StepView, described
from staff.models import User
from staff.rights import Right


class CaseStepView(StepView[Case]):
    """One step of one case."""

    permission_classes = (having(Right.SEE_CASES), having(Right.DECIDE_CASE))

    def find(self, actor: User, pk: int) -> Case:
        return case_for(actor, pk)

    def show(self, actor: User, pk: int) -> Response:
        return shown(actor, pk)


def named(name: str, summary: str) -> Callable[[type[Any]], type[Any]]:
    """Describe a step for the API document."""
    return described(f"cases_{name}", summary, tags=TAG, row=CaseDetail, examples=case_examples.CASE)


@named("take", "Nhận việc")
class TakeView(CaseStepView):
    """Become the one who does it."""

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        take_case(case_id=case.pk, actor=actor, now=now)


@named("settle", "Đã làm xong")
class SettleView(CaseStepView):
    """What had to be done was done; the note says what."""

    body = NoteAndDocument

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        settle_case(case_id=case.pk, actor=actor, now=now, **given)


@named("reject", "Không chấp nhận")
class RejectView(CaseStepView):
    """There is nothing to it; the same evidence won't raise it again."""

    body = NoteAndDocument

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        reject_case(case_id=case.pk, actor=actor, now=now, **given)


@named("escalate", "Báo cáo cấp có thẩm quyền kèm đề xuất")
class EscalateView(CaseStepView):
    """To the next level, with a proposal."""

    body = Escalation

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        escalate_case(case_id=case.pk, actor=actor, now=now, **given)


@named("give_back", "Trả lại cấp dưới")
class GiveBackView(CaseStepView):
    """Back to the level it came from, with what this one thinks."""

    body = Note

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        give_back_case(case_id=case.pk, actor=actor, now=now, **given)


@named("reopen", "Mở lại")
class ReopenView(CaseStepView):
    """Look again at what was decided."""

    body = Note

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        reopen_case(case_id=case.pk, actor=actor, now=now, **given)


@method_decorator(sensitive_post_parameters("number"), name="dispatch")
@named("identify", "Xác định đúng người")
class IdentifyView(CaseStepView):
    """The person is the resident with this number, or one of those shown. Where an account waits for it, a second person confirms."""

    body = Identification

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        identify_person(case_id=case.pk, actor=actor, now=now, **given)


@named("not_the_same", "Không phải cùng một người")
class NotTheSameView(CaseStepView):
    """Two people, remembered for good."""

    body = NotTheSame

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        declare_not_the_same(
            case_id=case.pk,
            this_keeps_identity=given["keeps_identity"] == Which.THIS,
            actor=actor,
            note=given["note"],
            now=now,
        )


@named("same_person", "Cùng một người: đề xuất thôi hưởng một hồ sơ")
class SamePersonView(CaseStepView):
    """Proposes which enrolment ends, from which month, by which decision; a second person confirms."""

    body = SamePerson

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        stop = Stop(
            this=given["stop"] == Which.THIS,
            from_month=given["from_month"],
            number=given["decision_number"],
            signed_on=given["signed_on"],
            signer=given["signer"],
        )
        propose_same_person(case_id=case.pk, stop=stop, actor=actor, note=given["note"], now=now)


@named("confirm", "Xác nhận đề xuất")
class ConfirmView(CaseStepView):
    """The second person: what was proposed is carried out."""

    permission_classes = (having(Right.SEE_CASES), having(Right.CONFIRM_CASE))

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        confirm_proposal(case_id=case.pk, actor=actor, now=now)


@named("decline", "Không đồng ý đề xuất")
class DeclineView(CaseStepView):
    """The case is open again."""

    body = Note
    permission_classes = (having(Right.SEE_CASES), having(Right.CONFIRM_CASE))

    def step(self, case: Case, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        decline_proposal(case_id=case.pk, actor=actor, now=now, **given)
