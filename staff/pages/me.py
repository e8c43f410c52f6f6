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

# The first mark that is found names it: every browser also says that it is others.
BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows NT 6.1", "Windows 7"),
    ("Windows", "Windows"),
    ("Android", "điện thoại Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "máy Mac"),
    ("Linux", "Linux"),
)


def browser_of(device: str) -> str:
    """`Chrome trên Windows 7` of what a browser says about itself; what names neither stands as it came, cut."""
    browser = next((name for mark, name in BROWSERS if mark in device), "")
    system = next((name for mark, name in SYSTEMS if mark in device), "")
    return f"{browser} trên {system}" if browser and system else device[:60]


class MePage(Page):
    """Who I am here, and my door."""

    template_name = "staff/me.html"

    def content(self, **address: Any) -> dict[str, Any]:
        user, today = self.request.user, timezone.localdate()
        last = last_day_of(user, on=today) if isinstance(user, User) else None
        sign_ins = [one | {"browser": browser_of(one["device"])} for one in self.ask(SignInsView)]
        return {"sign_ins": sign_ins, "last_day": last} | places_shown(self.request)


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
