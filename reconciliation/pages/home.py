"""The first page: what waits for me, since when, and what is silent."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from beneficiaries.api.cases import CaseCountsView, CasesTodayView
from beneficiaries.services.accounts.banks import bank_name
from payments.api.alarms import AlarmsView
from payments.api.cycles import CyclesView
from payments.api.fields import read_month
from payments.api.list_orders import CalendarView
from payments.api.signing_work import AwaitingView
from payments.models import Alarm, LedgerAccount
from payments.money import format_amount
from payments.services.alarms import BOOKS, CLOCK
from payments.services.lists.calendar import months_after
from payments.services.sending.unread_accounts import REFUSED, UNREADABLE
from payments.states import Channel
from reconciliation.api.latest_figures import LatestFiguresView
from reconciliation.api.report_runs import AwaitingReportsView
from reconciliation.pages.steps import SIGNING, Waiting, steps_of
from reconciliation.pages.today import day_of
from staff.models import AdministrativeUnit, Role, User
from staff.pages import Page
from staff.pages.places import places_shown
from staff.rights import Right, may

SHOWN = 10
DAYS = (
    ("changes_close_on", "Chốt biến động: quyết định, báo tử, chuyển nơi ở, tài khoản mới đã ghi đủ"),
    ("list_on", "Lập danh sách, rồi soát và ký"),
    ("hand_over_by", "Tiền và danh sách đến tổ chức chi trả, muộn nhất"),
    ("pay_on", "Bắt đầu chi trả"),
)
NOT_READ = "cơ sở dữ liệu vừa được khôi phục hoặc chuyển máy; mời báo cán bộ kỹ thuật chạy lệnh after_restore, xong tiền mới được gửi tiếp"
NOBODY_HEARS = "; mời báo cán bộ kỹ thuật xem tiến trình gửi tiền và giờ máy"
STANDS_STILL = "việc chạy nền (gửi ngân hàng, lập danh sách, nạp tệp) đang đứng; mời báo cán bộ kỹ thuật khởi động lại"


class HomePage(Page):
    """My work: what I may sign first, then what others must sign, cases, differences, reports, alarms."""

    template_name = "reconciliation/home.html"

    def content(self, **address: Any) -> dict[str, Any]:
        waiting = (self.ask_if_allowed(AwaitingView, query={"limit": 200}) or {"results": []})["results"]
        channels = dict(Channel.choices)
        rows = [row | {"channel": channels[row["channel"]]} for row in waiting]
        mine = [row for row in rows if row["mine"]]
        reports = self.ask_if_allowed(AwaitingReportsView, query={"limit": SHOWN})
        actor = self.request.user
        cycles = (self.ask_if_allowed(CyclesView, query={"limit": 3}) or {"results": []})["results"]
        day = day_of(self, actor) if isinstance(actor, User) else None
        return {
            "calendar": self._calendar(cycles[0]["month"]) if cycles and sees_lists(actor) else None,
            "sees_lists": sees_lists(actor),
            "asks_questions": isinstance(actor, User) and actor.role == Role.AUDITOR,
            "sees_figures": isinstance(actor, User) and may(actor, Right.SEE_REPORTS),
            # Who signs no list reads figures first; those of the newest report, because counting a province anew takes seconds.
            "latest": None if sees_lists(actor) else self._latest(),
            "steps": steps_of(
                self,
                actor,
                to_sign=Waiting(len(mine), min((row["since"] for row in mine), default=None)),
                reports=None if reports is None else Waiting(reports["count"]),
            )
            if isinstance(actor, User)
            else [],
            "signs": bool(mine) or (isinstance(actor, User) and any(may(actor, right) for right in SIGNING)),
            "mine": mine,
            "others": [row for row in rows if not row["mine"]],
            "day": day,
            "cases": self.ask_if_allowed(CasesTodayView, query={"limit": SHOWN})
            if day is None and _works_on_cases(actor)
            else None,
            "counts": self.ask_if_allowed(CaseCountsView, query={}),
            "reports": reports,
            "alarms": [
                row | _of_alarm(row)
                for row in (self.ask_if_allowed(AlarmsView, query={"limit": SHOWN}) or {"results": []})["results"]
            ],
            "cycles": cycles,
        } | places_shown(self.request)

    def _latest(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.ask_if_allowed(LatestFiguresView, query={})
        if found is None:
            return None
        rates = [row | {"percent": (row["percent"] or "").replace(".", ",")} for row in found["rates"]]
        return found | {"rates": rates}

    def _calendar(self, last: str) -> dict[str, Any] | None:
        """The days of the month that is to be listed next."""
        day = read_month(last)
        if day is None:
            return None
        days = self.ask(CalendarView, query={}, month=f"{months_after(day, 1):%Y-%m}")
        today = f"{timezone.localdate():%Y-%m-%d}"
        rows = [
            {"label": label, "on": days[key], "past": days[key] < today, "today": days[key] == today}
            for key, label in DAYS
        ]
        return {"month": days["month"], "rows": rows, "next": next((row for row in rows if not row["past"]), None)}


def sees_lists(actor: object) -> bool:
    """Whether lists are this person's business."""
    return isinstance(actor, User) and may(actor, Right.SEE_LISTS)


def _works_on_cases(actor: object) -> bool:
    """Whoever only reads cases is given none as the day's work."""
    return isinstance(actor, User) and (may(actor, Right.DECIDE_CASE) or may(actor, Right.CONFIRM_CASE))


def _of_alarm(alarm: dict[str, Any]) -> dict[str, Any]:
    """What the alarm is about in words, and where something is done about it."""
    kind, _, name = alarm["subject"].partition(":")
    if kind == "list" and name.isdigit():
        to_settle = alarm["kind"] == Alarm.Kind.OUTCOME_UNKNOWN
        return {
            "about": f"danh sách số {name}",
            "address": reverse("page-unknowns") if to_settle else reverse("page-list", args=[name]),
        }
    if kind == "account":
        no_statement = alarm["kind"] == Alarm.Kind.NO_STATEMENT
        about = f"tài khoản {name}" + (NOBODY_HEARS if alarm["kind"] == Alarm.Kind.NOT_SENDING else "")
        return {"about": about, "address": reverse("page-statements" if no_statement else "page-funding")}
    if kind == "unread":
        code, _, why = name.rpartition(":")
        return {"about": _unread(code, why), "address": reverse("page-funding"), "count": 0}
    if kind == "report":
        return {"about": f"báo cáo số {name}", "address": reverse("page-report", args=[name])}
    if kind == "freeze":
        place = AdministrativeUnit.objects.filter(code=alarm["unit"]).values_list("name", flat=True).first() or "?"
        held = f", {format_amount(alarm['count'])} khoản chi đang đợi" if alarm["count"] else ""
        # Counted in words: the number alone, after the kind, would say nothing.
        about = f"{place}{held}; mời xem lý do và gỡ khi xong"
        return {"about": about, "address": reverse("page-freezes"), "count": 0}
    if kind == BOOKS:
        return {"about": NOT_READ, "address": "", "red": True}
    if kind == "ring":
        return {"about": f"tin số {name}", "address": ""}
    if kind == "bank-report":
        about = f"báo cáo số {name}; mời hỏi ngân hàng, có trả lời thì kế toán trưởng hoặc chủ tài khoản đóng báo cáo"
        return {"about": about, "address": reverse("page-bank-reports"), "count": 0}
    if alarm["kind"] == Alarm.Kind.LEDGER_NEGATIVE:
        return {"about": f"{LedgerAccount.Kind(name).label}, tài khoản {kind}", "address": reverse("page-funding")}
    if alarm["kind"] == Alarm.Kind.MATCHING_LATE:
        return {"about": "đối khớp hồ sơ với dữ liệu dân cư", "address": ""}
    if kind == "fault":
        return {"about": f"mã lỗi mới nhất {name}, mời báo bộ phận kỹ thuật", "address": ""}
    if kind == "bank":
        return {"about": f"ngân hàng {bank_name(name)}", "address": ""}
    return {"about": STANDS_STILL if kind == CLOCK else alarm["subject"], "address": ""}


def _unread(code: str, why: str) -> str:
    if why.startswith(REFUSED):
        return (
            f"tài khoản {code}, ngân hàng từ chối cho xem các lệnh mới nhất (mã {why.removeprefix(REFUSED)}) sau khi máy chủ khởi động, nên chưa gửi "
            "tiền từ tài khoản nào; mời yêu cầu ngân hàng cho xem lại, hoặc có văn bản của ngân hàng thì báo cán bộ kỹ thuật chạy "
            f"after_restore --refused {code} --document SỐ-VĂN-BẢN"
        )
    told = "trả lời không đọc được" if why == UNREADABLE else "không trả lời"
    return (
        f"tài khoản {code}, ngân hàng {told} về các lệnh mới nhất sau khi máy chủ khởi động, nên chưa gửi tiền từ tài khoản nào; mời hỏi ngân hàng, "
        "trả lời được thì tiền tự gửi tiếp"
    )


class StartPage(TemplateView):
    """Everybody's first page: one's work for staff who are logged in, for all others what this is."""

    template_name = "config/start.html"

    def dispatch(self, request: HttpRequest, *args: Any, **address: Any) -> HttpResponseBase:
        if isinstance(request.user, User):
            return HomePage.as_view()(request, *args, **address)
        return super().dispatch(request, *args, **address)
