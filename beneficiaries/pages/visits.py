"""What was heard at the doors: send the sheet, see what it would do, then let it be written."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.response import Response

from beneficiaries.api.visits import LookAtVisitsView, TakeVisitsView, VisitsWithReasonsView
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from staff.pages import FileStep, Page, PageStep


class VisitsPage(Page):
    """The form that takes the sheet."""

    template_name = "beneficiaries/visits.html"

    def content(self, **address: Any) -> dict[str, Any]:
        return {}


class LookAtVisits(FileStep):
    """Nothing is written: the page says what would be."""

    step, back, again, most_bytes = LookAtVisitsView, "page-visits", VisitsPage, MAX_BYTES

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        """The same page with what was found."""
        return self.shown(VisitsPage, {"look": data, "bad": len({one["row"] for one in data["problems"]})}, address)


class TakeVisits(PageStep):
    """What was looked at is written."""

    step, back = TakeVisitsView, "page-openings"

    def said(self, data: Any) -> str:
        outcomes = "; ".join(f"{label.lower()}: {count}" for label, count in data["outcomes"].items())
        return f"Đã ghi {data['taken']} kết quả đi từng nhà{f' ({outcomes})' if outcomes else ''}."


class FetchVisitsWithReasons(PageStep):
    """The sheet back with reasons, by a button."""

    step, back = VisitsWithReasonsView, "page-visits"

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The file as the API gives it; a refusal stands on the page."""
        self.request = request
        answer: HttpResponse = self.answer_of(self.step)
        return self.refused(answer, address) if isinstance(answer, Response) else answer
