"""One's own door: another password, where one is signed in, signing out everywhere."""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import OpenApiExample, extend_schema
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from staff.api.access import actor_of
from staff.api.labels import label_request
from staff.api.reading import body_of, no_body
from staff.api.refusals import RefusalBody
from staff.api.throttles import PerUser
from staff.models import SignIn
from staff.services.sign_ins import change_password, end_sign_ins, sign_ins_of

TAG = ["token"]


class NewPassword(serializers.Serializer[Any]):
    """The password in use, and the one to come."""

    old = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)
    new = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)


class SignedOut(serializers.Serializer[Any]):
    """How many sessions and tokens ended."""

    ended = serializers.IntegerField()


class SignInRow(serializers.Serializer[Any]):
    """One session or one token of a program; `this` is the one that asks."""

    kind = serializers.ChoiceField(choices=[("SESSION", "Trình duyệt"), ("TOKEN", "Mã truy cập của phần mềm")])
    since = serializers.DateTimeField()
    address = serializers.CharField(allow_blank=True)
    device = serializers.CharField(allow_blank=True)
    this = serializers.BooleanField()


class PasswordTrials(PerUser):
    """Ten trials a minute for one user: who finds a screen left open must not find the password by trying."""

    rate = "10/minute"
    scope = "change_password"


@method_decorator([sensitive_post_parameters("old", "new"), never_cache], name="dispatch")
class PasswordView(APIView):
    """Another password."""

    permission_classes = (IsAuthenticated,)
    throttle_classes = (PasswordTrials,)

    @extend_schema(
        operation_id="password_change",
        tags=TAG,
        summary="Đổi mật khẩu của mình",
        request=NewPassword,
        responses={200: SignedOut, 400: RefusalBody, 401: RefusalBody, 409: RefusalBody, 429: RefusalBody},
        examples=[
            OpenApiExample("Đổi", value={"old": "mat-khau-cu-2024", "new": "mot-cau-dai-de-nho"}, request_only=True),
            OpenApiExample("Đã đổi", value={"ended": 2}, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        """With the old one. Every other session and every token of the user ends."""
        actor, asked = actor_of(request), request._request
        label_request(asked, actor=actor)
        body, kept = body_of(request, NewPassword), _own_key(asked)
        ended = change_password(user=actor, old=body["old"], new=body["new"], keep=kept)
        if kept:
            update_session_auth_hash(asked, actor)
            SignIn.objects.filter(session_key=kept).update(session_key=_own_key(asked))
        return Response(SignedOut({"ended": ended}).data)


@method_decorator(never_cache, name="dispatch")
class SignInsView(APIView):
    """Where one is signed in."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="sign_ins_list",
        tags=TAG,
        summary="Tôi đang đăng nhập ở đâu",
        responses={200: SignInRow(many=True), 401: RefusalBody},
        examples=[
            OpenApiExample(
                "Đang đăng nhập",
                value={"kind": "SESSION", "since": "2026-11-21T08:30:00+07:00", "address": "10.1.2.3", "device": "Firefox", "this": True},
                response_only=True,
                status_codes=["200"],
            )
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Browsers first, then programs."""
        actor, now = actor_of(request), timezone.now()
        own = _own_key(request._request)
        rows = [
            {"kind": "SESSION", "since": one.signed_in_at, "address": one.address, "device": one.device, "this": one.session_key == own}
            for one in sign_ins_of(user=actor, now=now)
        ] + [
            {"kind": "TOKEN", "since": token.created, "address": "", "device": "", "this": token == request.auth}
            for token in AuthToken.objects.filter(user=actor, expiry__gt=now).order_by("-created")
        ]  # fmt: skip
        return Response(SignInRow(rows, many=True).data)


@method_decorator(never_cache, name="dispatch")
class SignOutEverywhereView(APIView):
    """Sign out everywhere else."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="sign_ins_end",
        tags=TAG,
        summary="Thoát ở mọi nơi khác",
        request=None,
        responses={200: SignedOut, 401: RefusalBody},
        examples=[OpenApiExample("Đã thoát", value={"ended": 2}, response_only=True, status_codes=["200"])],
    )
    def post(self, request: Request) -> Response:
        """Every other session and every token, the one that asks too if it is a token."""
        actor = actor_of(request)
        label_request(request._request, actor=actor)
        no_body(request)
        return Response(SignedOut({"ended": end_sign_ins(user=actor, keep=_own_key(request._request))}).data)


def _own_key(asked: HttpRequest) -> str:
    """Of the browser that asks; "" for a program."""
    return asked.session.session_key or ""
