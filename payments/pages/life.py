"""Deaths: notices that wait for an answer, and the funeral files of the one-stop desk."""

from typing import Any

from django.http import HttpResponse
from rest_framework.views import APIView

from beneficiaries.models import FuneralFileStep, NoticeAnswer
from beneficiaries.parsers.workbook import MAX_BYTES
from payments.api.death_notice import DeathNoticeView, MoneyAfterDeath
from payments.api.life_events import LifeEventsFileView, LifeEventsReasonsView
from payments.api.life_work import (
    FuneralCountsView,
    FuneralFilesView,
    FuneralStatusView,
    NoticeAnswerView,
    NoticesView,
)
from payments.pages.people import WholePersonPage
from staff.models import User
from staff.pages import FileBack, FileStep, Page, PageStep
from staff.rights import Right, may

PROBLEMS_SHOWN = 50


class DeathsPage(Page):
    """Whose money is held since a notice, and funeral files where they stand."""

    template_name = "payments/deaths.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        given = {name: value for name, value in self.request.GET.items() if value}
        labels = dict(FuneralFileStep.Status.choices)
        files = self.ask(FuneralFilesView, query=given)
        return {
            "notices": self.ask(NoticesView, query={"limit": 200}),
            "files": files,
            "rows": [row | {"label": labels.get(row["status"], "Chưa có trạng thái")} for row in files["results"]],
            "counts": [row | {"label": labels[row["status"]]} for row in self.ask(FuneralCountsView, query={})],
            "answers": NoticeAnswer.Answer.choices,
            "statuses": FuneralFileStep.Status.choices,
            "may_decide": isinstance(actor, User) and may(actor, Right.DECIDE_CASE),
            "may_report": isinstance(actor, User) and may(actor, Right.REPORT_LIFE_EVENTS),
            "may_record": isinstance(actor, User) and may(actor, Right.RECORD_DECISION),
        }


class SendEvents(FileStep):
    """A file of the civil registry, a hospital or a hamlet; what was not taken is said by row, and comes back as a file by the other button."""

    step, back, again, most_bytes = LifeEventsFileView, "page-deaths", DeathsPage, MAX_BYTES

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        return self.shown(DeathsPage, {"sent": data, "problems": data["problems"][:PROBLEMS_SHOWN]}, address)


class EventsWithReasons(FileBack):
    """The same file with a column of reasons; nothing of it is kept."""

    step, back, again, most_bytes = LifeEventsReasonsView, "page-deaths", DeathsPage, MAX_BYTES


class AnswerNotice(PageStep):
    """Dead, or alive after all."""

    step: type[APIView] = NoticeAnswerView
    back = "page-deaths"
    done = "Đã ghi kết quả xác minh tin báo tử."

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}


class FuneralStatus(AnswerNotice):
    """What the one-stop desk said."""

    step = FuneralStatusView
    done = "Đã ghi trạng thái hồ sơ mai táng."


SAID_OF_MONEY = {
    MoneyAfterDeath.HELD: "Đã ghi tin báo tử. Tiền các tháng sau tháng mất được giữ lại, chưa thôi chi: có người xác minh rồi trả lời ở mục "
    "“Báo tử, mai táng”. Tin nhầm thì tiền trả tiếp; đúng, hoặc đã đăng ký khai tử, thì thôi chi.",
    MoneyAfterDeath.STOPPED: "Đã ghi tin báo tử; khai tử đã đăng ký hoặc đã xác minh nên tiền sau tháng mất không chi. Việc còn lại ở mục "
    "“Báo tử, mai táng”.",
    MoneyAfterDeath.AS_BEFORE: "Đã ghi tin báo tử; tin này chưa giữ tiền của người này. Việc cần xác minh, nếu có, ở phần “Việc cần xử lý”.",
}


class TellDeath(PageStep):
    """A death told at the desk, on the page of the person."""

    step, back, again = DeathNoticeView, "page-person-all", WholePersonPage

    def said(self, data: Any) -> str:
        if data["repeated"]:
            return "Tin này đã ghi từ trước, không có gì thay đổi."
        return SAID_OF_MONEY[data["money"]]
