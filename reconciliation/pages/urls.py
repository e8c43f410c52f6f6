"""Addresses of the first page, proof, differences, figures and reports for people."""

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, path

from reconciliation.api.report_runs import ReportFileView
from reconciliation.pages.checking import STEPS, DifferencePage, DifferencesPage, DifferenceStep, ProofPage
from reconciliation.pages.figures import FiguresPage, ReportPage, ReportsPage, ReportStep
from reconciliation.pages.home import StartPage

ONE = "chenh-lech/<int:discrepancy_id>/"
RUN = "bao-cao/<int:run_id>/"
urlpatterns: list[URLPattern] = [
    path("", StartPage.as_view(), name="start"),
    path("khop-so/<str:month>/", ProofPage.as_view(), name="page-proof"),
    path("chenh-lech/", DifferencesPage.as_view(), name="page-differences"),
    path(ONE, DifferencePage.as_view(), name="page-difference"),
    *(
        path(f"{ONE}{word}/", DifferenceStep.as_view(step=step, done=done), name=f"page-difference-{word}")
        for word, (step, done) in STEPS.items()
    ),
    path("so-lieu/", FiguresPage.as_view(), name="page-figures"),
    path("bao-cao/", ReportsPage.as_view(), name="page-reports"),
    path(RUN, ReportPage.as_view(), name="page-report"),
    path(f"{RUN}ky/", ReportStep.as_view(), name="page-report-sign"),
    path(f"{RUN}tep/<str:file_format>/", login_required(ReportFileView.as_view(schema=None)), name="page-report-file"),
]
