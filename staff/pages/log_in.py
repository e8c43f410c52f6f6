"""Log in and out. As many wrong trials as at the API's address for tokens, counted together with them."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.views import APIView

from staff.api.token import LogInPerAddress, LogInTrial, WrongCredentials
from staff.models import User
from staff.pages.base import NOTHING_DONE, protect
from staff.pages.drafts import forget, remember
from staff.services.sign_ins import note_sign_in

ENDED = "Phiên làm việc đã hết nên việc vừa bấm chưa được ghi. Mời đăng nhập, trang cũ mở lại để làm tiếp."
ENDED_AND_KEPT = (
    "Phiên làm việc đã hết nên việc vừa bấm chưa được ghi. Nội dung vừa gõ còn giữ 30 phút: "
    "mời đăng nhập đúng tên cũ, trang mở lại với nội dung ấy."
)
TOO_OFTEN = "Tên này, hoặc các máy dùng chung mạng này, vừa đăng nhập sai quá nhiều lần. Mời chờ một phút rồi thử lại."


class LogInForm(AuthenticationForm):
    """One answer for an unknown name, a wrong password and a user switched off."""

    error_messages = {
        "invalid_login": WrongCredentials.default_detail,
        "inactive": WrongCredentials.default_detail,
    }

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["username"].label, self.fields["password"].label = "Tên đăng nhập", "Mật khẩu"


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class LogIn(LoginView):
    """User name and password; then to where one was going, on this host only."""

    template_name = "staff/log_in.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Whether a button was pressed after the session had ended."""
        ended = {"1": ENDED, "2": ENDED_AND_KEPT}.get(self.request.GET.get(NOTHING_DONE, ""), "")
        return super().get_context_data(**given) | {"ended": ended}

    def dispatch(self, request: HttpRequest, *args: Any, **address: Any) -> HttpResponseBase:
        return protect(super().dispatch(request, *args, **address))

    def post(self, request: HttpRequest, *args: Any, **address: Any) -> HttpResponse:
        """429 before the password is looked at; 415 for a body that is no form."""
        if request.content_type not in (FormParser.media_type, MultiPartParser.media_type):
            return HttpResponse(status=415)
        asked = Request(request, parsers=[FormParser(), MultiPartParser()])
        self.trial = LogInTrial()
        if not self.trial.allowed(asked, APIView()):
            form = self.get_form_class()(request)
            return render(request, self.template_name, {"form": form, "too_often": TOO_OFTEN}, status=429)
        return super().post(request, *args, **address)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Asked again; whoever runs the server can see how often, and from where."""
        self.trial.was_wrong(Request(self.request))
        return super().form_invalid(form)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Logged in; the session is noted, so that its owner can see and end it."""
        self.trial.was_right()
        response = super().form_valid(form)
        user, key = form.get_user(), self.request.session.session_key
        if isinstance(user, User) and key:
            address = LogInPerAddress().get_ident(Request(self.request))
            device = self.request.headers.get("User-Agent", "")
            note_sign_in(user=user, session_key=key, address=address, device=device, now=timezone.now())
            remember(response, user=user)
        return response


class LogOut(LogoutView):
    """Nothing of the person stays in the browser, nor what they had begun to type."""

    def post(self, request: HttpRequest, *args: Any, **address: Any) -> Any:
        """Leave, and forget."""
        user = request.user if isinstance(request.user, User) else None
        response = super().post(request, *args, **address)
        forget(response, user=user)
        return response
