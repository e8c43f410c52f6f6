"""Giấy xác nhận đang hưởng: printed from the person's page; checked, without log-in, by whoever was handed one."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from rest_framework import status
from rest_framework.response import Response

from payments.api.certificates import CertificateView, CheckCertificateView
from payments.pages.people import WholePersonPage
from staff.pages import PageStep
from staff.pages.base import protect


class PrintCertificate(PageStep):
    """The paper itself is the answer."""

    step, back, again = CertificateView, "page-person-all", WholePersonPage

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The file as the API gives it; a refusal where the button was."""
        self.request = request
        answer = self.answer_of(self.step, **self.of_step(address))
        return self.refused(answer, address) if isinstance(answer, Response) else answer


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class CheckCertificatePage(View):
    """One field, and the answer above it."""

    http_method_names = ["get", "head", "options", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **address: Any) -> HttpResponseBase:
        return protect(super().dispatch(request, *args, **address))

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return render(request, "payments/check_certificate.html")

    def post(self, request: HttpRequest) -> HttpResponse:
        """By POST, so that no code stands in an address."""
        answer = CheckCertificateView.as_view()(request)
        told = {"known": answer.data.get("known", False), "sentence": answer.data["sentence"]}
        code = status.HTTP_200_OK if status.is_success(answer.status_code) else answer.status_code
        return render(request, "payments/check_certificate.html", told, status=code)
