"""Addresses of the API about people: records, cases, identity, accounts, the quality of what is known."""

from django.urls import URLPattern, path

from beneficiaries.api import account_urls
from beneficiaries.api.audits import AuditAnswerView, AuditPairsView, AuditSamplesView, AuditSampleView
from beneficiaries.api.candidates import CandidatesView
from beneficiaries.api.case_steps import (
    ConfirmView,
    DeclineView,
    EscalateView,
    GiveBackView,
    IdentifyView,
    NotTheSameView,
    RejectView,
    ReopenView,
    SamePersonView,
    SettleView,
    TakeView,
)
from beneficiaries.api.cases import CaseCountsView, CasesTodayView, CasesView, CaseView, PilesView
from beneficiaries.api.decision_signers import (
    ConfirmSignerView,
    DecisionSignerView,
    DecisionsWithoutSignerView,
    RefuseSignerView,
    UnitsWithoutSignerView,
    WithdrawSignerView,
)
from beneficiaries.api.enquiries import (
    EnquiriesDueView,
    EnquiriesView,
    EnquiryAnswersView,
    EnquiryCheckView,
    EnquiryListView,
    PersonVerdictsView,
)
from beneficiaries.api.enrolments import EnrolmentsView
from beneficiaries.api.handovers import AcceptHandoverView, HandoverSheetView, HandoversView
from beneficiaries.api.insurance import InsuranceView
from beneficiaries.api.levels import DaysOffView, DecideLevelsView, LevelPaperView, LevelProposalsView, LevelsView
from beneficiaries.api.match_models import (
    AuditThresholdsView,
    MatchModelAdoptionsView,
    MatchModelsView,
    MatchModelTrainingsView,
    MatchModelTrainingView,
)
from beneficiaries.api.matching_runs import AcceptReviewsView, MatchingRunsView, MatchingRunView
from beneficiaries.api.persons import ArrivalsView, EnrolmentView, PersonView
from beneficiaries.api.quality import QualitySignOffView, QualityView, UnsignedDecisionsView
from beneficiaries.api.rules import AgeRulesView, ExclusionsView, TopUpsView
from beneficiaries.api.uploads import (
    CancelUploadView,
    ConfirmUploadView,
    MappingView,
    ResumeUploadView,
    StopUploadView,
    TemplateView,
    UploadErrorsView,
    UploadRowsView,
    UploadsView,
    UploadView,
)

urlpatterns: list[URLPattern] = [
    path("matching-runs/", MatchingRunsView.as_view(), name="api-matching-runs"),
    path("matching-runs/<int:order_id>/", MatchingRunView.as_view(), name="api-matching-run"),
    path("enrolments/", EnrolmentsView.as_view(), name="api-enrolments"),
    path("enrolments/arriving/", ArrivalsView.as_view(), name="api-enrolments-arriving"),
    path("enrolments/<int:enrolment_id>/", EnrolmentView.as_view(), name="api-enrolment"),
    path("beneficiaries/<int:beneficiary_id>/", PersonView.as_view(), name="api-person"),
    path("audit-samples/", AuditSamplesView.as_view(), name="api-audit-samples"),
    path("audit-samples/<int:sample_id>/", AuditSampleView.as_view(), name="api-audit-sample"),
    path("audit-samples/<int:sample_id>/thresholds/", AuditThresholdsView.as_view(), name="api-audit-thresholds"),
    path("match-models/", MatchModelsView.as_view(), name="api-match-models"),
    path("match-model-trainings/", MatchModelTrainingsView.as_view(), name="api-match-model-trainings"),
    path("match-model-trainings/<int:order_id>/", MatchModelTrainingView.as_view(), name="api-match-model-training"),
    path("match-model-adoptions/", MatchModelAdoptionsView.as_view(), name="api-match-model-adoptions"),
    path("audit-samples/<int:sample_id>/pairs/", AuditPairsView.as_view(), name="api-audit-pairs"),
    path("audit-pairs/<int:item_id>/answer/", AuditAnswerView.as_view(), name="api-audit-answer"),
    path("rules/exclusions/", ExclusionsView.as_view(), name="api-exclusions"),
    path("rules/top-ups/", TopUpsView.as_view(), name="api-top-up-rates"),
    path("rules/ages/", AgeRulesView.as_view(), name="api-age-rules"),
    path("rules/levels/", LevelsView.as_view(), name="api-levels"),
    path("rules/days-off/", DaysOffView.as_view(), name="api-days-off"),
    path("rules/level-proposals/", LevelProposalsView.as_view(), name="api-level-proposals"),
    path("rules/level-proposals/decide/", DecideLevelsView.as_view(), name="api-level-proposals-decide"),
    path("rules/level-proposals/<int:proposal_id>/paper/", LevelPaperView.as_view(), name="api-level-paper"),
    path("insurance/", InsuranceView.as_view(), name="api-insurance"),
    path("candidates/", CandidatesView.as_view(), name="api-candidates"),
    path("enquiries/", EnquiriesView.as_view(), name="api-enquiries"),
    path("enquiries/due/", EnquiriesDueView.as_view(), name="api-enquiries-due"),
    path("enquiries/<int:enquiry_id>/list/", EnquiryListView.as_view(), name="api-enquiry-list"),
    path("enquiries/<int:enquiry_id>/answers/", EnquiryAnswersView.as_view(), name="api-enquiry-answers"),
    path("enquiries/<int:enquiry_id>/answers/check/", EnquiryCheckView.as_view(), name="api-enquiry-check"),
    path("people/<int:person_id>/verdicts/", PersonVerdictsView.as_view(), name="api-person-verdicts"),
    path("quality/", QualityView.as_view(), name="api-quality"),
    path("quality/unsigned-decisions/", UnsignedDecisionsView.as_view(), name="api-quality-unsigned"),
    path("decisions/without-signer/", DecisionsWithoutSignerView.as_view(), name="api-decisions-without-signer"),
    path(
        "decisions/without-signer/units/", UnitsWithoutSignerView.as_view(), name="api-decisions-without-signer-units"
    ),
    path("decisions/<int:decision_id>/signer/", DecisionSignerView.as_view(), name="api-decision-signer"),
    path(
        "decisions/<int:decision_id>/signer/confirm/", ConfirmSignerView.as_view(), name="api-decision-signer-confirm"
    ),
    path("decisions/<int:decision_id>/signer/refuse/", RefuseSignerView.as_view(), name="api-decision-signer-refuse"),
    path(
        "decisions/<int:decision_id>/signer/withdraw/",
        WithdrawSignerView.as_view(),
        name="api-decision-signer-withdraw",
    ),
    path("quality/sign-off/", QualitySignOffView.as_view(), name="api-quality-sign-off"),
    path("cases/", CasesView.as_view(), name="api-cases"),
    path("cases/today/", CasesTodayView.as_view(), name="api-cases-today"),
    path("cases/counts/", CaseCountsView.as_view(), name="api-cases-counts"),
    path("cases/accept-reviews/", AcceptReviewsView.as_view(), name="api-cases-accept-reviews"),
    path("cases/piles/", PilesView.as_view(), name="api-cases-piles"),
    path("cases/<int:case_id>/", CaseView.as_view(), name="api-case"),
    path("cases/<int:case_id>/take/", TakeView.as_view(), name="api-case-take"),
    path("cases/<int:case_id>/settle/", SettleView.as_view(), name="api-case-settle"),
    path("cases/<int:case_id>/reject/", RejectView.as_view(), name="api-case-reject"),
    path("cases/<int:case_id>/escalate/", EscalateView.as_view(), name="api-case-escalate"),
    path("cases/<int:case_id>/give-back/", GiveBackView.as_view(), name="api-case-give-back"),
    path("cases/<int:case_id>/reopen/", ReopenView.as_view(), name="api-case-reopen"),
    path("cases/<int:case_id>/identify/", IdentifyView.as_view(), name="api-case-identify"),
    path("cases/<int:case_id>/not-the-same/", NotTheSameView.as_view(), name="api-case-not-the-same"),
    path("cases/<int:case_id>/same-person/", SamePersonView.as_view(), name="api-case-same-person"),
    path("cases/<int:case_id>/confirm/", ConfirmView.as_view(), name="api-case-confirm"),
    path("cases/<int:case_id>/decline/", DeclineView.as_view(), name="api-case-decline"),
    path("handovers/", HandoversView.as_view(), name="api-handovers"),
    path("handovers/<int:handover_id>/accept/", AcceptHandoverView.as_view(), name="api-handover-accept"),
    path("handovers/<int:handover_id>/sheet/", HandoverSheetView.as_view(), name="api-handover-sheet"),
    *account_urls.urlpatterns,
    path("registry-templates/<str:programme>/", TemplateView.as_view(), name="api-registry-template"),
    path("registry-uploads/", UploadsView.as_view(), name="api-registry-uploads"),
    path("registry-uploads/<int:upload_id>/", UploadView.as_view(), name="api-registry-upload"),
    path("registry-uploads/<int:upload_id>/rows/", UploadRowsView.as_view(), name="api-registry-upload-rows"),
    path("registry-uploads/<int:upload_id>/errors/", UploadErrorsView.as_view(), name="api-registry-upload-errors"),
    path("registry-uploads/<int:upload_id>/mapping/", MappingView.as_view(), name="api-registry-upload-mapping"),
    path("registry-uploads/<int:upload_id>/confirm/", ConfirmUploadView.as_view(), name="api-registry-upload-confirm"),
    path("registry-uploads/<int:upload_id>/stop/", StopUploadView.as_view(), name="api-registry-upload-stop"),
    path("registry-uploads/<int:upload_id>/resume/", ResumeUploadView.as_view(), name="api-registry-upload-resume"),
    path("registry-uploads/<int:upload_id>/cancel/", CancelUploadView.as_view(), name="api-registry-upload-cancel"),
]
