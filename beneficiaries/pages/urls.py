"""Addresses of open work, registry lists, people's accounts and enquiries for people."""

from django.urls import URLPattern, path

from beneficiaries.api.drive import VisitingSheetView
from beneficiaries.api.enquiries import EnquiryListView
from beneficiaries.api.handovers import HandoverSheetView
from beneficiaries.api.slips import PayeePaperView, SlipFormView, SlipScanView
from beneficiaries.api.uploads import TemplateView, UploadErrorsView
from beneficiaries.pages import (
    audits,
    data,
    enquiries,
    lookup_slips,
    matching,
    openings,
    people,
    residents,
    signers,
    uploads,
    visits,
)
from beneficiaries.pages.cases import STEPS, CasePage, CasesPage, CaseStep
from staff.pages import FileByButton, PageFile

ONE = "viec/<int:case_id>/"
LIST = "nap-danh-sach/<int:upload_id>/"
PERSON = "nguoi-huong/<int:beneficiary_id>/"
SAMPLE = "mau-kiem-tra/<int:sample_id>/"
SIGNER = "chat-luong/nguoi-ky/<int:decision_id>/"
ENQUIRY = "xac-minh/<int:enquiry_id>/"
urlpatterns: list[URLPattern] = [
    path("viec/", CasesPage.as_view(), name="page-cases"),
    path(ONE, CasePage.as_view(), name="page-case"),
    *(
        path(f"{ONE}{word}/", CaseStep.as_view(step=step, done=done, word=word), name=f"page-case-{word}")
        for word, (step, done) in STEPS.items()
    ),
    path("dan-cu/", residents.ResidentsPage.as_view(), name="page-residents"),
    path("dan-cu/tim/", residents.FindResidents.as_view(), name="page-residents-find"),
    path("doi-khop/", data.MatchingPage.as_view(), name="page-matching"),
    path("doi-khop/<int:order_id>/", matching.MatchingRunPage.as_view(), name="page-matching-run"),
    path("doi-khop/chay/", data.OrderMatching.as_view(), name="page-matching-order"),
    path("doi-khop/xac-nhan/", data.AcceptReviews.as_view(), name="page-matching-accept"),
    path("chat-luong/", data.QualityPage.as_view(), name="page-quality"),
    path("chat-luong/ky/", data.SignOff.as_view(), name="page-quality-sign"),
    path("chat-luong/nguoi-ky/", signers.SignersPage.as_view(), name="page-signers"),
    path(SIGNER, signers.DecisionSignerPage.as_view(), name="page-decision-signer"),
    path(f"{SIGNER}de-nghi/", signers.ProposeSigner.as_view(), name="page-decision-signer-propose"),
    *(
        path(
            f"{SIGNER}{word}/",
            signers.DecideSigner.as_view(step=step, done=done, word=word),
            name=f"page-decision-signer-{word}",
        )
        for word, (step, done) in signers.STEPS.items()
    ),
    path("mau-kiem-tra/", audits.AuditsPage.as_view(), name="page-audits"),
    path("mau-kiem-tra/chon/", audits.Draw.as_view(), name="page-audits-draw"),
    path(SAMPLE, audits.AuditPage.as_view(), name="page-audit"),
    path(f"{SAMPLE}luu-nguong/", audits.Propose.as_view(), name="page-audit-propose"),
    path(f"{SAMPLE}cap/", audits.PairsPage.as_view(), name="page-audit-pairs"),
    path(f"{SAMPLE}cap/<int:item_id>/", audits.Judge.as_view(), name="page-audit-judge"),
    path("mo-hinh/", audits.ModelsPage.as_view(), name="page-models"),
    path("mo-hinh/huan-luyen/", audits.Train.as_view(), name="page-models-train"),
    path("mo-hinh/dung/", audits.Adopt.as_view(), name="page-models-adopt"),
    path("ban-giao/", data.HandoversPage.as_view(), name="page-handovers"),
    path("ban-giao/moi/", data.DrawUp.as_view(), name="page-handovers-new"),
    path("ban-giao/phan-cong/", data.AssignOfficer.as_view(), name="page-assign-officer"),
    path("ban-giao/<int:handover_id>/nhan/", data.Accept.as_view(), name="page-handover-accept"),
    path("ban-giao/<int:handover_id>/bien-ban/", PageFile.as_view(view=HandoverSheetView), name="page-handover-sheet"),
    path("nap-danh-sach/", uploads.UploadsPage.as_view(), name="page-registry"),
    path("nap-danh-sach/gui/", uploads.SendList.as_view(), name="page-registry-send"),
    path("nap-danh-sach/mau/<str:programme>/", PageFile.as_view(view=TemplateView), name="page-registry-template"),
    path(LIST, uploads.UploadPage.as_view(), name="page-registry-list"),
    path(f"{LIST}ten-cot/", uploads.NameColumns.as_view(), name="page-registry-ten-cot"),
    path(f"{LIST}ly-do/", PageFile.as_view(view=UploadErrorsView), name="page-registry-errors"),
    *(
        path(f"{LIST}{word}/", uploads.UploadStep.as_view(step=step, done=done), name=f"page-registry-{word}")
        for word, (step, done) in uploads.STEPS.items()
    ),
    path(PERSON, people.PersonPage.as_view(), name="page-person"),
    path(f"{PERSON}mau-phieu/", PageFile.as_view(view=SlipFormView), name="page-person-slip-form"),
    path("phieu-tra-cuu/", lookup_slips.LookupSlipsPage.as_view(), name="page-lookup-slips"),
    path("phieu-tra-cuu/in/", lookup_slips.PrintLookupSlips.as_view(), name="page-lookup-slips-print"),
    path("phieu-tra-cuu/tep/<int:kept_id>/", lookup_slips.FetchLookupSlips.as_view(), name="page-lookup-slips-file"),
    path(f"{PERSON}phieu-tra-cuu/", lookup_slips.PrintNewSlip.as_view(), name="page-person-lookup-slip"),
    path(f"{PERSON}phieu-tra-cuu/tat/", people.StopLookingUp.as_view(), name="page-person-lookup-off"),
    path(f"{PERSON}phieu/", people.RecordSlip.as_view(), name="page-person-slip"),
    path(f"{PERSON}phieu/<int:slip_id>/quet/", people.SendSlipScan.as_view(), name="page-slip-scan"),
    path(f"{PERSON}nhan-thay/", people.RecordPayee.as_view(), name="page-person-payee"),
    path(f"{PERSON}nhan-thay/<int:payee_id>/quet/", people.SendPayeePaper.as_view(), name="page-payee-scan"),
    path(f"{PERSON}nhan-thay/<int:payee_id>/cham-dut/", people.EndPayee.as_view(), name="page-payee-end"),
    path("phieu/<int:slip_id>/ban-quet/", PageFile.as_view(view=SlipScanView), name="page-slip-scan-read"),
    path("giay-to/<int:payee_id>/ban-quet/", PageFile.as_view(view=PayeePaperView), name="page-payee-scan-read"),
    path("mo-tai-khoan/", openings.OpeningsPage.as_view(), name="page-openings"),
    path("mo-tai-khoan/de-nghi/", openings.AskBank.as_view(), name="page-openings-ask"),
    path("mo-tai-khoan/tep/", openings.FetchRequests.as_view(), name="page-openings-file"),
    path("mo-tai-khoan/di-tung-nha/", PageFile.as_view(view=VisitingSheetView), name="page-openings-visits"),
    path("mo-tai-khoan/ket-qua/", visits.VisitsPage.as_view(), name="page-visits"),
    path("mo-tai-khoan/ket-qua/xem-truoc/", visits.LookAtVisits.as_view(), name="page-visits-look"),
    path("mo-tai-khoan/ket-qua/ghi/", visits.TakeVisits.as_view(), name="page-visits-take"),
    path("mo-tai-khoan/ket-qua/ly-do/", visits.FetchVisitsWithReasons.as_view(), name="page-visits-reasons"),
    path("doi-tai-khoan/", people.ChangesPage.as_view(), name="page-account-changes"),
    path("doi-tai-khoan/<int:change_id>/duyet/", people.DecideChange.as_view(), name="page-account-change-approve"),
    path(
        "doi-tai-khoan/<int:change_id>/khong-duyet/", people.RefuseChange.as_view(), name="page-account-change-refuse"
    ),
    path("xac-minh/", enquiries.EnquiriesPage.as_view(), name="page-enquiries"),
    path("xac-minh/lap/", enquiries.Ask.as_view(), name="page-enquiries-ask"),
    path(f"{ENQUIRY}tai-ve/", FileByButton.as_view(view=EnquiryListView), name="page-enquiry-list"),
    path(f"{ENQUIRY}ket-qua/", enquiries.SendAnswers.as_view(), name="page-enquiry-answers"),
    path(f"{ENQUIRY}kiem-tra/", enquiries.CheckAnswers.as_view(), name="page-enquiry-check"),
]
