"""Files of offices, banks and providers: send one, watch it being taken in, see which rows were not and why."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from rest_framework import status
from rest_framework.response import Response

from beneficiaries.parsers.spreadsheets import MAX_BYTES
from beneficiaries.services.accounts.banks import BANKS
from payments.api.office_files import OfficeFilesView, OfficeFileView
from payments.models import OfficeFile
from payments.services.office_files import kinds_of
from staff.models import Order, User
from staff.pages import FileStep, Page
from staff.pages.choices import units_below

GIFTS = OfficeFile.Kind.GIFTS.value
LOOK_FIRST = {
    "code": "LOOK_FIRST",
    "sentence": "Danh sách nhận quà được xem trước rồi mới ghi; chưa ghi gì. Mời nạp ở mục “Quà, chi một lần”, “Nạp danh sách nhận quà”.",
    "conflicts": [],
}


class OfficeFilesPage(Page):
    """Files sent, newest first, and the form to send one."""

    template_name = "payments/office_files.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        actor = self.request.user
        own = kinds_of(actor) if isinstance(actor, User) else []
        return {
            "files": self.ask(OfficeFilesView, query=given),
            "kinds": [(code, label) for code, label in OfficeFile.Kind.choices if code in own and code != GIFTS],
            "gifts": GIFTS in own,
            "units": units_below(actor) if isinstance(actor, User) else [],
            "banks": list(BANKS.items()),
            "given": given,
        }


class OfficeFilePage(Page):
    """One file: what it did, and its wrong rows."""

    template_name = "payments/office_file.html"

    def content(self, **address: Any) -> dict[str, Any]:
        file = self.ask(OfficeFileView, file_id=address["file_id"])
        return {"file": file, "working": file["stage"] == Order.Stage.WAITING}


class SendOfficeFile(FileStep):
    """Kept sealed and taken in by the background; the same rows again change nothing."""

    step, again, most_bytes = OfficeFilesView, OfficeFilesPage, MAX_BYTES
    back = "page-files"
    done = "Đã nhận tệp, đang nạp."

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """A list of gifts has a page of its own, where it is seen first."""
        if request.POST.get("kind") == GIFTS:
            return self.refused(Response(LOOK_FIRST, status=status.HTTP_409_CONFLICT), address)
        return super().post(request, **address)

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return reverse("page-file", args=[data["id"]])
