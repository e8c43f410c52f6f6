"""A commune's list of who receives a gift: sent once, looked at by the background, then written just as it was seen; all of it can be left."""

from typing import Any

from django.urls import reverse

from beneficiaries.parsers.gift_lists import COLUMNS, OPTIONAL
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from payments.api.gift_lists import GiftListPreviewView, GiftLookView, WriteGiftLookView
from payments.pages.grants import builds_grants
from payments.services.once.gift_looks import MOST_SHOWN
from staff.models import Order, User
from staff.pages import FileStep, Page, PageStep
from staff.pages.choices import units_below
from staff.rights import Right

MOST_LOOKS = 10


class GiftListPage(Page):
    """The form, and what was sent before."""

    template_name, rights = "payments/gift_list.html", (Right.BUILD_LIST,)

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        builds = builds_grants(actor)
        return {
            "units": units_below(actor) if isinstance(actor, User) else [],
            "builds": builds,
            "columns": [(label, key in OPTIONAL) for key, label in COLUMNS.items()],
            "looks": self.ask(GiftListPreviewView, query={"limit": MOST_LOOKS})["results"] if builds else [],
        }


class GiftLookPage(Page):
    """One list: that it is being looked at, then what was seen."""

    template_name = "payments/gift_look.html"

    def content(self, **address: Any) -> dict[str, Any]:
        look = self.ask(GiftLookView, order_id=address["order_id"])
        return {
            "look": look,
            "tried": look["seen"],
            "working": look["stage"] == Order.Stage.WAITING,
            "builds": builds_grants(self.request.user),
            "most": MOST_SHOWN,
        }


class LookAtGifts(FileStep):
    """Nothing is written; the list is kept, sealed, for the button below what it shows."""

    step, again, most_bytes = GiftListPreviewView, GiftListPage, MAX_BYTES
    back = "page-gift-list"
    done = "Đã nhận tệp, đang xem trước; chưa ghi gì."

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return reverse("page-gift-look", args=[data["id"]])


class SendGifts(PageStep):
    """Just what was seen; the background says on the file's page what became of it."""

    step, back, again = WriteGiftLookView, "page-gift-look", GiftLookPage
    done = "Đã nhận, đang ghi đúng như đã xem trước."

    def then(self, data: Any, address: dict[str, Any]) -> str:
        return reverse("page-file", args=[data["id"]])
