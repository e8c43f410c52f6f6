"""A commune's list of who receives a gift: chosen once, looked at, then written just as it was seen."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from rest_framework import status
from rest_framework.response import Response

from beneficiaries.parsers.gift_lists import COLUMNS, OPTIONAL
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from payments.api.gift_lists import MOST_SHOWN, GiftListPreviewView
from payments.api.office_files import OfficeFilesView
from payments.models import OfficeFile
from payments.pages.grants import builds_grants
from staff.models import User
from staff.pages import FileStep, Page
from staff.pages.choices import units_below
from staff.pages.kept import kept_result, show_later
from staff.pages.kept_files import keep_files, put_files_back

LOOKED_AT, FILES, KEPT = "looked-at-gifts", "gift-files", "kept"
OVER = {
    "code": "KEPT_FILE_IS_GONE",
    "sentence": "Tệp đã xem trước hết thời hạn giữ (30 phút); chưa ghi gì. Mời chọn lại tệp rồi xem trước.",
    "conflicts": [],
}


class GiftListPage(Page):
    """The form, and what was looked at."""

    template_name = "payments/gift_list.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        return {
            "units": units_below(actor) if isinstance(actor, User) else [],
            "builds": builds_grants(actor),
            "columns": [(label, key in OPTIONAL) for key, label in COLUMNS.items()],
            "most": MOST_SHOWN,
        } | kept_result(self.request, purpose=LOOKED_AT)


class LookAtGifts(FileStep):
    """Nothing is written; the file is kept, sealed, for the button below what it shows."""

    step, again, most_bytes = GiftListPreviewView, GiftListPage, MAX_BYTES
    back = "page-gift-list"

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        kept = keep_files(self.request, field="file", purpose=FILES)
        result = {"tried": data, "typed": {"unit": self.request.POST.get("unit", "")}, "kept": kept}
        return show_later(self.request, page=reverse(self.back), purpose=LOOKED_AT, result=result)


class SendGifts(FileStep):
    """Just what was seen; the background says on the file's page what became of it."""

    step, again, most_bytes, own = OfficeFilesView, GiftListPage, MAX_BYTES, (KEPT,)
    back = "page-gift-list"
    done = "Đã nhận tệp, đang ghi đúng như đã xem trước."

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """What was looked at was kept; one too large for that is chosen twice, and another file is refused by what was seen."""
        if (kept := request.POST.get(KEPT)) and not put_files_back(request, field="file", purpose=FILES, token=kept):
            return self.refused(Response(OVER, status=status.HTTP_409_CONFLICT), address)
        return super().post(request, **address)

    def body(self, typed: Any) -> Any:
        """The kind is the page's."""
        given = super().body(typed)
        given["kind"] = OfficeFile.Kind.GIFTS.value
        return given

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return reverse("page-file", args=[data["id"]])
