"""Who signed old decisions: those nobody knows it of, by commune; proposed from the paper, confirmed by a second person."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.signers import SignerField
from beneficiaries.models import Decision, SuppliedSigner
from beneficiaries.services.decisions.signers import (
    confirm_signers,
    decisions_without_signer,
    of_the_same_paper,
    propose_signers,
    proposed_alike,
    refuse_signer,
    with_signers,
    withdraw_signer,
    without_signer_by_unit,
)
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.query import Query
from staff.api.reading import body_of, filters_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.api.steps import StepView, described
from staff.api.words import Words
from staff.models import User
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["decisions"]
MOST_AT_ONCE = 200


class WithoutSignerQuery(Query):
    """Which unit and those below (the own one if not said); `waiting`: only those somebody is proposed for, or only those nobody is."""

    unit = serializers.CharField(max_length=12, required=False, default="")
    waiting = serializers.BooleanField(required=False, default=None, allow_null=True)


class UnitQuery(Query):
    """Which unit and those below (the own one if not said)."""

    unit = serializers.CharField(max_length=12, required=False, default="")


class _OneDecision(serializers.Serializer[Any]):
    """Which decision, of whom, by what number and day."""

    decision_id = serializers.IntegerField(source="pk")
    enrolment_id = serializers.IntegerField()
    code = serializers.CharField(source="enrolment.code")
    full_name = serializers.CharField(source="enrolment.beneficiary.full_name")
    unit_name = serializers.CharField(source="enrolment.unit.name")
    kind_label = serializers.CharField(source="get_kind_display")
    number = serializers.CharField()
    signed_on = serializers.DateField()


class DecisionWithoutSigner(_OneDecision):
    """A decision of which nobody knows who signed; `signer`: what it came in with, a title at most."""

    signer = serializers.CharField()
    waits = serializers.BooleanField(help_text="đã có người đề nghị, chờ người thứ hai xác nhận")


class UnitWithoutSigner(serializers.Serializer[Any]):
    """How many decisions of one commune."""

    unit = serializers.CharField()
    unit_name = serializers.CharField()
    decisions = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="trong đó đã đề nghị, chờ xác nhận")


class SuppliedSignerRow(serializers.Serializer[SuppliedSigner]):
    """One proposal, and what became of it."""

    id = serializers.IntegerField()
    signer = serializers.CharField()
    seen = serializers.CharField(help_text="đã xem bản giấy nào, ở đâu")
    status = serializers.ChoiceField(choices=SuppliedSigner.Status.choices)
    status_label = serializers.CharField(source="get_status_display")
    proposed_by = serializers.CharField(source="proposed_by.full_name")
    proposed_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_by.full_name", allow_null=True, default=None)
    decided_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()


class OnTheSamePaper(serializers.Serializer[Any]):
    """Another decision on this paper; `proposal`: one that waits and says the same as the one that waits here."""

    decision_id = serializers.IntegerField()
    code = serializers.CharField()
    full_name = serializers.CharField()
    proposal = serializers.IntegerField(allow_null=True)


class SignersOfDecision(_OneDecision):
    """A decision with who signed it as it is known now, and every proposal, the newest first."""

    signer = serializers.CharField(help_text="như khi nạp, khi ghi")
    signer_shown = serializers.CharField(help_text="như đang biết, kể cả bổ sung sau; rỗng: chưa rõ người ký")
    names_signer = serializers.BooleanField(help_text="đã ghi người ký từ đầu: không bổ sung được")
    supplied = SuppliedSignerRow(source="supplied_newest_first", many=True)
    same_paper = OnTheSamePaper(many=True, help_text="cùng xã, cùng số, cùng ngày, chưa rõ người ký")


class SignerBody(serializers.Serializer[Any]):
    """Name and title as on the paper; which paper was looked at, and where it is."""

    signer = SignerField()
    seen = Words(max_length=300)
    also = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=MOST_AT_ONCE, required=False, default=list,
        help_text="mã các quyết định khác trên cùng bản giấy",
    )  # fmt: skip


class ProposalBody(serializers.Serializer[Any]):
    """Which proposal: the one that was read."""

    proposal = serializers.IntegerField(min_value=1)


class ProposalConfirmedBody(ProposalBody):
    """Which proposal, and which others that say the same of the same paper."""

    also = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=MOST_AT_ONCE, required=False, default=list,
        help_text="mã các đề nghị giống hệt cho quyết định khác trên cùng bản giấy",
    )  # fmt: skip


class ProposalRefusedBody(ProposalBody):
    """Which proposal, and why not."""

    note = Words(max_length=300)


def _in_reach(actor: User) -> QuerySet[Decision]:
    rows = with_signers(Decision.objects.select_related("enrolment__beneficiary", "enrolment__unit"))
    return rows.filter(enrolment__unit__path__startswith=actor.unit.path) if actor.unit else rows.none()


def _shown(actor: User, pk: int) -> Response:
    decision = get_object_or_404(_in_reach(actor), pk=pk)
    rows = decision.supplied_signers.select_related("proposed_by", "decided_by").order_by("-pk")
    setattr(decision, "supplied_newest_first", list(rows))  # noqa: B010  (read by the shape, no column)
    setattr(decision, "same_paper", _same_paper(decision, list(rows)))  # noqa: B010
    return Response(SignersOfDecision(decision).data)


def _same_paper(decision: Decision, supplied: list[SuppliedSigner]) -> list[dict[str, Any]]:
    waiting = next((one for one in supplied if one.status == SuppliedSigner.Status.PROPOSED), None)
    alike: list[tuple[Decision, int | None]]
    if waiting is not None:
        alike = [(one.decision, one.pk) for one in proposed_alike(waiting)[:MOST_AT_ONCE]]
    else:
        alike = [(one, None) for one in of_the_same_paper(decision, waiting=False)[:MOST_AT_ONCE]]
    return [
        {
            "decision_id": one.pk,
            "code": one.enrolment.code,
            "full_name": one.enrolment.beneficiary.full_name,
            "proposal": proposal,
        }
        for one, proposal in alike
    ]


class DecisionsWithoutSignerView(ListView[Decision]):
    """Decisions nobody is named to have signed."""

    permission_classes = (having(Right.SEE_PERSONS),)
    serializer_class = DecisionWithoutSigner

    @extend_schema(
        operation_id="decisions_without_signer",
        tags=TAG,
        summary="Quyết định chưa rõ người ký trên địa bàn",
        parameters=[WithoutSignerQuery],
        responses={200: DecisionWithoutSigner(many=True), 400: RefusalBody, **READ},
    )
    def get(self, request: Request) -> Response:
        """By commune and code."""
        given = filters_of(request, WithoutSignerQuery)
        unit = unit_in_reach(actor_of(request), given["unit"])
        return self.page_of(decisions_without_signer(unit=unit, waiting=given["waiting"]))


class UnitsWithoutSignerView(ListView[Decision]):
    """How many of each commune."""

    permission_classes = (having(Right.SEE_PERSONS),)
    serializer_class = UnitWithoutSigner

    @extend_schema(
        operation_id="decisions_without_signer_units",
        tags=TAG,
        summary="Mỗi xã còn bao nhiêu quyết định chưa rõ người ký",
        parameters=[UnitQuery],
        responses={200: UnitWithoutSigner(many=True), 400: RefusalBody, **READ},
    )
    def get(self, request: Request) -> Response:
        """In the order of the map; communes without any are left out."""
        unit = unit_in_reach(actor_of(request), filters_of(request, UnitQuery)["unit"])
        return self.page_of(without_signer_by_unit(unit=unit))


@method_decorator(never_cache, name="dispatch")
class DecisionSignerView(APIView):
    """Who signed one decision."""

    def get_permissions(self) -> list[Any]:
        """Reading is for who sees persons, proposing for who records decisions."""
        right = Right.RECORD_DECISION if self.request.method == "POST" else Right.SEE_PERSONS
        return [*super().get_permissions(), having(right)()]

    @extend_schema(
        operation_id="decision_signer_retrieve",
        tags=TAG,
        summary="Ai ký một quyết định, và các lần bổ sung người ký",
        responses={200: SignersOfDecision, **READ},
    )
    def get(self, request: Request, decision_id: int) -> Response:
        """Nothing of it is ever taken out."""
        return _shown(actor_of(request), decision_id)

    @extend_schema(
        operation_id="decision_signer_propose",
        tags=TAG,
        summary="Đề nghị bổ sung người ký theo bản giấy; có hiệu lực khi người thứ hai xác nhận",
        request=SignerBody,
        responses={200: SignersOfDecision, **WRITE},
    )
    def post(self, request: Request, decision_id: int) -> Response:
        """The decision itself is not edited, and nothing that is paid rests on it."""
        actor = actor_of(request)
        decision = get_object_or_404(_in_reach(actor), pk=decision_id)
        propose_signers(decision=decision, **body_of(request, SignerBody), actor=actor, now=database_now())
        return _shown(actor, decision_id)


class SignerStepView(StepView[Decision]):
    """One step of the proposal that waits."""

    permission_classes = (having(Right.SEE_PERSONS), having(Right.CONFIRM_CORRECTION))
    body: ClassVar[type[serializers.Serializer[Any]]] = ProposalRefusedBody

    def find(self, actor: User, pk: int) -> Decision:
        return get_object_or_404(_in_reach(actor), pk=pk)

    def show(self, actor: User, pk: int) -> Response:
        return _shown(actor, pk)


@described("decision_signer_confirm", "Xác nhận người ký theo bản giấy", tags=TAG, row=SignersOfDecision)
class ConfirmSignerView(SignerStepView):
    """The second person has seen the paper."""

    body = ProposalConfirmedBody

    def step(self, item: Decision, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        confirm_signers(decision=item, proposal=given["proposal"], also=given["also"], actor=actor, now=now)


@described("decision_signer_refuse", "Không chấp nhận người ký được đề nghị", tags=TAG, row=SignersOfDecision)
class RefuseSignerView(SignerStepView):
    """The second person says why not."""

    def step(self, item: Decision, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        refuse_signer(decision=item, proposal=given["proposal"], note=given["note"], actor=actor, now=now)


@described("decision_signer_withdraw", "Rút đề nghị bổ sung người ký", tags=TAG, row=SignersOfDecision)
class WithdrawSignerView(SignerStepView):
    """Whoever proposed takes it back."""

    permission_classes = (having(Right.SEE_PERSONS), having(Right.RECORD_DECISION))

    def step(self, item: Decision, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        withdraw_signer(decision=item, proposal=given["proposal"], note=given["note"], actor=actor, now=now)
