"""Confirm that a payment that went in a file left nothing, so that its money may be paid another way."""

from datetime import datetime, timedelta

from django.conf import settings

from banks.files import Files
from payments.models import BankReport, Payment, PaymentFile
from payments.services.files.reports import read_reports
from payments.services.learning.contradictions import uncontradicted
from payments.states import UNPAID_FINAL


def confirm_unpaid_in_files(*, bank: Files, now: datetime) -> int:
    """Read the bank's reports afresh, to the newest; what is still unpaid after them, and old enough, is confirmed. Returns how many.

    Called by the clock even when nothing waits: money of a closed list may come back days later. Old enough: longer ago than the bank's
    longest processing time, so that a booking that contradicts would be in the reports. Nothing is confirmed while a report can't be read
    and nobody closed it (`close_report`), or the bank did not answer.
    """
    if not PaymentFile.objects.exists():
        return 0
    before = now - timedelta(seconds=settings.BANK_MAX_PROCESSING_SECONDS)
    waiting = Payment.objects.filter(
        status__in=UNPAID_FINAL, confirmed_at__isnull=True, file__isnull=False, status_at__lt=before
    )
    learned = read_reports(bank=bank, now=now)
    if not learned.complete or not waiting.exists():  # mostly nothing waits: one short question instead of a long one
        return 0
    unreadable = BankReport.objects.exclude(problem="").filter(closed_by__isnull=True).values("funding_account")
    waiting = uncontradicted(waiting.exclude(batch__funding_account__in=unreadable))
    return waiting.exclude(pk__in=list(learned.contradicted)).update(confirmed_at=now)
