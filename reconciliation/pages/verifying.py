"""An inspector hands in a paper of ours and reads whether it still stands; how the seals of the history are."""

from typing import Any

from django.http import HttpResponse

from reconciliation.api.history import SealsView
from reconciliation.api.verifications import MAX_BYTES, SealCheckView, VerificationsView
from staff.pages import FileStep, Page, PageStep


class VerifyingPage(Page):
    """The form for a file, and for who may see it the last check of the seals."""

    template_name = "reconciliation/verifying.html"

    def content(self, **address: Any) -> dict[str, Any]:
        expect = self.request.GET.get("expect", "").strip().lower()
        asked = {"expect": expect} if expect else {}
        return {"seals": self.ask_if_allowed(SealsView, query=asked), "expect": expect}


class VerifyFile(FileStep):
    """What became of the file is shown at once; nothing is kept."""

    step, back, again, most_bytes = VerificationsView, "page-verifying", VerifyingPage, MAX_BYTES

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        return self.shown(VerifyingPage, {"verdict": data}, address)


class CheckSeals(PageStep):
    """In the background; the page tells the time of the last check."""

    step, back = SealCheckView, "page-verifying"
    done = (
        "Đang kiểm tra toàn bộ nhật ký đã niêm phong; mời tải lại trang sau ít phút, giờ kiểm tra ở bảng dưới sẽ đổi."
    )
