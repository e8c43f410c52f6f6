"""Inspectors' ready questions: choose place and period, read each answer, take it along as a workbook."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from reconciliation.api.questions import AnswerFileView, AnswerView, QuestionsView
from staff.models import User
from staff.pages import Page, PageFile
from staff.pages.choices import units_below

ASKED = ("unit", "from_on", "to_on")


def _has_period(request: HttpRequest) -> bool:
    return bool(request.GET.get("from_on") and request.GET.get("to_on"))


class _Asking(Page):
    def given(self) -> dict[str, str]:
        """Place and period as they stand in the address: nothing of a person."""
        return {name: value for name in ASKED if (value := self.request.GET.get(name))}


class QuestionsPage(_Asking):
    """All questions, each a link to its answer once there is a period."""

    template_name = "reconciliation/questions.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given, actor = self.given(), self.request.user
        return {
            "questions": self.ask(QuestionsView, query=given),
            "units": units_below(actor) if isinstance(actor, User) else [],
            "given": given,
            "asked": self.request.GET.urlencode() if _has_period(self.request) else "",
        }


class AnswerPage(_Asking):
    """Who was found, page by page. Reading it is written down."""

    template_name = "reconciliation/answer.html"

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        return super().get(request, **address) if _has_period(request) else redirect("page-questions")

    def content(self, **address: Any) -> dict[str, Any]:
        question: str = address["question"]
        page = self.request.GET.get("page")
        found = self.ask(AnswerView, query=self.given() | ({"page": page} if page else {}), question=question)
        return {
            "question": self.ask(QuestionsView, query=self.given() | {"question": question})[0],
            "found": found,
            "given": self.given(),
            "asked": self.request.GET.urlencode(),
        }


class AnswerFile(PageFile):
    """The same as a workbook."""

    view = AnswerFileView

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        return super().get(request, **address) if _has_period(request) else redirect("page-questions")
