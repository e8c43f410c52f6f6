"""Addresses of reconciling."""

from django.urls import URLPattern, path

from reconciliation.api import discrepancies as about
from reconciliation.api import report_runs
from reconciliation.api.comparisons import CompareListView
from reconciliation.api.dashboard import DashboardPageView, DashboardView
from reconciliation.api.exports import ApproveExportView, DeclineExportView, ExportsView
from reconciliation.api.history import HistoryView, SealsView
from reconciliation.api.history_readings import HistoryReadingsView
from reconciliation.api.latest_figures import LatestFiguresView
from reconciliation.api.minutes import (
    JournalExportView,
    MinutesPaperView,
    MinutesView,
    MinutesWordView,
    MinutesWorkbookView,
)
from reconciliation.api.papers import PaperFileView, PaperOrdersView, PaperOrderView
from reconciliation.api.periods import ClosePeriodView, PeriodStatesView, PeriodsView, PeriodView, ReopenPeriodView
from reconciliation.api.person_data import PersonDataView
from reconciliation.api.person_history import PersonHistoryView
from reconciliation.api.prison_lists import PrisonListsView
from reconciliation.api.proof import ProofPageView, ProofView
from reconciliation.api.provider_results import BatchResultsView
from reconciliation.api.questions import AnswerFileView, AnswerView, QuestionsView
from reconciliation.api.signed_minutes import SignedMinutesFileView, SignedMinutesView
from reconciliation.api.signed_reports import SignedReportFileView, SignedReportsView
from reconciliation.api.statement_previews import StatementMappingsView, StatementPreviewView
from reconciliation.api.statements import StatementLinesView, StatementsView, StatementView, UndoMatchView
from reconciliation.api.trace_letters import TraceLetterView
from reconciliation.api.transfers import HeldOfListsView, HeldView, TransfersView
from reconciliation.api.verifications import SealCheckView, VerificationsView, VerificationView

RUN = "report-runs/<int:run_id>/"
ONE = "discrepancies/<int:discrepancy_id>/"
PERIOD = "funding-accounts/<str:account>/periods/"

urlpatterns: list[URLPattern] = [
    path("cycles/<str:month>/proof/", ProofView.as_view(), name="api-proof"),
    path("cycles/<str:month>/proof/page/", ProofPageView.as_view(), name="api-proof-page"),
    path("cycles/<str:month>/compare/", CompareListView.as_view(), name="api-compare-list"),
    path("papers/", PaperOrdersView.as_view(), name="api-paper-orders"),
    path("papers/<int:order_id>/", PaperOrderView.as_view(), name="api-paper-order"),
    path("papers/<int:order_id>/file/", PaperFileView.as_view(), name="api-paper-file"),
    path("people/<int:person_id>/data/", PersonDataView.as_view(), name="api-person-data"),
    path("people/<int:person_id>/history/", PersonHistoryView.as_view(), name="api-person-history"),
    path("statements/", StatementsView.as_view(), name="api-statements"),
    path("statements/preview/", StatementPreviewView.as_view(), name="api-statement-preview"),
    path("statement-mappings/", StatementMappingsView.as_view(), name="api-statement-mappings"),
    path("statements/<int:statement_id>/", StatementView.as_view(), name="api-statement"),
    path("statements/<int:statement_id>/lines/", StatementLinesView.as_view(), name="api-statement-lines"),
    path("statement-matches/<int:match_id>/undo/", UndoMatchView.as_view(), name="api-match-undo"),
    path("payments/<int:payment_id>/trace-letter/", TraceLetterView.as_view(), name="api-trace-letter"),
    path("batches/<int:batch_id>/results/", BatchResultsView.as_view(), name="api-batch-results"),
    path("batches/<int:batch_id>/held/", HeldView.as_view(), name="api-batch-held"),
    path("funding-accounts/<str:account>/held/", HeldOfListsView.as_view(), name="api-held-of-lists"),
    path("funding-accounts/<str:account>/transfers/", TransfersView.as_view(), name="api-transfers"),
    path("discrepancies/", about.DiscrepanciesView.as_view(), name="api-discrepancies"),
    path("discrepancies/ageing/", about.AgeingView.as_view(), name="api-discrepancies-ageing"),
    path(ONE, about.DiscrepancyView.as_view(), name="api-discrepancy"),
    path(f"{ONE}assign/", about.AssignView.as_view(), name="api-discrepancy-assign"),
    path(f"{ONE}note/", about.NoteView.as_view(), name="api-discrepancy-note"),
    path(f"{ONE}ask-bank/", about.AskBankView.as_view(), name="api-discrepancy-ask-bank"),
    path(f"{ONE}accept-answer/", about.AcceptAnswerView.as_view(), name="api-discrepancy-accept-answer"),
    path(f"{ONE}link/", about.LinkView.as_view(), name="api-discrepancy-link"),
    path(f"{ONE}look-again/", about.LookAgainView.as_view(), name="api-discrepancy-look-again"),
    path(f"{ONE}book/", about.BookView.as_view(), name="api-discrepancy-book"),
    path(f"{ONE}propose-write-off/", about.ProposeWriteOffView.as_view(), name="api-discrepancy-propose"),
    path(f"{ONE}sign-write-off/", about.SignWriteOffView.as_view(), name="api-discrepancy-sign"),
    path(f"{ONE}decline-write-off/", about.DeclineWriteOffView.as_view(), name="api-discrepancy-decline"),
    path(f"{ONE}reopen/", about.ReopenView.as_view(), name="api-discrepancy-reopen"),
    path(PERIOD, PeriodsView.as_view(), name="api-periods"),
    path("periods/<str:month>/", PeriodStatesView.as_view(), name="api-period-states"),
    path(f"{PERIOD}<str:month>/", PeriodView.as_view(), name="api-period"),
    path(f"{PERIOD}<str:month>/close/", ClosePeriodView.as_view(), name="api-period-close"),
    path(f"{PERIOD}<str:month>/reopen/", ReopenPeriodView.as_view(), name="api-period-reopen"),
    path(f"{PERIOD}<str:month>/minutes/", MinutesView.as_view(), name="api-minutes"),
    path(f"{PERIOD}<str:month>/minutes/paper/", MinutesPaperView.as_view(), name="api-minutes-paper"),
    path(f"{PERIOD}<str:month>/minutes/word/", MinutesWordView.as_view(), name="api-minutes-word"),
    path(f"{PERIOD}<str:month>/minutes/workbook/", MinutesWorkbookView.as_view(), name="api-minutes-workbook"),
    path(f"{PERIOD}<str:month>/minutes/signed/", SignedMinutesView.as_view(), name="api-minutes-signed"),
    path(
        f"{PERIOD}<str:month>/minutes/signed/<int:minutes_id>/file/",
        SignedMinutesFileView.as_view(),
        name="api-minutes-signed-file",
    ),
    path(f"{PERIOD}<str:month>/journal/", JournalExportView.as_view(), name="api-journal-export"),
    path("report-runs/", report_runs.ReportRunsView.as_view(), name="api-report-runs"),
    path("report-runs/awaiting/", report_runs.AwaitingReportsView.as_view(), name="api-report-runs-awaiting"),
    path("report-runs/progress/", report_runs.ReportProgressView.as_view(), name="api-report-runs-progress"),
    path(RUN, report_runs.ReportRunView.as_view(), name="api-report-run"),
    path(f"{RUN}parts/", report_runs.ReportPartsView.as_view(), name="api-report-run-parts"),
    path(f"{RUN}files/<str:file_format>/", report_runs.ReportFileView.as_view(), name="api-report-run-file"),
    path(f"{RUN}sign/", report_runs.SignReportView.as_view(), name="api-report-run-sign"),
    path(f"{RUN}order-again/", report_runs.OrderAgainView.as_view(), name="api-report-run-order-again"),
    path(f"{RUN}papers/", SignedReportsView.as_view(), name="api-report-run-papers"),
    path(f"{RUN}papers/<int:paper_id>/file/", SignedReportFileView.as_view(), name="api-report-run-paper"),
    path("prison-lists/", PrisonListsView.as_view(), name="api-prison-lists"),
    path("questions/", QuestionsView.as_view(), name="api-questions"),
    path("questions/<str:question>/", AnswerView.as_view(), name="api-question"),
    path("questions/<str:question>/file/", AnswerFileView.as_view(), name="api-question-file"),
    path("history/", HistoryView.as_view(), name="api-history"),
    path("history/readings/", HistoryReadingsView.as_view(), name="api-history-readings"),
    path("history/seals/", SealsView.as_view(), name="api-history-seals"),
    path("history/seals/check/", SealCheckView.as_view(), name="api-history-seals-check"),
    path("exports/", ExportsView.as_view(), name="api-exports"),
    path("exports/<int:order_id>/approve/", ApproveExportView.as_view(), name="api-export-approve"),
    path("exports/<int:order_id>/decline/", DeclineExportView.as_view(), name="api-export-decline"),
    path("verifications/", VerificationsView.as_view(), name="api-verifications"),
    path("verifications/<int:order_id>/", VerificationView.as_view(), name="api-verification"),
    path("dashboard/", DashboardView.as_view(), name="api-dashboard"),
    path("dashboard/latest/", LatestFiguresView.as_view(), name="api-dashboard-latest"),
    path("dashboard/page/", DashboardPageView.as_view(), name="api-dashboard-page"),
]
