"""Addresses of payment lists for people."""

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, path

from payments.api.batches import PauseView, ResumeView
from payments.api.case_offers import OfferAgainView, ProposeOfferView
from payments.api.office_files import OfficeFileErrorsView
from payments.api.papers import KeptPaperView, PrintView
from payments.api.signing import ReturnView
from payments.api.signing_work import ConflictNoteView, SlipRefuseView, SlipSignView
from payments.pages import corrections, life, office_files, one_payment, powers
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
from payments.states import Step
from staff.pages import PageFile

CASE = "viec/<int:case_id>/"
ONE = "danh-sach/<int:batch_id>/"
PAYMENT = f"{ONE}khoan-chi/<int:payment_id>/"
SLIP = f"{ONE}phieu/<int:slip_id>/"
urlpatterns: list[URLPattern] = [
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
    path(f"{ONE}ban-da-ky/", SendSignedList.as_view(), name="page-list-paper"),
    path(f"{ONE}ban-da-ky/<int:paper_id>/", PageFile.as_view(view=KeptPaperView), name="page-list-paper-read"),
    path(PAYMENT, one_payment.PaymentPage.as_view(), name="page-payment"),
    path(f"{PAYMENT}rut-ten/", one_payment.TakeOff.as_view(), name="page-payment-take-off"),
    path(f"{PAYMENT}dung-chi/", one_payment.AskToStop.as_view(), name="page-payment-stop-notice"),
    path("tam-ngung-chi/", powers.FreezesPage.as_view(), name="page-freezes"),
    path("tam-ngung-chi/moi/", powers.Freezing.as_view(), name="page-freeze"),
    path("tam-ngung-chi/<int:freeze_id>/go/", powers.Lifting.as_view(), name="page-freeze-lift"),
    path("uy-quyen-ky/", powers.DelegationsPage.as_view(), name="page-delegations"),
    path("uy-quyen-ky/moi/", powers.Delegating.as_view(), name="page-delegate"),
    path("uy-quyen-ky/<int:delegation_id>/thu-hoi/", powers.Revoking.as_view(), name="page-delegation-revoke"),
    path("bao-tu/", life.DeathsPage.as_view(), name="page-deaths"),
    path("bao-tu/<int:beneficiary_id>/tra-loi/", life.AnswerNotice.as_view(), name="page-death-notice-answer"),
    path("mai-tang/<int:file_id>/trang-thai/", life.FuneralStatus.as_view(), name="page-funeral-status"),
    path("sua-ho-so/", corrections.CorrectionsPage.as_view(), name="page-corrections"),
    path("sua-ho-so/<int:correction_id>/", corrections.CorrectionPage.as_view(), name="page-correction"),
    *(
        path(
            f"sua-ho-so/<int:correction_id>/{word}/",
            corrections.Decide.as_view(step=step, done=done),
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
        CaseOffer.as_view(step=ProposeOfferView, done="Đã đề nghị gửi lại, chờ kế toán trưởng."),
        name="page-case-propose-offer",
    ),
    path(
        f"{CASE}gui-lai/",
        CaseOffer.as_view(step=OfferAgainView, done="Đã cho gửi lại ngân hàng."),
        name="page-case-offer-again",
    ),
]
