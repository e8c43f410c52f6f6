"""Addresses of the API about money: months, lists and their signatures, what was granted once, what came back, settings."""

from django.urls import URLPattern, path

from payments.api.alarms import AlarmsView
from payments.api.bank_reports import CloseReportView, WrongReportsView
from payments.api.batches import BatchesView, BatchView, PauseView, ResumeView
from payments.api.budget_codes import BudgetCodesView
from payments.api.case_offers import OfferAgainView, ProposeOfferView
from payments.api.cash_days import CashDayEndView, CashDaysView
from payments.api.commune_people import CommunePeopleView
from payments.api.contradictions import ConfirmFindingView, ContradictedView, FindingView
from payments.api.correction_papers import CorrectionPaperView
from payments.api.corrections import (
    ConfirmCorrectionView,
    CorrectionsView,
    CorrectionView,
    PersonCorrectionsView,
    RefuseCorrectionView,
    WithdrawCorrectionView,
)
from payments.api.cycle_closing import CycleClosingView
from payments.api.cycles import CyclesView, CycleView
from payments.api.death_notice import DeathNoticeView
from payments.api.decisions import (
    CloseCycleView,
    DecisionPaperView,
    DecisionsView,
    DryRunView,
    MoveInView,
    RefuseArrivalView,
)
from payments.api.delegations import DelegateView, DelegationsView, RevokeDelegationView
from payments.api.erasures import ApproveErasureView, DeclineErasureView, ErasureDueView, ErasuresView
from payments.api.estimates import BudgetEstimatesView
from payments.api.files import BatchFilesView
from payments.api.files import OfferAgainView as FileOfferAgainView
from payments.api.freezes import FreezesView, FreezeView, LiftView
from payments.api.funding import CloseAccountView, FundingAccountsView, FundingTopUpsView
from payments.api.gift_households import GiftHouseholdsView
from payments.api.gift_lists import GiftListPreviewView, GiftLookView, WriteGiftLookView
from payments.api.grant_orders import GrantOrdersView, GrantOrderView
from payments.api.life_events import (
    LifeEventsFileView,
    LifeEventsProgressView,
    LifeEventsReasonsView,
    LifeEventsView,
)
from payments.api.life_work import (
    FuneralCountsView,
    FuneralFilesView,
    FuneralStatusView,
    NoticeAnswerView,
    NoticesView,
    RecoveriesView,
    StopNoticesView,
)
from payments.api.list_orders import CalendarView, ListOrdersView, ListOrderView
from payments.api.my_status import MyStatusView
from payments.api.office_files import OfficeFileErrorsView, OfficeFilesView, OfficeFileView
from payments.api.one_off import FuneralAllowancesView, GrantPeopleView, GrantsView, GrantView
from payments.api.papers import KeptPaperView, PapersView, PaperView, PrintView, VoucherView
from payments.api.payment_urls import urlpatterns as of_one_payment
from payments.api.payments import BatchPaymentsView
from payments.api.person_money import PersonAnswersView, PersonPaymentsView
from payments.api.phones import OptOutView, PhoneView
from payments.api.providers import HandOverView, PointsView, ProvidersView, TemplatesView
from payments.api.recoveries import ReceiptsView
from payments.api.recoveries import RecoveriesView as OpenRecoveriesView
from payments.api.reissues import CameBackView, ReissuesView
from payments.api.replace_lost import ReplaceLostView
from payments.api.setting_changes import AcceptChangeView, DeclineChangeView, SettingChangesView, SigningRulesView
from payments.api.signing import ApproveView, CosignView, ReleaseView, ReturnView, ReviewView, SignManyView, SubmitView
from payments.api.signing_work import (
    AwaitingView,
    ConflictNoteView,
    ConflictsView,
    CoverageView,
    SlipRefuseView,
    SlipSignView,
    SlipsView,
    StopNoticeView,
)
from payments.api.supplements import SupplementsView
from payments.api.unknown_outcomes import EndUnknownView, LetterView, TakeUnknownView, UnknownOutcomesView

urlpatterns: list[URLPattern] = [
    path("my-status/", MyStatusView.as_view(), name="api-my-status"),
    path("cycles/", CyclesView.as_view(), name="api-cycles"),
    path("cycles/<str:month>/", CycleView.as_view(), name="api-cycle"),
    path("cycles/<str:month>/coverage/", CoverageView.as_view(), name="api-cycle-coverage"),
    path("cycles/<str:month>/calendar/", CalendarView.as_view(), name="api-cycle-calendar"),
    path("list-orders/", ListOrdersView.as_view(), name="api-list-orders"),
    path("list-orders/<int:order_id>/", ListOrderView.as_view(), name="api-list-order"),
    path("office-files/", OfficeFilesView.as_view(), name="api-office-files"),
    path("office-files/<int:file_id>/", OfficeFileView.as_view(), name="api-office-file"),
    path("office-files/<int:file_id>/errors/", OfficeFileErrorsView.as_view(), name="api-office-file-errors"),
    path("awaiting/", AwaitingView.as_view(), name="api-awaiting"),
    path("slips/", SlipsView.as_view(), name="api-removal-slips"),
    path("slips/<int:slip_id>/sign/", SlipSignView.as_view(), name="api-slip-sign"),
    path("slips/<int:slip_id>/refuse/", SlipRefuseView.as_view(), name="api-slip-refuse"),
    path("bank-reports/", WrongReportsView.as_view(), name="api-bank-reports"),
    path("bank-reports/<int:report_id>/close/", CloseReportView.as_view(), name="api-bank-report-close"),
    path("freezes/", FreezesView.as_view(), name="api-freezes"),
    path("freezes/new/", FreezeView.as_view(), name="api-freeze"),
    path("freezes/<int:freeze_id>/lift/", LiftView.as_view(), name="api-freeze-lift"),
    path("erasures/", ErasuresView.as_view(), name="api-erasures"),
    path("erasures/due/", ErasureDueView.as_view(), name="api-erasures-due"),
    path("erasures/<int:order_id>/approve/", ApproveErasureView.as_view(), name="api-erasure-approve"),
    path("erasures/<int:order_id>/decline/", DeclineErasureView.as_view(), name="api-erasure-decline"),
    path("delegations/", DelegationsView.as_view(), name="api-delegations"),
    path("delegations/new/", DelegateView.as_view(), name="api-delegate"),
    path("delegations/<int:delegation_id>/revoke/", RevokeDelegationView.as_view(), name="api-delegation-revoke"),
    path("batches/sign/", SignManyView.as_view(), name="api-batches-sign"),
    path("cycles/<str:month>/dry-run/", DryRunView.as_view(), name="api-cycle-dry-run"),
    path("cycles/<str:month>/closing/", CycleClosingView.as_view(), name="api-cycle-closing"),
    path("cycles/<str:month>/close/", CloseCycleView.as_view(), name="api-cycle-close"),
    path("commune-people/", CommunePeopleView.as_view(), name="api-commune-people"),
    path("beneficiaries/<int:beneficiary_id>/answers/", PersonAnswersView.as_view(), name="api-person-answers"),
    path("beneficiaries/<int:beneficiary_id>/payments/", PersonPaymentsView.as_view(), name="api-person-payments"),
    path("beneficiaries/<int:beneficiary_id>/death-notice/", DeathNoticeView.as_view(), name="api-person-death-notice"),
    path("enrolments/<int:enrolment_id>/decisions/", DecisionsView.as_view(), name="api-enrolment-decisions"),
    path("decisions/<int:decision_id>/paper/", DecisionPaperView.as_view(), name="api-decision-paper"),
    path("enrolments/<int:enrolment_id>/move-in/", MoveInView.as_view(), name="api-enrolment-move-in"),
    path(
        "enrolments/<int:enrolment_id>/move-in/refuse/",
        RefuseArrivalView.as_view(),
        name="api-enrolment-move-in-refuse",
    ),
    path("cycles/<str:month>/came-back/", CameBackView.as_view(), name="api-came-back"),
    path("cycles/<str:month>/reissues/", ReissuesView.as_view(), name="api-reissues"),
    path("cycles/<str:month>/supplements/", SupplementsView.as_view(), name="api-supplements"),
    path("batches/", BatchesView.as_view(), name="api-batches"),
    path("batches/<int:batch_id>/", BatchView.as_view(), name="api-batch"),
    path("batches/<int:batch_id>/payments/", BatchPaymentsView.as_view(), name="api-batch-payments"),
    path("batches/<int:batch_id>/submit/", SubmitView.as_view(), name="api-batch-submit"),
    path("batches/<int:batch_id>/review/", ReviewView.as_view(), name="api-batch-review"),
    path("batches/<int:batch_id>/cosign/", CosignView.as_view(), name="api-batch-cosign"),
    path("batches/<int:batch_id>/conflicts/", ConflictsView.as_view(), name="api-batch-conflicts"),
    path("batches/<int:batch_id>/conflicts/note/", ConflictNoteView.as_view(), name="api-batch-conflicts-note"),
    path("batches/<int:batch_id>/replace-lost/", ReplaceLostView.as_view(), name="api-batch-replace-lost"),
    path("batches/<int:batch_id>/print/", PrintView.as_view(), name="api-batch-print"),
    path("batches/<int:batch_id>/papers/", PapersView.as_view(), name="api-batch-papers"),
    path("batches/<int:batch_id>/papers/new/", PaperView.as_view(), name="api-batch-paper"),
    path("batches/<int:batch_id>/papers/<int:paper_id>/", KeptPaperView.as_view(), name="api-batch-kept-paper"),
    path("batches/<int:batch_id>/voucher/", VoucherView.as_view(), name="api-batch-voucher"),
    path("batches/<int:batch_id>/approve/", ApproveView.as_view(), name="api-batch-approve"),
    path("batches/<int:batch_id>/release/", ReleaseView.as_view(), name="api-batch-release"),
    path("batches/<int:batch_id>/return/", ReturnView.as_view(), name="api-batch-return"),
    path("batches/<int:batch_id>/pause/", PauseView.as_view(), name="api-batch-pause"),
    path("batches/<int:batch_id>/resume/", ResumeView.as_view(), name="api-batch-resume"),
    path("alarms/", AlarmsView.as_view(), name="api-alarms"),
    path("unknown-outcomes/", UnknownOutcomesView.as_view(), name="api-unknown-outcomes"),
    path("unknown-outcomes/<int:payment_id>/take/", TakeUnknownView.as_view(), name="api-unknown-outcome-take"),
    path("unknown-outcomes/<int:payment_id>/letter/", LetterView.as_view(), name="api-unknown-outcome-letter"),
    path("unknown-outcomes/<int:payment_id>/end/", EndUnknownView.as_view(), name="api-unknown-outcome-end"),
    path("budget-codes/", BudgetCodesView.as_view(), name="api-budget-codes"),
    path("budget-estimates/", BudgetEstimatesView.as_view(), name="api-budget-estimates"),
    path("funding-accounts/", FundingAccountsView.as_view(), name="api-funding-accounts"),
    path("funding-accounts/<str:account>/close/", CloseAccountView.as_view(), name="api-funding-account-close"),
    path("funding-accounts/<str:account>/top-ups/", FundingTopUpsView.as_view(), name="api-top-ups"),
    path("recoveries/", OpenRecoveriesView.as_view(), name="api-recoveries"),
    path("recoveries/<int:decision_id>/receipts/", ReceiptsView.as_view(), name="api-recovery-receipts"),
    path("setting-changes/", SettingChangesView.as_view(), name="api-setting-changes"),
    path("setting-changes/<int:change_id>/accept/", AcceptChangeView.as_view(), name="api-setting-change-accept"),
    path("setting-changes/<int:change_id>/decline/", DeclineChangeView.as_view(), name="api-setting-change-decline"),
    path("rules/signing/", SigningRulesView.as_view(), name="api-signing-rules"),
    path("contradicted-payments/", ContradictedView.as_view(), name="api-contradicted-payments"),
    path("contradicted-payments/<int:payment_id>/finding/", FindingView.as_view(), name="api-contradicted-finding"),
    path(
        "contradicted-payments/<int:payment_id>/confirm/",
        ConfirmFindingView.as_view(),
        name="api-contradicted-confirm",
    ),
    path("batches/<int:batch_id>/files/", BatchFilesView.as_view(), name="api-batch-files"),
    path("batches/<int:batch_id>/cash-days/", CashDaysView.as_view(), name="api-batch-cash-days"),
    path("batches/<int:batch_id>/cash-days/end/", CashDayEndView.as_view(), name="api-batch-cash-day-end"),
    path("batches/<int:batch_id>/hand-over/", HandOverView.as_view(), name="api-batch-hand-over"),
    path("gift-lists/preview/", GiftListPreviewView.as_view(), name="api-gift-list-preview"),
    path("gift-lists/preview/<int:order_id>/", GiftLookView.as_view(), name="api-gift-look"),
    path("gift-lists/preview/<int:order_id>/write/", WriteGiftLookView.as_view(), name="api-gift-look-write"),
    path("one-off/", GrantsView.as_view(), name="api-one-off"),
    path("one-off/<str:programme>/", GrantView.as_view(), name="api-one-off-grant"),
    path("one-off/<str:programme>/people/", GrantPeopleView.as_view(), name="api-one-off-people"),
    path("one-off/<str:programme>/everyone/", GrantOrdersView.as_view(), name="api-one-off-everyone"),
    path("one-off/<str:programme>/everyone/<int:order_id>/", GrantOrderView.as_view(), name="api-one-off-order"),
    path("one-off/<str:programme>/households/", GiftHouseholdsView.as_view(), name="api-one-off-households"),
    path("funeral-allowances/", FuneralAllowancesView.as_view(), name="api-funeral-allowances"),
    path("providers/", ProvidersView.as_view(), name="api-providers"),
    path("providers/<str:provider>/templates/", TemplatesView.as_view(), name="api-provider-templates"),
    path("providers/<str:provider>/points/", PointsView.as_view(), name="api-provider-points"),
    path("batches/<int:batch_id>/offer-again/", FileOfferAgainView.as_view(), name="api-batch-offer-again"),
    path(
        "beneficiaries/<int:beneficiary_id>/corrections/",
        PersonCorrectionsView.as_view(),
        name="api-corrections-of-person",
    ),
    path("corrections/", CorrectionsView.as_view(), name="api-corrections"),
    path("corrections/<int:correction_id>/", CorrectionView.as_view(), name="api-correction"),
    path("corrections/<int:correction_id>/paper/", CorrectionPaperView.as_view(), name="api-correction-paper"),
    path("corrections/<int:correction_id>/confirm/", ConfirmCorrectionView.as_view(), name="api-correction-confirm"),
    path("corrections/<int:correction_id>/refuse/", RefuseCorrectionView.as_view(), name="api-correction-refuse"),
    path("corrections/<int:correction_id>/withdraw/", WithdrawCorrectionView.as_view(), name="api-correction-withdraw"),
    path("life-events/", LifeEventsView.as_view(), name="api-life-events"),
    path("life-events/file/", LifeEventsFileView.as_view(), name="api-life-events-file"),
    path("life-events/file/reasons/", LifeEventsReasonsView.as_view(), name="api-life-events-reasons"),
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
    *of_one_payment,
    path("payments/<int:payment_id>/stop-notice/", StopNoticeView.as_view(), name="api-payment-stop-notice"),
    path("cases/<int:case_id>/propose-offer/", ProposeOfferView.as_view(), name="api-case-propose-offer"),
    path("cases/<int:case_id>/offer-again/", OfferAgainView.as_view(), name="api-case-offer-again"),
]
