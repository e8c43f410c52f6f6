"""My own page: another password, where I am signed in, signing out everywhere."""

from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from staff.api.own_door import PasswordView, SignInsView, SignOutEverywhereView
from staff.models import User
from staff.pages.base import Page, PageStep
from staff.pages.places import places_shown
from staff.services.role_assignments import last_day_of


class MePage(Page):
    """Who I am here, and my door."""

    template_name = "staff/me.html"

    def content(self, **address: Any) -> dict[str, Any]:
        user, today = self.request.user, timezone.localdate()
        last = last_day_of(user, on=today) if isinstance(user, User) else None
        return {"sign_ins": self.ask(SignInsView), "last_day": last} | places_shown(self.request)


class GuidePage(Page):
    """Two pages of A4 for whoever begins: a month, a day, what to do when something goes wrong."""

    template_name = "staff/guide.html"

    def content(self, **address: Any) -> dict[str, Any]:
        return {"hotline": settings.HOTLINE}


@method_decorator(sensitive_post_parameters("old", "new"), name="dispatch")
class ChangePassword(PageStep):
    """Another password; every other place is signed out."""

    step, back, again = PasswordView, "page-me", MePage
    secrets: ClassVar[frozenset[str]] = frozenset({"old", "new"})
    own = ("username",)  # for who keeps passwords
    done = "Đã đổi mật khẩu; mọi nơi đăng nhập khác đã thoát."


class SignOutEverywhere(PageStep):
    """End every other session and all tokens."""

    step, back = SignOutEverywhereView, "page-me"

    def said(self, data: Any) -> str:
        return f"Đã thoát ở {data['ended']} nơi khác." if data["ended"] else "Không còn nơi nào khác đang đăng nhập."
