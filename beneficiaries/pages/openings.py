"""The drive for accounts on one page: who has none by hamlet, ask a bank for the chosen, its file out and its answers in, each one's next step."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from rest_framework import status
from rest_framework.response import Response

from beneficiaries.api.drive import DriveHamletsView, DrivePeopleView
from beneficiaries.api.openings import OpeningFileView, RequestAccountsView
from beneficiaries.models import AccountOpening
from beneficiaries.services.accounts.account_drive import Step
from beneficiaries.services.accounts.banks import BANKS
from staff.models import AdministrativeUnit, User
from staff.pages import Page, PageStep
from staff.pages.choices import units_below
from staff.rights import Right, may

NOBODY = {
    "code": "NOBODY_CHOSEN",
    "sentence": "Chưa chọn ai; mời đánh dấu ít nhất một người rồi bấm lại. Chưa ghi gì.",
    "conflicts": [],
}
MOST_HAMLETS, PEOPLE_SHOWN = 200, 100


class OpeningsPage(Page):
    """Hamlets of a commune, and of one of them or all the people still on the way."""

    template_name = "beneficiaries/openings.html"

    def content(self, **address: Any) -> dict[str, Any]:
        asked = {name: value for name, value in self.request.GET.items() if value}
        actor, communes = self.request.user, (AdministrativeUnit.Kind.COMMUNE.value,)
        units = units_below(actor, kinds=communes) if isinstance(actor, User) else []
        unit = asked.get("unit", "") or (units[0][0] if units else "")
        of_people = {"limit": PEOPLE_SHOWN, **asked, "unit": unit}
        asks = isinstance(actor, User) and may(actor, Right.REQUEST_ACCOUNTS)
        return {
            "hamlets": self.ask(DriveHamletsView, query={"unit": unit, "limit": MOST_HAMLETS})["results"],
            "people": self.ask(DrivePeopleView, query=of_people),
            "units": units,
            "unit": unit,
            "given": asked,
            "steps": [choice for choice in Step.choices if choice[0] != Step.PAID],
            "banks": list(BANKS.items()),
            "ways": AccountOpening.Way.choices,
            "may_ask": asks,
        }


class _OfAPlace(PageStep):
    """Back to the commune that was looked at."""

    back, again = "page-openings", OpeningsPage

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return f"{reverse(self.back)}?unit={self.request.POST.get('unit', '')}"


class AskBank(_OfAPlace):
    """One request for each of the chosen who has no account and whose identity is clear."""

    step = RequestAccountsView

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The API asks for everybody on the list of accounts to open when nobody is named; a form in which nobody is ticked means nobody."""
        if not request.POST.getlist("people"):
            self.request = request
            return self.refused(Response(NOBODY, status=status.HTTP_409_CONFLICT), address)
        return super().post(request, **address)

    def said(self, data: Any) -> str:
        left = (
            f" {data['identity_unclear']} người chưa đề nghị được vì chưa xác định đúng người, hoặc dữ liệu dân cư ghi đã mất."
            if data["identity_unclear"]
            else ""
        )
        if data["too_young"]:
            left += (
                f" {data['too_young']} người còn nhỏ: cha, mẹ hoặc người giám hộ ký phiếu đăng ký tài khoản của mình."
            )
        if data["by_guardian"]:
            left += f" {data['by_guardian']} người có người giám hộ: nhận qua tài khoản của người giám hộ."
        if data["not_wished"]:
            left += (
                f" {data['not_wished']} người không đề nghị theo kết quả đến nhà (không muốn mở, đã chuyển đi, đã mất)."
            )
        by_file = self.request.POST.get("way") == AccountOpening.Way.FILE
        then = "Bước tiếp theo: tải tệp đề nghị gửi ngân hàng." if by_file else "Hệ thống tự gửi và tự nhận kết quả."
        return f"Đã ghi {data['requested']} đề nghị mở tài khoản.{left} {then}"


class FetchRequests(_OfAPlace):
    """The requests of a bank as a file, by a button: they count as handed over."""

    step = OpeningFileView

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The file as the API gives it; a refusal stands on the page."""
        self.request = request
        answer: HttpResponse = self.answer_of(self.step)
        return self.refused(answer, address) if isinstance(answer, Response) else answer
