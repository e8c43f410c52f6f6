"""Addresses of one payment: taken off, left for the next month, noted beside, not seen by the person; and of certificates."""

from django.urls import URLPattern, path

from payments.api.certificates import CertificateView, CheckCertificateView
from payments.api.not_seen import NotSeenView
from payments.api.payments import StopView
from payments.api.row_notes import NextMonthView, PutBackView, RowNoteView

urlpatterns: list[URLPattern] = [
    path("payments/<int:payment_id>/stop/", StopView.as_view(), name="api-payment-stop"),
    path("payments/<int:payment_id>/notes/", RowNoteView.as_view(), name="api-payment-note"),
    path("payments/<int:payment_id>/next-month/", NextMonthView.as_view(), name="api-payment-next-month"),
    path("payments/<int:payment_id>/put-back/", PutBackView.as_view(), name="api-payment-put-back"),
    path("payments/<int:payment_id>/not-seen/", NotSeenView.as_view(), name="api-payment-not-seen"),
    path("beneficiaries/<int:beneficiary_id>/certificate/", CertificateView.as_view(), name="api-certificate"),
    path("certificates/check/", CheckCertificateView.as_view(), name="api-certificate-check"),
]
