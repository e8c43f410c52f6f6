"""Addresses of the first page, proof, differences, figures and reports for people."""

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, path

from reconciliation.api.papers import PaperFileView
from reconciliation.api.report_runs import ReportFileView
from reconciliation.api.signed_minutes import SignedMinutesFileView
from reconciliation.api.signed_reports import SignedReportFileView
from reconciliation.api.trace_letters import TraceLetterView
from reconciliation.pages.checking import STEPS, DifferencePage, DifferencesPage, DifferenceStep, ProofPage
from reconciliation.pages.comparisons import CompareList, ComparePage, FetchComparison
from reconciliation.pages.exports import ApproveExport, DeclineExport, ExportsPage, OrderExport
from reconciliation.pages.figures import FiguresPage, ReportPage, ReportsPage, ReportStep
from reconciliation.pages.home import StartPage
from reconciliation.pages.papers import OrderPaper, PapersPage, SendSignedReport
from reconciliation.pages.periods import PAPERS as PERIOD_PAPERS
from reconciliation.pages.periods import (
    CloseCycle,
    ClosePeriod,
    PeriodPage,
    PeriodsPage,
    ReopenPeriod,
    SendSignedMinutes,
)
from reconciliation.pages.person_data import PersonDataPage, PrintHistory
from reconciliation.pages.prison_lists import PrisonListsPage, SendPrisonList
from reconciliation.pages.questions import AnswerFile, AnswerPage, QuestionsPage
from reconciliation.pages.results import ResultsPage, SendResults
from reconciliation.pages.statements import (
    LookAtStatement,
    NameColumns,
    SendStatement,
    StatementPage,
    StatementsPage,
    UndoMatch,
)
from reconciliation.pages.transfers import RecordTransfer, TransfersPage
from reconciliation.pages.verifying import CheckSeals, VerificationPage, VerifyFile, VerifyingPage
from staff.pages import FileByButton, PageFile

ONE = "chenh-lech/<int:discrepancy_id>/"
PERIOD = "khoa-ky/<str:month>/<str:account>/"
RUN = "bao-cao/<int:run_id>/"
urlpatterns: list[URLPattern] = [
    path("", StartPage.as_view(), name="start"),
    path("nguoi-huong/<int:beneficiary_id>/du-lieu/", PersonDataPage.as_view(), name="page-person-data"),
    path("nguoi-huong/<int:beneficiary_id>/qua-trinh/", PrintHistory.as_view(), name="page-person-history"),
    path("khop-so/<str:month>/", ProofPage.as_view(), name="page-proof"),
    path("chenh-lech/", DifferencesPage.as_view(), name="page-differences"),
    path(ONE, DifferencePage.as_view(), name="page-difference"),
    *(
        path(f"{ONE}{word}/", DifferenceStep.as_view(step=step, done=done, word=word), name=f"page-difference-{word}")
        for word, (step, done) in STEPS.items()
    ),
    path("kinh-phi/<str:account>/chuyen/", TransfersPage.as_view(), name="page-transfers"),
    path("kinh-phi/<str:account>/chuyen/ghi/", RecordTransfer.as_view(), name="page-transfer"),
    path("khoa-ky/", PeriodsPage.as_view(), name="page-periods"),
    path("khoa-ky/<str:month>/", CloseCycle.as_view(), name="page-cycle-close"),
    path(PERIOD, PeriodPage.as_view(), name="page-period"),
    path(f"{PERIOD}khoa/", ClosePeriod.as_view(), name="page-period-close"),
    path(f"{PERIOD}bien-ban-da-ky/", SendSignedMinutes.as_view(), name="page-period-minutes"),
    path(
        f"{PERIOD}bien-ban-da-ky/<int:minutes_id>/",
        PageFile.as_view(view=SignedMinutesFileView),
        name="page-period-minutes-read",
    ),
    path(f"{PERIOD}mo-lai/", ReopenPeriod.as_view(), name="page-period-reopen"),
    *(
        path(f"{PERIOD}{word}/", PageFile.as_view(view=view), name=f"page-period-{word}")
        for word, (view, _) in PERIOD_PAPERS.items()
    ),
    path("sao-ke/", StatementsPage.as_view(), name="page-statements"),
    path("sao-ke/xem-truoc/", LookAtStatement.as_view(), name="page-statement-look"),
    path("sao-ke/ten-cot/", NameColumns.as_view(), name="page-statement-columns"),
    path("sao-ke/nap/", SendStatement.as_view(), name="page-statement-send"),
    path("sao-ke/<int:statement_id>/", StatementPage.as_view(), name="page-statement"),
    path("sao-ke/<int:statement_id>/huy-noi/<int:match_id>/", UndoMatch.as_view(), name="page-match-undo"),
    path("chap-hanh-an/", PrisonListsPage.as_view(), name="page-prison-lists"),
    path("chap-hanh-an/nap/", SendPrisonList.as_view(), name="page-prison-lists-send"),
    path("thanh-tra/", QuestionsPage.as_view(), name="page-questions"),
    path("thanh-tra/<str:question>/", AnswerPage.as_view(), name="page-answer"),
    path("thanh-tra/<str:question>/tep/", AnswerFile.as_view(), name="page-answer-file"),
    path("kiem-tra/", VerifyingPage.as_view(), name="page-verifying"),
    path("kiem-tra/<int:order_id>/", VerificationPage.as_view(), name="page-verification"),
    path("kiem-tra/tep/", VerifyFile.as_view(), name="page-verifying-file"),
    path("kiem-tra/niem-phong/", CheckSeals.as_view(), name="page-verifying-seals"),
    path("danh-sach/<int:batch_id>/ket-qua/", ResultsPage.as_view(), name="page-list-results"),
    path("danh-sach/<int:batch_id>/ket-qua/nap/", SendResults.as_view(), name="page-list-results-send"),
    path("tra-soat/<int:payment_id>/phieu/", FileByButton.as_view(view=TraceLetterView), name="page-trace-letter"),
    path("so-voi-excel/", ComparePage.as_view(), name="page-compare"),
    path("so-voi-excel/so/", CompareList.as_view(), name="page-compare-send"),
    path("so-voi-excel/tep/", FetchComparison.as_view(), name="page-compare-file"),
    path("xuat-du-lieu/", ExportsPage.as_view(), name="page-exports"),
    path("xuat-du-lieu/yeu-cau/", OrderExport.as_view(), name="page-export-order"),
    path("xuat-du-lieu/<int:order_id>/dong-y/", ApproveExport.as_view(), name="page-export-approve"),
    path("xuat-du-lieu/<int:order_id>/khong-dong-y/", DeclineExport.as_view(), name="page-export-decline"),
    path("in-an/", PapersPage.as_view(), name="page-papers"),
    path("in-an/lap/", OrderPaper.as_view(), name="page-papers-order"),
    path("in-an/<int:order_id>/tep/", PageFile.as_view(view=PaperFileView), name="page-paper-file"),
    path("so-lieu/", FiguresPage.as_view(), name="page-figures"),
    path("bao-cao/", ReportsPage.as_view(), name="page-reports"),
    path(RUN, ReportPage.as_view(), name="page-report"),
    path(f"{RUN}ky/", ReportStep.as_view(), name="page-report-sign"),
    path(f"{RUN}ban-da-ky/", SendSignedReport.as_view(), name="page-report-paper"),
    path(f"{RUN}ban-da-ky/<int:paper_id>/", PageFile.as_view(view=SignedReportFileView), name="page-report-paper-read"),
    path(f"{RUN}tep/<str:file_format>/", login_required(ReportFileView.as_view(schema=None)), name="page-report-file"),
]
