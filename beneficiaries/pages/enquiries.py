"""Lists to the police and their answers: draw one up, write it, send the answers in, get them back with what was wrong in which row."""

from typing import Any

from django.http import HttpResponse

from beneficiaries.api.enquiries import EnquiriesDueView, EnquiriesView, EnquiryAnswersView, EnquiryCheckView
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from staff.models import User
from staff.pages import FileBack, FileStep, Page, PageStep
from staff.pages.choices import units_below


class EnquiriesPage(Page):
    """Enquiries, the newest first, with the forms for the next one and for answers."""

    template_name = "beneficiaries/enquiries.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        enquiries = self.ask(EnquiriesView, query=given)
        actor = self.request.user
        units = units_below(actor) if isinstance(actor, User) else []
        names = dict(units)
        return {
            "enquiries": enquiries,
            "due": self.ask(EnquiriesDueView),
            "rows": [row | {"unit_name": names.get(row["unit"], row["unit"])} for row in enquiries["results"]],
            "units": units,
        }


class Ask(PageStep):
    """Everybody of the unit who is due."""

    step, back, again = EnquiriesView, "page-enquiries", EnquiriesPage

    def said(self, data: Any) -> str:
        return f"Đã lập danh sách số {data['id']}, {data['people']} người; tải về để gửi công an."


class SendAnswers(FileStep):
    """A row with a fault stops no other; the same content again changes nothing."""

    step, again, most_bytes = EnquiryAnswersView, EnquiriesPage, MAX_BYTES
    back = "page-enquiries"

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        return self.shown(EnquiriesPage, {"taken": data, "taken_of": address["enquiry_id"]}, address)


class CheckAnswers(FileBack):
    """The same file back with what is wrong in which row; nothing is written."""

    step, again, most_bytes = EnquiryCheckView, EnquiriesPage, MAX_BYTES
    back = "page-enquiries"

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}
