"""Accounts of people in reach: look, close, confirm a nearly equal name; changes of account, decided by a second person."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.account_shapes import AccountDetail, AccountQuery, AccountRow, ChangeRow, ClosingBody, NoteBody
from beneficiaries.api.reach import accounts_in_reach, changes_in_reach
from beneficiaries.models import AccountChange, BankAccount
from beneficiaries.services.accounts.change_account import (
    approve_changes,
    close_account,
    confirm_holder_name,
    refuse_change,
)
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import filters_of
from staff.api.refusals import READ, RefusalBody
from staff.api.steps import StepView, described
from staff.models import User
from staff.rights import Right

TAG = ["accounts"]
SEEING = (having(Right.SEE_ACCOUNTS), having(Right.SEE_PERSONS))
DECIDING = (*SEEING, having(Right.APPROVE_ACCOUNT_CHANGE))


class AccountsView(ListView[BankAccount]):
    """Accounts, by person."""

    permission_classes = SEEING
    serializer_class = AccountRow

    @extend_schema(
        operation_id="accounts_list",
        tags=TAG,
        summary="Tài khoản nhận trợ cấp trên địa bàn",
        parameters=[AccountQuery],
        responses={200: AccountRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Filters `status` and `reason`."""
        query = filters_of(request, AccountQuery)
        found = accounts_in_reach(actor_of(request)).filter(**query)
        return self.page_of(found.order_by("beneficiary__unit__path", "beneficiary__sort_key", "pk"))


@method_decorator(never_cache, name="dispatch")
class AccountView(APIView):
    """One account."""

    permission_classes = SEEING

    @extend_schema(
        operation_id="accounts_retrieve",
        tags=TAG,
        summary="Một tài khoản và lịch sử thay đổi",
        responses={200: AccountDetail, **READ},
    )
    def get(self, request: Request, account_id: int) -> Response:
        """With every change: who, when, why."""
        return Response(AccountDetail(get_object_or_404(accounts_in_reach(actor_of(request)), pk=account_id)).data)


class AccountStepView(StepView[BankAccount]):
    """One step of one account."""

    def find(self, actor: User, pk: int) -> BankAccount:
        return get_object_or_404(accounts_in_reach(actor), pk=pk)

    def show(self, actor: User, pk: int) -> Response:
        return Response(AccountDetail(self.find(actor, pk)).data)


@described("accounts_close", "Ghi nhận đóng tài khoản", tags=TAG, row=AccountDetail)
class CloseAccountView(AccountStepView):
    """An account that is not used any more: the next list pays another way; a case asks for another account."""

    permission_classes = (*SEEING, having(Right.MANAGE_ACCOUNTS))
    body = ClosingBody

    def step(self, item: BankAccount, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        close_account(account=item, on=timezone.localdate(now), actor=actor, now=now, **given)


@described("accounts_confirm_name", "Xác nhận tên chủ tài khoản gần giống là đúng", tags=TAG, row=AccountDetail)
class ConfirmNameView(AccountStepView):
    """A holder's name that is nearly the same. Only for names in review; the note says which paper was seen."""

    permission_classes = DECIDING
    body = NoteBody

    def step(self, item: BankAccount, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        confirm_holder_name(account=item, note=given["note"], actor=actor, now=now)


class ChangesView(ListView[AccountChange]):
    """Changes of account, those to decide first."""

    permission_classes = SEEING
    serializer_class = ChangeRow

    @extend_schema(
        operation_id="account_changes_list",
        tags=TAG,
        summary="Đề nghị đổi tài khoản",
        responses={200: ChangeRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Newest first within pending and decided."""
        return self.page_of(changes_in_reach(actor_of(request)).order_by("decided_at", "-pk").reverse())


class ChangeStepView(StepView[AccountChange]):
    """The second person decides one change."""

    permission_classes = DECIDING

    def find(self, actor: User, pk: int) -> AccountChange:
        return get_object_or_404(changes_in_reach(actor), pk=pk)

    def show(self, actor: User, pk: int) -> Response:
        return Response(ChangeRow(self.find(actor, pk)).data)


@described("account_changes_approve", "Duyệt đổi tài khoản", tags=TAG, row=ChangeRow)
class ApproveChangeView(ChangeStepView):
    """Yes: the new account is used from `usable_from` on."""

    def step(self, item: AccountChange, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        approve_changes(change_ids=[item.pk], actor=actor, now=now)


@described("account_changes_refuse", "Không duyệt đổi tài khoản", tags=TAG, row=ChangeRow)
class RefuseChangeView(ChangeStepView):
    """No: the old account stays in use."""

    body = NoteBody

    def step(self, item: AccountChange, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        refuse_change(change_id=item.pk, note=given["note"], actor=actor, now=now)
