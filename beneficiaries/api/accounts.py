"""Accounts of people in reach: look, close, confirm a nearly equal name; changes of account, decided by a second person."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.account_shapes import AccountDetail, AccountQuery, AccountRow, ChangeRow, ClosingBody, NoteBody
from beneficiaries.api.reach import accounts_in_reach, changes_in_reach
from beneficiaries.models import AccountChange, BankAccount
from beneficiaries.services.change_account import approve_changes, close_account, confirm_holder_name, refuse_change
from staff.api.access import actor_of, having
from staff.api.pages import Pages
from staff.api.refusals import RefusalBody
from staff.rights import Right

TAG = ["accounts"]
READ = {403: RefusalBody, 404: RefusalBody}
WRITE = {400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody}
SEEING = (having(Right.SEE_ACCOUNTS), having(Right.SEE_PERSONS))


@method_decorator(never_cache, name="dispatch")
class AccountsView(GenericAPIView[BankAccount]):
    """Accounts, by person."""

    permission_classes = SEEING
    pagination_class = Pages
    serializer_class = AccountRow
    queryset = BankAccount.objects.none()

    @extend_schema(
        operation_id="accounts_list",
        tags=TAG,
        summary="Tài khoản nhận trợ cấp trên địa bàn",
        parameters=[AccountQuery],
        responses={200: AccountRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Filters `status` and `reason`."""
        query = AccountQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = accounts_in_reach(actor_of(request)).filter(**query.validated_data)
        page = self.paginate_queryset(found.order_by("beneficiary__unit__path", "beneficiary__sort_key", "pk"))
        return self.get_paginated_response(AccountRow(page, many=True).data)


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


@method_decorator(never_cache, name="dispatch")
class CloseAccountView(APIView):
    """An account that is not used any more."""

    permission_classes = (*SEEING, having(Right.MANAGE_ACCOUNTS))

    @extend_schema(
        operation_id="accounts_close",
        tags=TAG,
        summary="Ghi nhận đóng tài khoản",
        request=ClosingBody,
        responses={200: AccountDetail, **WRITE},
    )
    def post(self, request: Request, account_id: int) -> Response:
        """The next list pays another way; a case asks for another account."""
        actor = actor_of(request)
        account = get_object_or_404(accounts_in_reach(actor), pk=account_id)
        body = ClosingBody(data=request.data)
        body.is_valid(raise_exception=True)
        now = timezone.now()
        close_account(account=account, on=timezone.localdate(now), actor=actor, now=now, **body.validated_data)
        return Response(AccountDetail(get_object_or_404(accounts_in_reach(actor), pk=account_id)).data)


@method_decorator(never_cache, name="dispatch")
class ConfirmNameView(APIView):
    """A holder's name that is nearly the same."""

    permission_classes = (*SEEING, having(Right.APPROVE_ACCOUNT_CHANGE))

    @extend_schema(
        operation_id="accounts_confirm_name",
        tags=TAG,
        summary="Xác nhận tên chủ tài khoản gần giống là đúng",
        request=NoteBody,
        responses={200: AccountDetail, **WRITE},
    )
    def post(self, request: Request, account_id: int) -> Response:
        """Only for names in review; the note says which paper was seen."""
        actor = actor_of(request)
        account = get_object_or_404(accounts_in_reach(actor), pk=account_id)
        body = NoteBody(data=request.data)
        body.is_valid(raise_exception=True)
        confirm_holder_name(account=account, note=body.validated_data["note"], actor=actor, now=timezone.now())
        return Response(AccountDetail(get_object_or_404(accounts_in_reach(actor), pk=account_id)).data)


@method_decorator(never_cache, name="dispatch")
class ChangesView(GenericAPIView[AccountChange]):
    """Changes of account, those to decide first."""

    permission_classes = SEEING
    pagination_class = Pages
    serializer_class = ChangeRow
    queryset = AccountChange.objects.none()

    @extend_schema(
        operation_id="account_changes_list",
        tags=TAG,
        summary="Đề nghị đổi tài khoản",
        responses={200: ChangeRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Newest first within pending and decided."""
        page = self.paginate_queryset(changes_in_reach(actor_of(request)).order_by("decided_at", "-pk").reverse())
        return self.get_paginated_response(ChangeRow(page, many=True).data)


@method_decorator(never_cache, name="dispatch")
class ApproveChangeView(APIView):
    """The second person says yes."""

    permission_classes = (*SEEING, having(Right.APPROVE_ACCOUNT_CHANGE))

    @extend_schema(
        operation_id="account_changes_approve",
        tags=TAG,
        summary="Duyệt đổi tài khoản",
        request=None,
        responses={200: ChangeRow, **WRITE},
    )
    def post(self, request: Request, change_id: int) -> Response:
        """The new account is used from `usable_from` on."""
        actor = actor_of(request)
        change = get_object_or_404(changes_in_reach(actor), pk=change_id)
        approve_changes(change_ids=[change.pk], actor=actor, now=timezone.now())
        return Response(ChangeRow(get_object_or_404(changes_in_reach(actor), pk=change_id)).data)


@method_decorator(never_cache, name="dispatch")
class RefuseChangeView(APIView):
    """The second person says no."""

    permission_classes = (*SEEING, having(Right.APPROVE_ACCOUNT_CHANGE))

    @extend_schema(
        operation_id="account_changes_refuse",
        tags=TAG,
        summary="Không duyệt đổi tài khoản",
        request=NoteBody,
        responses={200: ChangeRow, **WRITE},
    )
    def post(self, request: Request, change_id: int) -> Response:
        """The old account stays in use."""
        actor = actor_of(request)
        change = get_object_or_404(changes_in_reach(actor), pk=change_id)
        body = NoteBody(data=request.data)
        body.is_valid(raise_exception=True)
        refuse_change(change_id=change.pk, note=body.validated_data["note"], actor=actor, now=timezone.now())
        return Response(ChangeRow(get_object_or_404(changes_in_reach(actor), pk=change_id)).data)
