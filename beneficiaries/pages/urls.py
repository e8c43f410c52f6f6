"""Addresses of open work for people."""

from django.urls import URLPattern, path

from beneficiaries.pages.cases import STEPS, CasePage, CasesPage, CaseStep

ONE = "viec/<int:case_id>/"
urlpatterns: list[URLPattern] = [
    path("viec/", CasesPage.as_view(), name="page-cases"),
    path(ONE, CasePage.as_view(), name="page-case"),
    *(
        path(f"{ONE}{word}/", CaseStep.as_view(step=step, done=done), name=f"page-case-{word}")
        for word, (step, done) in STEPS.items()
    ),
]
