"""Changes of settings by API: seen by who sees lists, put in force by a second person; and the rules that say who signs."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api.funding_shapes import CHANGE, SettingChangeRow, SigningRuleIn, SigningRuleRow
from payments.models import SettingChange, SigningRule
from payments.services.setting_changes import accept_change, changes_in_reach, decline_change
from payments.services.signing.signing_rules import propose_signing_rule
from payments.states import Step
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import WRITE, RefusalBody
from staff.api.steps import StepView, described
from staff.models import User
from staff.rights import Right

TAG = ["funding"]
EXAMPLE = OpenApiExample("Đề nghị", value=CHANGE, response_only=True, status_codes=["200"])
_RULE = {
    "step": "COSIGNER", "step_label": "Người đồng ký", "title": "Phó Giám đốc Sở", "from_amount": 5000000000, "valid_from": "2026-12-01",
    "document_number": "12/QĐ-SNV", "proposed_by": "Phạm Văn Chủ", "set_by": "Trần Thị Kế", "set_at": "2026-11-20T09:00:00+07:00",
}  # fmt: skip


class SettingChangesView(ListView[SettingChange]):
    """Proposed and decided changes."""

    permission_classes = (having(Right.SEE_LISTS),)
    serializer_class = SettingChangeRow

    @extend_schema(
        operation_id="setting_changes_list",
        tags=TAG,
        summary="Đề nghị thay đổi tài khoản chi trả, quy định ký",
        responses={200: SettingChangeRow(many=True), 403: RefusalBody},
        examples=[EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        """What waits for a second person first."""
        return self.page_of(changes_in_reach(unit=actor_of(request).unit))


class _ChangeStep(StepView[SettingChange]):
    """Both keep funding and set rules; which of the two a change needs, its service asks."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.KEEP_FUNDING))

    def find(self, actor: User, pk: int) -> SettingChange:
        """In the subtree, or 404."""
        return get_object_or_404(changes_in_reach(unit=actor.unit), pk=pk)

    def show(self, actor: User, pk: int) -> Response:
        """With who decided it."""
        return Response(SettingChangeRow(self.find(actor, pk)).data)


@described("setting_changes_accept", "Xác nhận thay đổi", tags=TAG, row=SettingChangeRow, examples=[EXAMPLE])
class AcceptChangeView(_ChangeStep):
    """By another person in another role; in force at once."""

    def step(self, item: SettingChange, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        accept_change(change_id=item.pk, actor=actor, now=now)


@described("setting_changes_decline", "Không chấp nhận thay đổi", tags=TAG, row=SettingChangeRow, examples=[EXAMPLE])
class DeclineChangeView(_ChangeStep):
    """Also by whoever proposed it."""

    def step(self, item: SettingChange, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        decline_change(change_id=item.pk, actor=actor, now=now)


@method_decorator(never_cache, name="dispatch")
class SigningRulesView(ListView[SigningRule]):
    """Who signs, with which title, from which sum on."""

    serializer_class = SigningRuleRow
    queryset = SigningRule.objects.none()

    def get_permissions(self) -> list[Any]:
        """Whoever sees lists sees who has to sign them."""
        return [having(Right.SET_SIGNING_RULES if self.request.method == "POST" else Right.SEE_LISTS)()]

    @extend_schema(
        operation_id="signing_rules_list",
        tags=TAG,
        summary="Quy định ký: chức danh, mức tiền cần thêm chữ ký",
        responses={200: SigningRuleRow(many=True), 403: RefusalBody},
        examples=[OpenApiExample("Đồng ký", value=_RULE, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        """By step, the latest first; for lists made from `valid_from` on."""
        rules = SigningRule.objects.select_related("set_by", "change__proposed_by")
        return self.page_of(rules.order_by("step", "-valid_from"))

    @extend_schema(
        operation_id="signing_rules_propose",
        tags=TAG,
        summary="Đề nghị quy định ký",
        request=SigningRuleIn,
        responses={200: SettingChangeRow, **WRITE},
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """For lists to come; in force when another person in another role accepts it (`setting-changes/<id>/accept/`)."""
        given = body_of(request, SigningRuleIn)
        change = propose_signing_rule(
            step=Step(given.pop("step")),
            document_number=given.pop("document"),
            actor=actor_of(request),
            now=timezone.now(),
            **given,
        )
        return Response(SettingChangeRow(change).data)
