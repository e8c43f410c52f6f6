"""Addresses of payment lists for people."""

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, path

from payments.api.batches import PauseView, ResumeView
from payments.api.case_offers import OfferAgainView, ProposeOfferView
from payments.api.contradictions import FindingView
from payments.api.correction_papers import CorrectionPaperView
from payments.api.decisions import DecisionPaperView
from payments.api.office_files import OfficeFileErrorsView
from payments.api.papers import KeptPaperView, PrintView
from payments.api.providers import HandOverView
from payments.api.signing import ReturnView
from payments.api.signing_work import ConflictNoteView, SlipRefuseView, SlipSignView
from payments.api.unknown_outcomes import LetterView
from payments.pages import (
    bank_reports,
    building,
    cash_days,
    certificates,
    corrections,
    decisions,
    erasures,
    estimates,
    funding,
    gift_lists,
    grants,
    life,
    office_files,
    one_payment,
    people,
    powers,
    recoveries,
    reissues,
    setting_changes,
    sign_many,
    supplements,
    unknowns,
)
from payments.pages.lists import (
    CaseOffer,
    ListPage,
    ListsPage,
    ListStep,
    ReplaceLost,
    SendSignedList,
    SlipStep,
    signing,
)
from payments.pages.own_status import OwnStatusPage
from payments.states import Step
from staff.pages import FileByButton, PageFile

PERSON = "nguoi-huong/<int:beneficiary_id>/"
MONTH = "lap-danh-sach/<str:month>/"
GRANT = "chi-mot-lan/<str:programme>/"
UNKNOWN = "tra-soat/<int:payment_id>/"
TOLD = "bao-khac-nhau/<int:payment_id>/"
CASE = "viec/<int:case_id>/"
ONE = "danh-sach/<int:batch_id>/"
PAYMENT = f"{ONE}khoan-chi/<int:payment_id>/"
SLIP = f"{ONE}phieu/<int:slip_id>/"
urlpatterns: list[URLPattern] = [
    path("lap-danh-sach/", building.BuildPage.as_view(), name="page-build"),
    path(MONTH, building.BuildMonthPage.as_view(), name="page-build-month"),
    path(f"{MONTH}tinh-thu/", building.TryOut.as_view(), name="page-build-try"),
    path(f"{MONTH}lap/", building.Build.as_view(), name="page-build-order"),
    path(f"{MONTH}bo-sung/", supplements.SupplementPage.as_view(), name="page-supplement"),
    path(f"{MONTH}bo-sung/xem-truoc/", supplements.TrySupplement.as_view(), name="page-supplement-try"),
    path(f"{MONTH}bo-sung/lap/", supplements.MakeSupplement.as_view(), name="page-supplement-make"),
    path(f"{MONTH}chi-lai/", reissues.CameBackPage.as_view(), name="page-came-back"),
    path(f"{MONTH}chi-lai/lap/", reissues.Reissue.as_view(), name="page-reissue"),
    path("danh-sach/", ListsPage.as_view(), name="page-lists"),
    path(ONE, ListPage.as_view(), name="page-list"),
    path(f"{ONE}in/", login_required(PrintView.as_view(schema=None)), name="page-list-print"),
    *(path(f"{ONE}ky/{step.lower()}/", signing(step), name=f"page-list-{step.lower()}") for step in Step),
    path(f"{ONE}tra-lai/", ListStep.as_view(step=ReturnView, done="Đã trả lại người lập."), name="page-list-return"),
    path(f"{ONE}canh-bao/", ListStep.as_view(step=ConflictNoteView, done="Đã ghi lý do."), name="page-list-note"),
    path(f"{ONE}mat-tai-khoan/", ReplaceLost.as_view(), name="page-list-replace-lost"),
    path(f"{ONE}tam-dung/", ListStep.as_view(step=PauseView, done="Đã tạm dừng gửi."), name="page-list-pause"),
    path(f"{ONE}gui-tiep/", ListStep.as_view(step=ResumeView, done="Đã cho gửi tiếp."), name="page-list-resume"),
    path(f"{SLIP}ky/", SlipStep.as_view(step=SlipSignView, done="Đã ký phiếu rút tên."), name="page-slip-sign"),
    path(
        f"{SLIP}khong-dong-y/",
        SlipStep.as_view(step=SlipRefuseView, done="Đã ghi: không đồng ý rút tên; khoản chi được chi như đã ký."),
        name="page-slip-refuse",
    ),
    path(f"{ONE}ngay-chi/", cash_days.CashDaysPage.as_view(), name="page-cash-days"),
    path(f"{ONE}ngay-chi/phan-cong/", cash_days.PlanDay.as_view(), name="page-cash-day-plan"),
    path(f"{ONE}ngay-chi/mang-ve/", cash_days.EndDay.as_view(), name="page-cash-day-end"),
    path(f"{ONE}giao/", FileByButton.as_view(view=HandOverView), name="page-list-hand-over"),
    path(f"{ONE}ban-da-ky/", SendSignedList.as_view(), name="page-list-paper"),
    path(f"{ONE}ban-da-ky/<int:paper_id>/", PageFile.as_view(view=KeptPaperView), name="page-list-paper-read"),
    path(PAYMENT, one_payment.PaymentPage.as_view(), name="page-payment"),
    path(f"{PAYMENT}rut-ten/", one_payment.TakeOff.as_view(), name="page-payment-take-off"),
    path(f"{PAYMENT}ghi-chu/", one_payment.WriteNote.as_view(), name="page-payment-note"),
    path(f"{PAYMENT}de-ky-sau/", one_payment.LeaveForNextMonth.as_view(), name="page-payment-next-month"),
    path(f"{PAYMENT}dua-lai/", one_payment.PutBack.as_view(), name="page-payment-put-back"),
    path(f"{PAYMENT}dung-chi/", one_payment.AskToStop.as_view(), name="page-payment-stop-notice"),
    path(f"{PAYMENT}van-ban/", one_payment.TakeBack.as_view(), name="page-payment-take-back"),
    path("kinh-phi/", funding.FundingPage.as_view(), name="page-funding"),
    path("kinh-phi/<str:account>/cap/", funding.RecordTopUp.as_view(), name="page-top-up"),
    path("ky-nhieu/", sign_many.SignManyPage.as_view(), name="page-sign-many"),
    path("ky-nhieu/ky/", sign_many.SignMany.as_view(), name="page-sign-many-sign"),
    path("xoa-du-lieu/", erasures.ErasuresPage.as_view(), name="page-erasures"),
    path("xoa-du-lieu/yeu-cau/", erasures.OrderErasure.as_view(), name="page-erasure-order"),
    path("xoa-du-lieu/<int:order_id>/dong-y/", erasures.ApproveErasure.as_view(), name="page-erasure-approve"),
    path("xoa-du-lieu/<int:order_id>/khong-dong-y/", erasures.DeclineErasure.as_view(), name="page-erasure-decline"),
    path("du-toan/", estimates.EstimatesPage.as_view(), name="page-estimates"),
    path("du-toan/ghi/", estimates.RecordEstimate.as_view(), name="page-estimate"),
    path("thu-hoi/", recoveries.RecoveriesPage.as_view(), name="page-recoveries"),
    path("thu-hoi/<int:decision_id>/phieu-thu/", recoveries.RecordReceipt.as_view(), name="page-recovery-receipt"),
    path("thay-doi/", setting_changes.SettingChangesPage.as_view(), name="page-setting-changes"),
    path("thay-doi/mo-tai-khoan/", setting_changes.ProposeAccount.as_view(), name="page-setting-open-account"),
    path("thay-doi/dong-tai-khoan/", setting_changes.ProposeClosing.as_view(), name="page-setting-close-account"),
    path("thay-doi/quy-dinh-ky/", setting_changes.ProposeRule.as_view(), name="page-setting-rule"),
    path("thay-doi/<int:change_id>/xac-nhan/", setting_changes.Accept.as_view(), name="page-setting-change-accept"),
    path("thay-doi/<int:change_id>/khong/", setting_changes.Decline.as_view(), name="page-setting-change-decline"),
    path("tra-soat/", unknowns.UnknownsPage.as_view(), name="page-unknowns"),
    path(f"{UNKNOWN}nhan/", unknowns.Take.as_view(), name="page-unknown-take"),
    path(f"{UNKNOWN}van-ban/", unknowns.SendLetter.as_view(), name="page-unknown-letter"),
    path(f"{UNKNOWN}xem-van-ban/", PageFile.as_view(view=LetterView), name="page-unknown-letter-read"),
    path(f"{UNKNOWN}ket-luan/", unknowns.End.as_view(), name="page-unknown-end"),
    path(f"{TOLD}van-ban/", unknowns.SendFinding.as_view(), name="page-told-finding"),
    path(f"{TOLD}xem-van-ban/", PageFile.as_view(view=FindingView), name="page-told-finding-read"),
    path(f"{TOLD}xac-nhan/", unknowns.Confirm.as_view(), name="page-told-confirm"),
    path("bao-cao-ngan-hang/", bank_reports.WrongReportsPage.as_view(), name="page-bank-reports"),
    path("bao-cao-ngan-hang/<int:report_id>/dong/", bank_reports.Closing.as_view(), name="page-bank-report-close"),
    path("tam-ngung-chi/", powers.FreezesPage.as_view(), name="page-freezes"),
    path("tam-ngung-chi/moi/", powers.Freezing.as_view(), name="page-freeze"),
    path("tam-ngung-chi/<int:freeze_id>/go/", powers.Lifting.as_view(), name="page-freeze-lift"),
    path("uy-quyen-ky/", powers.DelegationsPage.as_view(), name="page-delegations"),
    path("uy-quyen-ky/moi/", powers.Delegating.as_view(), name="page-delegate"),
    path("uy-quyen-ky/<int:delegation_id>/thu-hoi/", powers.Revoking.as_view(), name="page-delegation-revoke"),
    path("kiem-tra-giay/", certificates.CheckCertificatePage.as_view(), name="page-check-certificate"),
    path("tra-cuu/", OwnStatusPage.as_view(), name="page-own-status"),
    path("nguoi-huong/", people.PeoplePage.as_view(), name="page-people"),
    path("nguoi-huong/ca-xa/", people.CommunePage.as_view(), name="page-commune"),
    path("nguoi-huong/tim/", people.FindPeople.as_view(), name="page-people-find"),
    path(
        "nguoi-huong/<int:beneficiary_id>/giay-xac-nhan/",
        certificates.PrintCertificate.as_view(),
        name="page-person-certificate",
    ),
    path("nguoi-huong/<int:beneficiary_id>/dien-thoai/", people.RecordPhone.as_view(), name="page-person-phone"),
    path(
        "nguoi-huong/<int:beneficiary_id>/chua-thay-tien/<int:payment_id>/",
        people.AskForThePerson.as_view(),
        name="page-person-not-seen",
    ),
    path(f"{PERSON}tong-hop/", people.WholePersonPage.as_view(), name="page-person-all"),
    path(f"{PERSON}bao-tu/", life.TellDeath.as_view(), name="page-death-notice"),
    path("ho-so/<int:enrolment_id>/", decisions.EnrolmentPage.as_view(), name="page-enrolment"),
    path("ho-so/<int:enrolment_id>/quyet-dinh/", decisions.RecordDecision.as_view(), name="page-decision"),
    path(
        "quyet-dinh/<int:decision_id>/ban-quet/",
        PageFile.as_view(view=DecisionPaperView),
        name="page-decision-paper",
    ),
    path("chuyen-den/", decisions.ArrivalsPage.as_view(), name="page-arrivals"),
    path("chuyen-den/<int:enrolment_id>/", decisions.TakeIn.as_view(), name="page-arrival-take-in"),
    path("chuyen-den/<int:enrolment_id>/tra-lai/", decisions.RefuseArrival.as_view(), name="page-arrival-refuse"),
    path("bao-tu/", life.DeathsPage.as_view(), name="page-deaths"),
    path("bao-tu/tep/", life.SendEvents.as_view(), name="page-events-send"),
    path("bao-tu/tep/ly-do/", life.EventsWithReasons.as_view(), name="page-events-reasons"),
    path("bao-tu/<int:beneficiary_id>/tra-loi/", life.AnswerNotice.as_view(), name="page-death-notice-answer"),
    path("mai-tang/<int:beneficiary_id>/", grants.FuneralAllowancePage.as_view(), name="page-funeral-allowance"),
    path(
        "mai-tang/<int:beneficiary_id>/ghi/",
        grants.RecordFuneralAllowance.as_view(),
        name="page-funeral-allowance-record",
    ),
    path("chi-mot-lan/", grants.GrantsPage.as_view(), name="page-grants"),
    path("chi-mot-lan/mo/", grants.OpenGrant.as_view(), name="page-grant-open"),
    path("chi-mot-lan/nap/", gift_lists.GiftListPage.as_view(), name="page-gift-list"),
    path("chi-mot-lan/nap/xem-truoc/", gift_lists.LookAtGifts.as_view(), name="page-gift-list-try"),
    path("chi-mot-lan/nap/<int:order_id>/", gift_lists.GiftLookPage.as_view(), name="page-gift-look"),
    path(f"{GRANT}moi-nguoi/<int:order_id>/", grants.GrantOrderPage.as_view(), name="page-grant-order"),
    path("chi-mot-lan/nap/<int:order_id>/ghi/", gift_lists.SendGifts.as_view(), name="page-gift-list-send"),
    path(GRANT, grants.GrantPage.as_view(), name="page-grant"),
    path(f"{GRANT}ho/", grants.GiftHouseholdsPage.as_view(), name="page-grant-households"),
    path(f"{GRANT}xem-truoc/", grants.TryEveryone.as_view(), name="page-grant-try"),
    path(f"{GRANT}ghi/", grants.GrantEveryone.as_view(), name="page-grant-people"),
    path(f"{GRANT}nguoi-moi/", grants.GrantNewcomer.as_view(), name="page-grant-newcomer"),
    path("mai-tang/<int:file_id>/trang-thai/", life.FuneralStatus.as_view(), name="page-funeral-status"),
    path("sua-ho-so/", corrections.CorrectionsPage.as_view(), name="page-corrections"),
    path("sua-ho-so/<int:correction_id>/", corrections.CorrectionPage.as_view(), name="page-correction"),
    path("sua-ho-so/<int:correction_id>/giay-to/", corrections.SendPaper.as_view(), name="page-correction-paper"),
    path(
        "sua-ho-so/<int:correction_id>/ban-quet/",
        PageFile.as_view(view=CorrectionPaperView),
        name="page-correction-paper-read",
    ),
    *(
        path(
            f"sua-ho-so/<int:correction_id>/{word}/",
            corrections.Decide.as_view(step=step, done=done, word=word),
            name=f"page-correction-{word}",
        )
        for word, (step, done) in corrections.STEPS.items()
    ),
    path("nguoi-huong/<int:beneficiary_id>/ho-so/", corrections.RecordPage.as_view(), name="page-record"),
    path("nguoi-huong/<int:beneficiary_id>/ho-so/sua/", corrections.Propose.as_view(), name="page-record-propose"),
    path("nap-tep/", office_files.OfficeFilesPage.as_view(), name="page-files"),
    path("nap-tep/gui/", office_files.SendOfficeFile.as_view(), name="page-files-send"),
    path("nap-tep/<int:file_id>/", office_files.OfficeFilePage.as_view(), name="page-file"),
    path("nap-tep/<int:file_id>/ly-do/", PageFile.as_view(view=OfficeFileErrorsView), name="page-file-errors"),
    path(
        f"{CASE}de-nghi-gui-lai/",
        CaseOffer.as_view(
            step=ProposeOfferView, done="Đã đề nghị gửi lại, chờ kế toán trưởng.", word="de-nghi-gui-lai"
        ),
        name="page-case-propose-offer",
    ),
    path(
        f"{CASE}gui-lai/",
        CaseOffer.as_view(step=OfferAgainView, done="Đã cho gửi lại ngân hàng.", word="gui-lai"),
        name="page-case-offer-again",
    ),
]
