"""What a person asks about their own data, one page to print at the desk; and their whole history on two pages, for whoever has to account for it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.response import Response

from payments.pages.people import WholePersonPage
from reconciliation.api.person_data import PersonDataView
from reconciliation.api.person_history import PersonHistoryView
from staff.pages import Page, PageStep


class PersonDataPage(Page):
    """Held, looked at, given out."""

    template_name = "reconciliation/person_data.html"

    def content(self, **address: Any) -> dict[str, Any]:
        beneficiary_id: int = address["beneficiary_id"]
        data = self.ask(PersonDataView, person_id=beneficiary_id)
        return {"data": data, "beneficiary_id": beneficiary_id, "agency": f"UBND {data['unit_name']}"}


class PrintHistory(PageStep):
    """The two pages as a PDF; that they were read, and what for, is written down."""

    step, back, again = PersonHistoryView, "page-person-all", WholePersonPage

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The file as the API gives it."""
        answer: HttpResponse = self.answer_of(self.step, **self.of_step(address))
        return self.refused(answer, address) if isinstance(answer, Response) else answer

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        return {"person_id": address["beneficiary_id"]}
