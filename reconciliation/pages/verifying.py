"""An inspector hands in a paper of ours and reads whether it still stands; how the seals of the history are."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from reconciliation.api.history import SealsView
from reconciliation.api.verifications import MAX_BYTES, SealCheckView, VerificationsView, VerificationView
from staff.pages import FileStep, Page, PageStep


class VerifyingPage(Page):
    """The form for a file, what was handed in before, and for who may see it the last check of the seals."""

    template_name = "reconciliation/verifying.html"

    def content(self, **address: Any) -> dict[str, Any]:
        expect = self.request.GET.get("expect", "").strip().lower()
        asked = {"expect": expect} if expect else {}
        pages = {name: value for name, value in self.request.GET.items() if name == "page"}
        files = self.ask(VerificationsView, query=pages)
        return {
            "files": files,
            "working": any(not one["finished_at"] for one in files["results"]),
            "seals": self.ask_if_allowed(SealsView, query=asked),
            "expect": expect,
        }


class VerificationPage(Page):
    """One file: being checked, or what was found."""

    template_name = "reconciliation/verification.html"

    def content(self, **address: Any) -> dict[str, Any]:
        return {"file": self.ask(VerificationView, order_id=address["order_id"])}


class VerifyFile(FileStep):
    """Leads to the page of the file: what was found, or that it is being checked."""

    step, back, again, most_bytes = VerificationsView, "page-verifying", VerifyingPage, MAX_BYTES

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        return redirect("page-verification", order_id=data["id"])


class CheckSeals(PageStep):
    """In the background; the page tells the time of the last check."""

    step, back = SealCheckView, "page-verifying"
    done = (
        "Đang kiểm tra toàn bộ nhật ký đã niêm phong; mời tải lại trang sau ít phút, giờ kiểm tra ở bảng dưới sẽ đổi."
    )
