"""Files of offices, banks and providers: send one, watch it being taken in, see which rows were not and why."""

from typing import Any

from django.urls import reverse

from beneficiaries.parsers.spreadsheets import MAX_BYTES
from beneficiaries.services.banks import BANKS
from payments.api.office_files import OfficeFilesView, OfficeFileView
from payments.models import OfficeFile
from payments.services.office_files import kinds_of
from staff.models import Order, User
from staff.pages import FileStep, Page
from staff.pages.choices import units_below


class OfficeFilesPage(Page):
    """Files sent, newest first, and the form to send one."""

    template_name = "payments/office_files.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        actor = self.request.user
        own = kinds_of(actor) if isinstance(actor, User) else []
        return {
            "files": self.ask(OfficeFilesView, query=given),
            "kinds": [(code, label) for code, label in OfficeFile.Kind.choices if code in own],
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

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return reverse("page-file", args=[data["id"]])
