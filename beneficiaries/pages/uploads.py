"""Registry lists: send one, look at what it would do, say what its columns are, confirm, watch it being taken in."""

from typing import Any

from django.urls import reverse

from beneficiaries.api.uploads import (
    CancelUploadView,
    ConfirmUploadView,
    MappingView,
    ResumeUploadView,
    StopUploadView,
    UploadRowsView,
    UploadsView,
    UploadView,
)
from beneficiaries.models import Outcome, Programme, UploadStage
from beneficiaries.models.uploads import FOR_A_WORKER
from beneficiaries.parsers.registry_columns import WORDINGS, WORKS_WITHOUT
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from staff.models import User
from staff.pages import FileStep, Page, PageStep
from staff.pages.choices import units_below


class UploadsPage(Page):
    """Lists sent, newest first; the form to send one; blank lists to fill in."""

    template_name = "beneficiaries/uploads.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        uploads = self.ask(UploadsView, query=given)
        actor = self.request.user
        units = units_below(actor, kinds=("COMMUNE",)) if isinstance(actor, User) else []
        return {
            "uploads": uploads,
            "units": units,
            "programmes": list(Programme.objects.order_by("code").values_list("code", "name")),
            "stages": UploadStage.choices,
            "given": given,
        }


class UploadPage(Page):
    """One list: what was found in it, row by row, and what may be done with it."""

    template_name = "beneficiaries/upload.html"

    def content(self, **address: Any) -> dict[str, Any]:
        upload_id: int = address["upload_id"]
        upload = self.ask(UploadView, upload_id=upload_id)
        asked = {name: value for name, value in self.request.GET.items() if value}
        stage = upload["stage"]
        working = stage in FOR_A_WORKER and not upload["stopped"]
        counts = upload["counts"]
        return {
            "upload": upload,
            "working": working,
            "read": stage in (UploadStage.PREVIEWED, UploadStage.CONFIRMED, UploadStage.DONE),
            "outcomes": [(code, label, counts.get(code, 0)) for code, label in Outcome.choices],
            "news": counts.get(Outcome.NEW, 0) + counts.get(Outcome.CHANGED, 0),
            "rows": self.ask(UploadRowsView, query=asked, upload_id=upload_id),
            "headings": [self._chosen(heading, place) for place, heading in enumerate(upload["headings"])],
            "given": asked,
            "columns": [(key, wording.label) for key, wording in WORDINGS.items()],
            "required": [
                wording.label for key, wording in WORDINGS.items() if wording.required and key not in WORKS_WITHOUT
            ],
            "may_confirm": stage == UploadStage.PREVIEWED,
            "may_cancel": stage in (UploadStage.NEEDS_MAPPING, UploadStage.PREVIEWED),
            "may_stop": working and stage == UploadStage.CONFIRMED,
            "may_resume": stage in FOR_A_WORKER and upload["stopped"],
        }

    def _chosen(self, heading: dict[str, Any], place: int) -> dict[str, Any]:
        """A heading with what it is taken for: chosen in a form that was refused, else known or guessed."""
        chosen = self.request.POST.get(f"columns[{place}]key")
        guessed = chosen is None and bool(heading["key"]) and not heading["certain"]
        return {**heading, "key": heading["key"] if chosen is None else chosen, "guessed": guessed}


class SendList(FileStep):
    """Send a list; it is read in the background and nothing is taken in yet."""

    step, again, most_bytes = UploadsView, UploadsPage, MAX_BYTES
    back = "page-registry"
    done = "Đã nhận tệp, đang đọc. Chưa ghi gì vào hệ thống cho đến khi bạn xác nhận."

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return reverse("page-registry-list", args=[data["id"]])


class UploadStep(PageStep):
    """A step of one list."""

    back = "page-registry-list"
    keeps_blanks = True  # a heading that means nothing to us


class NameColumns(UploadStep):
    """What the headings mean; what was chosen stays chosen when something is lacking."""

    step, again = MappingView, UploadPage
    done = "Đã lưu tên cột cho nguồn này, đang đọc lại tệp."


STEPS: dict[str, tuple[type[Any], str]] = {
    "xac-nhan": (ConfirmUploadView, "Đã xác nhận; danh sách được nạp đúng như bản xem trước."),
    "tam-dung": (StopUploadView, "Đã tạm dừng nạp; phần đã nạp được giữ nguyên."),
    "nap-tiep": (ResumeUploadView, "Đã cho nạp tiếp."),
    "bo": (CancelUploadView, "Đã bỏ danh sách này, không ghi gì."),
}
