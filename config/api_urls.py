"""Addresses of the API."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView

from beneficiaries.api import account_urls
from beneficiaries.api.candidates import CandidatesView
from beneficiaries.api.enquiries import EnquiriesView, EnquiryAnswersView, EnquiryListView, PersonVerdictsView
from beneficiaries.api.quality import QualitySignOffView, QualityView
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
from payments.api.batches import ApproveView, BatchesView, BatchView, ReleaseView, ReturnView, SubmitView
from payments.api.cycles import CyclesView, CycleView
from payments.api.decisions import CloseCycleView, DecisionsView, DryRunView, MoveInView
from payments.api.files import BatchFilesView, OfferAgainView
from payments.api.life_events import LifeEventsFileView, LifeEventsProgressView, LifeEventsView
from payments.api.life_work import (
    FuneralCountsView,
    FuneralFilesView,
    FuneralStatusView,
    NoticeAnswerView,
    NoticesView,
    RecoveriesView,
    StopNoticesView,
)
from payments.api.my_status import MyStatusView
from payments.api.payments import BatchPaymentsView, StopView
from payments.api.phones import OptOutView, PhoneView
from staff.api.health import HealthView
from staff.api.token import RevokeView, TokenView

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", HealthView.as_view(), name="api-health"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("token/", TokenView.as_view(), name="api-token"),
    path("token/revoke/", RevokeView.as_view(), name="api-token-revoke"),
    path("my-status/", MyStatusView.as_view(), name="api-my-status"),
    path("cycles/", CyclesView.as_view(), name="api-cycles"),
    path("cycles/<str:month>/", CycleView.as_view(), name="api-cycle"),
    path("cycles/<str:month>/dry-run/", DryRunView.as_view(), name="api-cycle-dry-run"),
    path("cycles/<str:month>/close/", CloseCycleView.as_view(), name="api-cycle-close"),
    path("enrolments/<int:enrolment_id>/decisions/", DecisionsView.as_view(), name="api-enrolment-decisions"),
    path("enrolments/<int:enrolment_id>/move-in/", MoveInView.as_view(), name="api-enrolment-move-in"),
    path("batches/", BatchesView.as_view(), name="api-batches"),
    path("batches/<int:batch_id>/", BatchView.as_view(), name="api-batch"),
    path("batches/<int:batch_id>/payments/", BatchPaymentsView.as_view(), name="api-batch-payments"),
    path("batches/<int:batch_id>/submit/", SubmitView.as_view(), name="api-batch-submit"),
    path("batches/<int:batch_id>/approve/", ApproveView.as_view(), name="api-batch-approve"),
    path("batches/<int:batch_id>/release/", ReleaseView.as_view(), name="api-batch-release"),
    path("batches/<int:batch_id>/return/", ReturnView.as_view(), name="api-batch-return"),
    path("batches/<int:batch_id>/files/", BatchFilesView.as_view(), name="api-batch-files"),
    path("batches/<int:batch_id>/offer-again/", OfferAgainView.as_view(), name="api-batch-offer-again"),
    path("candidates/", CandidatesView.as_view(), name="api-candidates"),
    path("enquiries/", EnquiriesView.as_view(), name="api-enquiries"),
    path("enquiries/<int:enquiry_id>/list/", EnquiryListView.as_view(), name="api-enquiry-list"),
    path("enquiries/<int:enquiry_id>/answers/", EnquiryAnswersView.as_view(), name="api-enquiry-answers"),
    path("people/<int:person_id>/verdicts/", PersonVerdictsView.as_view(), name="api-person-verdicts"),
    path("quality/", QualityView.as_view(), name="api-quality"),
    path("quality/sign-off/", QualitySignOffView.as_view(), name="api-quality-sign-off"),
    path("life-events/", LifeEventsView.as_view(), name="api-life-events"),
    path("life-events/file/", LifeEventsFileView.as_view(), name="api-life-events-file"),
    path("life-events/files/<int:file_id>/", LifeEventsProgressView.as_view(), name="api-life-events-progress"),
    path("death-notices/", NoticesView.as_view(), name="api-death-notices"),
    path("death-notices/<int:beneficiary_id>/answer/", NoticeAnswerView.as_view(), name="api-death-notice-answer"),
    path("recovery-proposals/", RecoveriesView.as_view(), name="api-recovery-proposals"),
    path("stop-notices/", StopNoticesView.as_view(), name="api-stop-notices"),
    path("funeral-files/", FuneralFilesView.as_view(), name="api-funeral-files"),
    path("funeral-files/counts/", FuneralCountsView.as_view(), name="api-funeral-counts"),
    path("funeral-files/<int:file_id>/status/", FuneralStatusView.as_view(), name="api-funeral-status"),
    path("beneficiaries/<int:beneficiary_id>/phone/", PhoneView.as_view(), name="api-phone"),
    path("beneficiaries/<int:beneficiary_id>/phone/opt-out/", OptOutView.as_view(), name="api-phone-opt-out"),
    path("payments/<int:payment_id>/stop/", StopView.as_view(), name="api-payment-stop"),
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
