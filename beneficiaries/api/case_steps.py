"""Steps of a case: take, settle, reject, escalate, give back, reopen, propose, confirm, decline. Each is one address and one service."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

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
from beneficiaries.api.cases import TAG, case_for
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
from staff.api.access import actor_of, having
from staff.api.refusals import RefusalBody
from staff.models import User
from staff.rights import Right

STEP = {200: CaseDetail, 400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody}
Body = type[serializers.Serializer[Any]]


class Nothing(serializers.Serializer[Any]):
    """No body."""


@method_decorator(never_cache, name="dispatch")
class CaseStepView(APIView):
    """One step of one case: parse, find it in reach (404 else), call one service, show the case as it stands."""

    permission_classes = (having(Right.SEE_CASES), having(Right.DECIDE_CASE))
    body: ClassVar[Body] = Nothing

    def step(self, case: Case, given: dict[str, Any], *, actor: User) -> None:
        """What this address does."""
        raise NotImplementedError

    def post(self, request: Request, case_id: int) -> Response:
        """Do the step."""
        actor = actor_of(request)
        case = case_for(actor, case_id)
        given = self.body(data=request.data)
        given.is_valid(raise_exception=True)
        self.step(case, given.validated_data, actor=actor)
        return Response(CaseDetail(case_for(actor, case_id)).data)


def described(*, name: str, summary: str, body: Body) -> Callable[[type[Any]], type[Any]]:
    """Describe a step for the API document."""
    request = None if body is Nothing else body
    return extend_schema_view(
        post=extend_schema(
            operation_id=f"cases_{name}",
            tags=TAG,
            summary=summary,
            request=request,
            responses=STEP,
            examples=case_examples.CASE,
        )
    )


@described(name="take", summary="Nhận việc", body=Nothing)
class TakeView(CaseStepView):
    """Become the one who does it."""

    def step(self, case: Case, given: dict[str, Any], *, actor: User) -> None:
        take_case(case_id=case.pk, actor=actor, now=timezone.now())


@described(name="settle", summary="Đã làm xong", body=NoteAndDocument)
class SettleView(CaseStepView):
    """What had to be done was done; the note says what."""

    body = NoteAndDocument

    def step(self, case: Case, given: dict[str, Any], *, actor: User) -> None:
        settle_case(case_id=case.pk, actor=actor, now=timezone.now(), **given)


@described(name="reject", summary="Không chấp nhận", body=NoteAndDocument)
class RejectView(CaseStepView):
    """There is nothing to it; the same evidence won't raise it again."""

    body = NoteAndDocument

    def step(self, case: Case, given: dict[str, Any], *, actor: User) -> None:
        reject_case(case_id=case.pk, actor=actor, now=timezone.now(), **given)


@described(name="escalate", summary="Báo cáo cấp có thẩm quyền kèm đề xuất", body=Escalation)
class EscalateView(CaseStepView):
    """To the next level, with a proposal."""

    body = Escalation

    def step(self, case: Case, given: dict[str, Any], *, actor: User) -> None:
        escalate_case(case_id=case.pk, actor=actor, now=timezone.now(), **given)


@described(name="give_back", summary="Trả lại cấp dưới", body=Note)
class GiveBackView(CaseStepView):
    """Back to the level it came from, with what this one thinks."""

    body = Note

    def step(self, case: Case, given: dict[str, Any], *, actor: User) -> None:
        give_back_case(case_id=case.pk, actor=actor, now=timezone.now(), **given)


@described(name="reopen", summary="Mở lại", body=Note)
class ReopenView(CaseStepView):
    """Look again at what was decided."""

    body = Note

    def step(self, case: Case, given: dict[str, Any], *, actor: User) -> None:
        reopen_case(case_id=case.pk, actor=actor, now=timezone.now(), **given)


@method_decorator(sensitive_post_parameters("number"), name="dispatch")
@described(name="identify", summary="Xác định đúng người", body=Identification)
class IdentifyView(CaseStepView):
    """The person is the resident with this number. Where an account waits for it, a second person confirms."""

    body = Identification

    def step(self, case: Case, given: dict[str, Any], *, actor: User) -> None:
        identify_person(case_id=case.pk, actor=actor, now=timezone.now(), **given)


@described(name="not_the_same", summary="Không phải cùng một người", body=NotTheSame)
class NotTheSameView(CaseStepView):
    """Two people, remembered for good."""

    body = NotTheSame

    def step(self, case: Case, given: dict[str, Any], *, actor: User) -> None:
        declare_not_the_same(
            case_id=case.pk,
            this_keeps_identity=given["keeps_identity"] == Which.THIS,
            actor=actor,
            note=given["note"],
            now=timezone.now(),
        )


@described(name="same_person", summary="Cùng một người: đề xuất thôi hưởng một hồ sơ", body=SamePerson)
class SamePersonView(CaseStepView):
    """Proposes which enrolment ends, from which month, by which decision; a second person confirms."""

    body = SamePerson

    def step(self, case: Case, given: dict[str, Any], *, actor: User) -> None:
        stop = Stop(
            this=given["stop"] == Which.THIS,
            from_month=given["from_month"],
            number=given["decision_number"],
            signed_on=given["signed_on"],
        )
        propose_same_person(case_id=case.pk, stop=stop, actor=actor, note=given["note"], now=timezone.now())


@described(name="confirm", summary="Xác nhận đề xuất", body=Nothing)
class ConfirmView(CaseStepView):
    """The second person: what was proposed is carried out."""

    permission_classes = (having(Right.SEE_CASES), having(Right.CONFIRM_CASE))

    def step(self, case: Case, given: dict[str, Any], *, actor: User) -> None:
        confirm_proposal(case_id=case.pk, actor=actor, now=timezone.now())


@described(name="decline", summary="Không đồng ý đề xuất", body=Note)
class DeclineView(CaseStepView):
    """The case is open again."""

    body = Note

    permission_classes = (having(Right.SEE_CASES), having(Right.CONFIRM_CASE))

    def step(self, case: Case, given: dict[str, Any], *, actor: User) -> None:
        decline_proposal(case_id=case.pk, actor=actor, now=timezone.now(), **given)
