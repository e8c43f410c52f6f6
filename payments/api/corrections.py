"""Corrections of people's records: propose one with its paper, see who waits for a second person, confirm, refuse, take back."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.reach import people_in_reach
from beneficiaries.models import Correction, CorrectionScan
from beneficiaries.services.corrections.asked import Asked, ProvingPaper
from beneficiaries.services.corrections.propose import propose_correction, refuse_correction, withdraw_correction
from beneficiaries.states import CorrectionStatus
from payments.api.correction_shapes import (
    Confirming,
    CorrectionBody,
    CorrectionDetail,
    CorrectionQuery,
    CorrectionRow,
    Refusing,
)
from payments.services.corrections import confirm, warnings_of
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of, filters_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.api.steps import StepView, described
from staff.models import User
from staff.rights import Right

TAG = ["corrections"]
FIELDS = ("full_name", "birth", "sex", "hamlet", "number")
SENSITIVE = ("full_name", "birth", "number")


def corrections_in_reach(actor: User) -> QuerySet[Correction]:
    """Corrections of people of the actor's subtree, with everything a row shows."""
    rows = Correction.objects.select_related(
        "beneficiary__unit", "number_before", "number_after", "proposed_by", "decided_by"
    )
    rows = rows.annotate(has_paper=Exists(CorrectionScan.objects.filter(correction=OuterRef("pk"))))
    return rows.filter(beneficiary__unit__path__startswith=actor.unit.path) if actor.unit else rows.none()


def detailed(correction: Correction) -> Response:
    """The correction with what is to be known before it is confirmed."""
    waits = correction.status == CorrectionStatus.PROPOSED
    warnings = warnings_of(correction, now=timezone.now()) if waits else []
    return Response({**CorrectionRow(correction).data, "warnings": warnings})


class CorrectionsView(ListView[Correction]):
    """Corrections of the subtree."""

    permission_classes = (having(Right.SEE_PERSONS),)
    serializer_class = CorrectionRow

    @extend_schema(
        operation_id="corrections_list",
        tags=TAG,
        summary="Đề nghị sửa hồ sơ trên địa bàn",
        parameters=[CorrectionQuery],
        responses={200: CorrectionRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Those that wait, the oldest first; with `status` others."""
        status = filters_of(request, CorrectionQuery).get("status", CorrectionStatus.PROPOSED)
        return self.page_of(corrections_in_reach(actor_of(request)).filter(status=status).order_by("proposed_at", "pk"))


@method_decorator([sensitive_post_parameters(*SENSITIVE), never_cache], name="dispatch")
class PersonCorrectionsView(APIView):
    """The corrections of one person."""

    def get_permissions(self) -> list[Any]:
        """Reading is for who sees persons, proposing for who keeps the records."""
        right = Right.CORRECT_RECORD if self.request.method == "POST" else Right.SEE_PERSONS
        return [*super().get_permissions(), having(right)()]

    @extend_schema(
        operation_id="person_corrections_list",
        tags=TAG,
        summary="Các lần sửa hồ sơ của một người hưởng: ai, khi nào, theo giấy tờ nào",
        responses={200: CorrectionRow(many=True), **READ},
    )
    def get(self, request: Request, beneficiary_id: int) -> Response:
        """Newest first; nothing is ever taken out."""
        person = get_object_or_404(people_in_reach(actor_of(request)), pk=beneficiary_id)
        rows = corrections_in_reach(actor_of(request)).filter(beneficiary=person).order_by("-pk")
        return Response(CorrectionRow(rows, many=True).data)

    @extend_schema(
        operation_id="corrections_create",
        tags=TAG,
        summary="Đề nghị sửa hồ sơ theo giấy tờ; chỉ có hiệu lực khi người thứ hai xác nhận",
        request=CorrectionBody,
        responses={201: CorrectionDetail, **WRITE},
    )
    def post(self, request: Request, beneficiary_id: int) -> Response:
        """With `case_id` the case that asked for it is solved by it."""
        actor = actor_of(request)
        person = get_object_or_404(people_in_reach(actor), pk=beneficiary_id)
        given = body_of(request, CorrectionBody)
        asked = {name: given.get(name) for name in FIELDS}
        if given["remove_number"]:
            asked["number"] = ""
        correction = propose_correction(
            beneficiary_id=person.pk,
            asked=Asked(**asked),
            paper=ProvingPaper(
                kind=given["paper_kind"],
                number=given["paper_number"],
                issued_on=given["paper_issued_on"],
                issuer=given["paper_issuer"],
            ),
            reason=given["reason"],
            case_id=given["case_id"],
            actor=actor,
            now=timezone.now(),
        )
        answer = detailed(corrections_in_reach(actor).get(pk=correction.pk))
        answer.status_code = 201
        return answer


@method_decorator(never_cache, name="dispatch")
class CorrectionView(APIView):
    """One correction."""

    permission_classes = (having(Right.SEE_PERSONS),)

    @extend_schema(
        operation_id="corrections_retrieve",
        tags=TAG,
        summary="Một đề nghị sửa hồ sơ và điều cần biết trước khi xác nhận",
        responses={200: CorrectionDetail, **READ},
    )
    def get(self, request: Request, correction_id: int) -> Response:
        """What it would set off, as long as nobody decided."""
        return detailed(get_object_or_404(corrections_in_reach(actor_of(request)), pk=correction_id))


class CorrectionStepView(StepView[Correction]):
    """One step of one correction."""

    permission_classes = (having(Right.SEE_PERSONS), having(Right.CONFIRM_CORRECTION))

    def find(self, actor: User, pk: int) -> Correction:
        return get_object_or_404(corrections_in_reach(actor), pk=pk)

    def show(self, actor: User, pk: int) -> Response:
        return detailed(self.find(actor, pk))


@described("corrections_confirm", "Xác nhận sửa hồ sơ", tags=TAG, row=CorrectionDetail)
class ConfirmCorrectionView(CorrectionStepView):
    """The second person has seen the paper: the record is put right."""

    body = Confirming

    def step(self, item: Correction, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        confirm(correction_id=item.pk, actor=actor, now=now, seen=given["seen"])


@described("corrections_refuse", "Không chấp nhận sửa hồ sơ", tags=TAG, row=CorrectionDetail)
class RefuseCorrectionView(CorrectionStepView):
    """The second person says why not; the record stays."""

    body = Refusing

    def step(self, item: Correction, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        refuse_correction(correction_id=item.pk, note=given["note"], actor=actor, now=now)


@described("corrections_withdraw", "Rút đề nghị sửa hồ sơ", tags=TAG, row=CorrectionDetail)
class WithdrawCorrectionView(CorrectionStepView):
    """Whoever proposed takes it back."""

    permission_classes = (having(Right.SEE_PERSONS), having(Right.CORRECT_RECORD))
    body = Refusing

    def step(self, item: Correction, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        withdraw_correction(correction_id=item.pk, note=given["note"], actor=actor, now=now)
