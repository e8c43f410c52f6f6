"""Addresses of open work and registry lists for people."""

from django.urls import URLPattern, path

from beneficiaries.api.uploads import TemplateView, UploadErrorsView
from beneficiaries.pages import uploads
from beneficiaries.pages.cases import STEPS, CasePage, CasesPage, CaseStep
from staff.pages import PageFile

ONE = "viec/<int:case_id>/"
LIST = "nap-danh-sach/<int:upload_id>/"
urlpatterns: list[URLPattern] = [
    path("viec/", CasesPage.as_view(), name="page-cases"),
    path(ONE, CasePage.as_view(), name="page-case"),
    *(
        path(f"{ONE}{word}/", CaseStep.as_view(step=step, done=done), name=f"page-case-{word}")
        for word, (step, done) in STEPS.items()
    ),
    path("nap-danh-sach/", uploads.UploadsPage.as_view(), name="page-registry"),
    path("nap-danh-sach/gui/", uploads.SendList.as_view(), name="page-registry-send"),
    path("nap-danh-sach/mau/<str:programme>/", PageFile.as_view(view=TemplateView), name="page-registry-template"),
    path(LIST, uploads.UploadPage.as_view(), name="page-registry-list"),
    path(f"{LIST}ly-do/", PageFile.as_view(view=UploadErrorsView), name="page-registry-errors"),
    *(
        path(f"{LIST}{word}/", uploads.UploadStep.as_view(step=step, done=done), name=f"page-registry-{word}")
        for word, (step, done) in uploads.STEPS.items()
    ),
]
