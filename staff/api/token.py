"""A token for programs of staff; people use the session of the console."""

from typing import Any

from django.contrib.auth import authenticate
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from staff.api.refusals import RefusalBody
from staff.api.throttles import PerAddress
from staff.encryption import search_digest


class Credentials(serializers.Serializer[Any]):
    """Who asks for a token."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)


class GivenToken(serializers.Serializer[Any]):
    """The token, to be sent as `Authorization: Token …`."""

    token = serializers.CharField()


class WrongCredentials(APIException):
    """Unknown user, wrong password or a user switched off: one answer, nobody learns which."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "wrong_credentials"
    default_detail = "Tên đăng nhập hoặc mật khẩu không đúng."
    auth_header = "Token"


class LogInPerAddress(PerAddress):
    """Ten trials a minute from one address."""

    rate = "10/minute"
    scope = "log_in_address"


class LogInPerName(SimpleRateThrottle):
    """Ten trials a minute for one user name, from wherever; the name itself stays out of the cache."""

    rate = "10/minute"
    scope = "log_in_name"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        name = str(request.data.get("username", "")) if isinstance(request.data, dict) else ""
        return self.cache_format % {
            "scope": self.scope,
            "ident": search_digest(name.casefold(), purpose="log-in").hex(),
        }


@method_decorator([sensitive_post_parameters("password"), never_cache], name="dispatch")
class TokenView(APIView):
    """User name and password in, token out."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (LogInPerAddress, LogInPerName)

    @extend_schema(
        operation_id="token_create",
        tags=["token"],
        summary="Lấy mã truy cập",
        request=Credentials,
        responses={200: GivenToken, 400: RefusalBody, 401: RefusalBody, 429: RefusalBody},
        auth=[],
        examples=[
            OpenApiExample(
                "Đăng nhập", value={"username": "ke.toan", "password": "mat-khau-rat-dai"}, request_only=True
            ),
            OpenApiExample(
                "Mã truy cập",
                value={"token": "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b"},
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
        """The same token as last time, if there is one."""
        credentials = Credentials(data=request.data)
        credentials.is_valid(raise_exception=True)
        user = authenticate(request=request._request, **credentials.validated_data)
        if user is None:
            raise WrongCredentials
        token, _ = Token.objects.get_or_create(user=user)
        return Response({"token": token.key})
