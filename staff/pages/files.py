"""Files on pages: a form that brings one, and a link that hands one out."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import APIView

from staff.errors import NotAllowed
from staff.pages.base import PageRefused, PageStep, _ForStaff


@method_decorator(csrf_exempt, name="dispatch")
class FileStep(PageStep):
    """A form with a file. Nothing of it is read before it is known who sends it and that they may; then its token is looked at, as of any form.

    `most_bytes` is the largest file, told to `staff.api.bounds.Bounds`, which lets no other page have a file at all.
    """

    most_bytes: ClassVar[int]

    def respond(self, request: HttpRequest, *args: Any, **address: Any) -> HttpResponseBase:
        if request.method == "POST":
            self._require_right()
        checked: Any = csrf_protect(super().respond)
        response: HttpResponseBase = checked(request, *args, **address)
        return response

    def _require_right(self) -> None:
        view = self.step()
        asked = view.initialize_request(self.request)
        asked.user = self.request.user  # known from the page; asking REST framework would read the form
        view.request = asked
        try:
            view.check_permissions(asked)
        except (NotAllowed, APIException) as refusal:
            sentence = refusal.sentence if isinstance(refusal, NotAllowed) else NotAllowed.sentence
            raise PageRefused(status.HTTP_403_FORBIDDEN, sentence, []) from refusal


class FileBack(FileStep):
    """A form with a file that is answered with a file; a refusal is shown as of any form."""

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The file as the API gives it."""
        answer: HttpResponse = self.answer_of(self.step, **self.of_step(address))
        return self.refused(answer, address) if isinstance(answer, Response) else answer


class PageFile(_ForStaff):
    """A file the API hands out, by a link; a refusal is a page, as everywhere."""

    view: type[APIView] = APIView
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The file as the API gives it."""
        answer: HttpResponse = self.answer_of(self.view, **address)
        if isinstance(answer, Response):
            raise PageRefused(answer.status_code, answer.data["sentence"], list(answer.data["conflicts"]))
        return answer


class FileByButton(PageFile):
    """The same by a button, where handing it out is written down."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The file as the API gives it."""
        return self.get(request, **address)
