"""Addresses of payment lists for people."""

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, path

from payments.api.batches import PauseView, ResumeView
from payments.api.case_offers import OfferAgainView, ProposeOfferView
from payments.api.papers import PrintView
from payments.api.signing import ReturnView
from payments.api.signing_work import ConflictNoteView, SlipRefuseView, SlipSignView
from payments.pages.lists import CaseOffer, ListPage, ListsPage, ListStep, SlipStep, signing
from payments.states import Step

CASE = "viec/<int:case_id>/"
ONE = "danh-sach/<int:batch_id>/"
SLIP = f"{ONE}phieu/<int:slip_id>/"
urlpatterns: list[URLPattern] = [
    path("danh-sach/", ListsPage.as_view(), name="page-lists"),
    path(ONE, ListPage.as_view(), name="page-list"),
    path(f"{ONE}in/", login_required(PrintView.as_view(schema=None)), name="page-list-print"),
    *(path(f"{ONE}ky/{step.lower()}/", signing(step), name=f"page-list-{step.lower()}") for step in Step),
    path(f"{ONE}tra-lai/", ListStep.as_view(step=ReturnView, done="Đã trả lại người lập."), name="page-list-return"),
    path(f"{ONE}canh-bao/", ListStep.as_view(step=ConflictNoteView, done="Đã ghi lý do."), name="page-list-note"),
    path(f"{ONE}tam-dung/", ListStep.as_view(step=PauseView, done="Đã tạm dừng gửi."), name="page-list-pause"),
    path(f"{ONE}gui-tiep/", ListStep.as_view(step=ResumeView, done="Đã cho gửi tiếp."), name="page-list-resume"),
    path(f"{SLIP}ky/", SlipStep.as_view(step=SlipSignView, done="Đã ký phiếu rút tên."), name="page-slip-sign"),
    path(
        f"{SLIP}khong-dong-y/",
        SlipStep.as_view(step=SlipRefuseView, done="Đã ghi: không đồng ý rút tên; khoản chi được chi như đã ký."),
        name="page-slip-refuse",
    ),
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
