"""Everybody's page: the code on the slip and a year of birth in, where the money is out. No log-in, no name, nothing kept, nothing in the address."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from rest_framework import status

from beneficiaries.services.lookup import is_well_formed
from payments.api.my_status import MyStatusView
from payments.services.answers.wording import WARNING
from staff.pages.base import protect

MISTYPED = "Mã chưa đúng: mã có 11 chữ và số, như trên phiếu. Mời xem lại từng chữ, hoặc gọi {phone}."
NO_YEAR = "Mời ghi năm sinh của người hưởng, bốn chữ số, ví dụ 1942."


@method_decorator(sensitive_post_parameters("code", "birth_year"), name="dispatch")
class OwnStatusPage(View):
    """A form, and under it the API's answer to the same question."""

    http_method_names = ["get", "head", "options", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **address: Any) -> HttpResponseBase:
        return protect(super().dispatch(request, *args, **address))

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self._shown({})

    def post(self, request: HttpRequest) -> HttpResponse:
        """A slip of the pen is told before anything is asked; who a code belongs to is never told apart from a wrong year."""
        code, year = (request.POST.get(name, "").strip() for name in ("code", "birth_year"))
        typed = {"code": code[:40], "birth_year": year[:4]}
        if not is_well_formed(code):
            return self._refused(MISTYPED.format(phone=settings.HOTLINE), "code", typed)
        if not (year.isdecimal() and len(year) == len("1942")):
            return self._refused(NO_YEAR, "birth_year", typed)
        answer = MyStatusView.as_view()(request)
        if not status.is_success(answer.status_code):
            return self._refused(answer.data["sentence"], "code", typed, code=answer.status_code)
        return self._shown({"answers": answer.data["answers"], "typed": typed})

    def _refused(self, sentence: str, field: str, typed: dict[str, str], *, code: int = 400) -> HttpResponse:
        return self._shown({"fault": {"sentence": sentence, "field": field}, "typed": typed}, code=code)

    def _shown(self, given: dict[str, Any], *, code: int = status.HTTP_200_OK) -> HttpResponse:
        about = {"phone": settings.HOTLINE, "warning": WARNING}
        return render(self.request, "payments/own_status.html", about | given, status=code)
