"""A token for programs of staff, kept as a digest and with an end; people use the session of the console."""

import logging
from typing import Any
from unicodedata import normalize

from django.contrib.auth import authenticate
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import OpenApiExample, extend_schema
from knox.models import AuthToken
from knox.settings import knox_settings
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from staff.api.reading import body_of
from staff.api.refusals import RefusalBody
from staff.api.throttles import Allowance, PerAddress
from staff.encryption import search_digest
from staff.errors import Refusal
from staff.tokens import StaffTokens

logger = logging.getLogger(__name__)


class Credentials(serializers.Serializer[Any]):
    """Who asks for a token."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)


class GivenToken(serializers.Serializer[Any]):
    """The token, to be sent as `Authorization: Token …` until `expiry`. It is told this once: only its digest is kept."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class Revoking(serializers.Serializer[Any]):
    """Which tokens end."""

    everywhere = serializers.BooleanField(default=False, help_text="mọi mã truy cập của người dùng này")


class Revoked(serializers.Serializer[Any]):
    """How many tokens ended."""

    revoked = serializers.IntegerField()


class TooManyTokens(Refusal):
    """More tokens than one person has machines: one of them was forgotten somewhere."""

    code = "TOO_MANY_TOKENS"
    sentence = (
        "Đang có 10 mã truy cập còn hiệu lực, không cấp thêm. Mời dùng lại mã đã lấy (mỗi mã dùng được 12 giờ); hoặc hủy: gửi POST "
        '/api/token/revoke/ với {"everywhere": true} bằng một mã còn giữ, không còn mã nào thì đăng nhập trang web, mục tên mình, '
        "bấm thoát mọi nơi khác."
    )


class WrongCredentials(APIException):
    """Unknown user, wrong password or a user switched off: one answer, nobody learns which."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "wrong_credentials"
    default_detail = "Tên đăng nhập hoặc mật khẩu không đúng."
    auth_header = "Token"


class LogInPerAddress(PerAddress):
    """Ten wrong trials a minute from one address: a commune's whole office may log in from one."""

    rate = "10/minute"
    scope = "log_in_address"


class LogInPerName(Allowance):
    """Ten wrong trials a minute for one user name, from wherever; the name itself stays out of the cache."""

    rate = "10/minute"
    scope = "log_in_name"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        name = str(request.data.get("username", "")) if isinstance(request.data, dict) else ""
        name = normalize("NFKC", name).strip()  # as both doors read it: a blank before it makes no other user
        return self.cache_format % {
            "scope": self.scope,
            "ident": search_digest(name.casefold(), purpose="log-in").hex(),
        }


class LogInTrial:
    """One trial of a password. It is counted before the password is looked at, so that many at once can't get past the
    allowance, and given back when the password was right."""

    def __init__(self) -> None:
        self.allowances: list[Allowance] = [LogInPerAddress(), LogInPerName()]

    def allowed(self, request: Request, view: APIView) -> bool:
        """Count it with both, and say whether the password may be looked at."""
        within = [allowance.allow_request(request, view) for allowance in self.allowances]  # both count every trial
        return all(within)

    def was_wrong(self, request: Request) -> None:
        """Written down with the address alone: what was typed as a name may be a password."""
        logger.warning("log-in refused, from %s", LogInPerAddress().get_ident(request))

    def was_right(self) -> None:
        """Only wrong trials stay counted."""
        for allowance in self.allowances:
            allowance.give_back()


@method_decorator([sensitive_post_parameters("password"), never_cache], name="dispatch")
class TokenView(APIView):
    """User name and password in, token out."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_throttles(self) -> list[Any]:
        """Those of one trial, kept to be given back."""
        self.trial = LogInTrial()
        return self.trial.allowances

    @extend_schema(
        operation_id="token_create",
        tags=["token"],
        summary="Lấy mã truy cập",
        request=Credentials,
        responses={200: GivenToken, 400: RefusalBody, 401: RefusalBody, 409: RefusalBody, 429: RefusalBody},
        auth=[],
        examples=[
            OpenApiExample(
                "Đăng nhập", value={"username": "ke.toan", "password": "mat-khau-rat-dai"}, request_only=True
            ),
            OpenApiExample(
                "Mã truy cập",
                value={"token": "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b", "expiry": "2026-11-22T20:00:00+07:00"},
                response_only=True,
                status_codes=["200"],
            ),
            OpenApiExample(
                "Sai mật khẩu",
                value={
                    "code": "WRONG_CREDENTIALS",
                    "sentence": "Tên đăng nhập hoặc mật khẩu không đúng.",
                    "conflicts": [],
                },
                response_only=True,
                status_codes=["401"],
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        """A new token for twelve hours; at most ten at a time for one user."""
        credentials = body_of(request, Credentials)
        user = authenticate(request=request._request, **credentials)
        if user is None:
            self.trial.was_wrong(request)
            raise WrongCredentials
        self.trial.was_right()
        AuthToken.objects.filter(user=user, expiry__lte=timezone.now()).delete()
        if AuthToken.objects.filter(user=user).count() >= knox_settings.TOKEN_LIMIT_PER_USER:
            raise TooManyTokens
        kept, token = AuthToken.objects.create(user=user)
        return Response(GivenToken({"token": token, "expiry": kept.expiry}).data)


class RevokeView(APIView):
    """An end before its time."""

    authentication_classes = (StaffTokens,)
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="token_revoke",
        tags=["token"],
        summary="Hủy mã truy cập đang dùng, hoặc mọi mã của mình",
        request=Revoking,
        responses={200: Revoked, 400: RefusalBody, 401: RefusalBody},
        examples=[
            OpenApiExample("Mọi máy", value={"everywhere": True}, request_only=True),
            OpenApiExample("Đã hủy", value={"revoked": 2}, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        """The token that is sent along is worth nothing from now on; `everywhere`: nor is any other of this user."""
        wish = body_of(request, Revoking)
        tokens = AuthToken.objects.filter(user_id=request.user.pk)
        if not wish["everywhere"]:
            tokens = tokens.filter(pk=request.auth.pk)
        revoked, _ = tokens.delete()
        return Response({"revoked": revoked})
