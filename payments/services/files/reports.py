"""The bank's reports on files: fetched in order, kept as received, and applied; read twice or late, the same end comes out."""

import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice

from django.db import transaction
from django.db.models import Max

from banks.errors import BankError
from banks.files import Files, ReportKind
from banks.iso20022.camt054 import Booking, Notification, read_camt054
from banks.iso20022.errors import FileInvalid
from banks.iso20022.pain002 import GroupStatus, StatusReport, read_pain002
from banks.iso20022.reasons import return_code_of
from banks.transfers import Status, TransferState
from payments.models import BankReport, FundingAccount, Payment, PaymentFile
from payments.services.files.content import BANK_REPORT, ContentAltered, open_report
from payments.services.files.upload import free_payments
from payments.services.learning.learn import Learned, apply_states
from payments.states import Cause, Channel, FileCause, FileStatus
from staff.encryption import seal
from staff.time_zone import VIETNAM

logger = logging.getLogger(__name__)
PAGE = 5000


@dataclass(frozen=True)
class _Order:
    """An order of ours: in which file it is, and which account pays it."""

    amount: int
    file_id: int | None
    account_id: int | None


def read_reports(*, bank: Files, now: datetime) -> Learned:
    """Fetch what is new for every funding account that ever sent a file, and apply what is not applied yet.

    `complete` is False when the bank did not answer for an account, or a report could not be applied.
    """
    learned = Learned()
    accounts = FundingAccount.objects.filter(batches__files__isnull=False).distinct().order_by("pk")
    for account in accounts:
        try:
            _fetch(account, bank=bank, now=now)
        except BankError as error:
            logger.warning("reports of account %s not read: %s", account.code, type(error).__name__)
            learned.complete = False
    for pk in BankReport.objects.filter(handled_at__isnull=True).order_by("id").values_list("id", flat=True):
        _apply(pk, now=now, learned=learned)
    return learned


def _fetch(account: FundingAccount, *, bank: Files, now: datetime) -> None:
    """Each report is kept before the next is asked for: a crash begins again where it stopped."""
    newest = BankReport.objects.filter(funding_account=account).aggregate(newest=Max("sequence"))["newest"] or 0
    for report in bank.reports(financial_account=account.bank_account_id, after=newest):
        kept = BankReport(
            funding_account=account,
            sequence=report.sequence,
            kind=report.kind,
            sealed=seal(zlib.compress(report.content, 1), purpose=BANK_REPORT),
            received_at=now,
        )
        BankReport.objects.bulk_create([kept], ignore_conflicts=True)


@transaction.atomic
def _apply(pk: int, *, now: datetime, learned: Learned) -> None:
    """Whole or not at all. One that breaks the rules of its format, or is not what the bank gave, moves nothing and is named."""
    row = BankReport.objects.select_for_update().select_related("funding_account").get(pk=pk)
    if row.handled_at is not None:
        return
    try:
        content = open_report(bytes(row.sealed))
        if row.kind == ReportKind.STATUS:
            _apply_status(read_pain002(content), account=row.funding_account, now=now, learned=learned)
        else:
            apply_bookings(read_camt054(content), account=row.funding_account, now=now, learned=learned)
    except (FileInvalid, ContentAltered) as error:
        why = error.detail if isinstance(error, FileInvalid) else "not what the bank gave"
        logger.warning("report %s of account %s can't be applied: %s", row.sequence, row.funding_account.code, why)
        row.problem = why[:200]
        learned.complete = False
    row.handled_at = now
    row.save(update_fields=["handled_at", "problem"])


def _apply_status(report: StatusReport, *, account: FundingAccount, now: datetime, learned: Learned) -> None:
    file = (
        PaymentFile.objects.filter(message_id=report.original_message_id, batch__funding_account=account)
        .defer("sealed")
        .first()
    )
    if file is None or report.status is GroupStatus.UNDECIDED:
        return  # another client's, or one of another account: its own report comes in that account's list
    repeats = report.count in (None, file.count) and report.total in (None, file.total)  # either may be left out
    if report.status is not GroupStatus.REJECTED and not repeats:
        raise FileInvalid("a report on other sums than those of the file")
    ours = PaymentFile.objects.filter(pk=file.pk)
    if report.status is GroupStatus.REJECTED:
        refused = ours.apply(
            FileCause.BANK_REJECTED, now=now, reason=(report.reason or "")[:60], lease_until=None, lease_by=""
        )
        if not refused and file.status != FileStatus.REJECTED:
            raise FileInvalid("a file refused that was accepted before")
        learned.moved += free_payments(file, now=now) if refused else 0
        return
    cause = FileCause.BANK_ACCEPTED if report.status is GroupStatus.ACCEPTED else FileCause.BANK_PARTLY
    ours.apply(cause, now=now, lease_until=None, lease_by="")
    _reject(report, file=file, account=account, now=now, learned=learned)
    payments = Payment.objects.filter(
        batch_id=file.batch_id, ordinal__range=(file.first_ordinal, file.last_ordinal), file=file
    )
    learned.moved += payments.apply(Cause.ACCEPTED, now=now)


def _reject(
    report: StatusReport, *, file: PaymentFile, account: FundingAccount, now: datetime, learned: Learned
) -> None:
    """Orders the bank names as refused have FAILED; the amount is the bank's, or ours if it does not repeat it.

    One of ours that is not in this file has not: the bank names an order it was not given here, and a person looks.
    """
    orders = _orders_of([rejection.end_to_end_id for rejection in report.rejections])
    states = [
        _state(
            account,
            rejection.end_to_end_id,
            instruction_id=rejection.instruction_id if order.file_id == file.pk else "",
            status=Status.FAILED,
            amount=rejection.amount or order.amount,
            reference=f"{file.message_id}",
            at=now,
            code=return_code_of(rejection.reason),
        )
        for rejection in report.rejections
        if (order := orders.get(rejection.end_to_end_id))
    ]
    if states:
        apply_states(states=states, now=now, learned=learned)


def apply_bookings(notification: Notification, *, account: FundingAccount, now: datetime, learned: Learned) -> None:
    """Orders booked on the account are posted, or returned; those another account of ours pays are not. Raises FileInvalid."""
    if notification.financial_account != account.bank_account_id[:34]:
        raise FileInvalid("a notification of another account")
    for page in _pages(notification.bookings):
        orders = _orders_of([booking.end_to_end_id for booking in page])
        strange = {key for key, order in orders.items() if order.account_id != account.pk}
        debits = [_booked(account, booking, strange=strange) for booking in page if not booking.returned]
        credits = [_booked(account, booking, strange=strange) for booking in page if booking.returned]
        # A debit and its credit in one page: the payment was posted, then returned; never the other way round.
        for states in (debits, credits):
            if states:
                apply_states(states=states, now=now, learned=learned)


def _pages(bookings: tuple[Booking, ...]) -> Iterator[list[Booking]]:
    rest = iter(bookings)
    while page := list(islice(rest, PAGE)):
        yield page


def _booked(account: FundingAccount, booking: Booking, *, strange: set[str]) -> TransferState:
    """`strange`: orders of ours that another account pays; booked on this one, they agree with nothing."""
    return _state(
        account,
        booking.end_to_end_id,
        instruction_id="" if booking.end_to_end_id in strange else booking.instruction_id,
        status=Status.RETURNED if booking.returned else Status.POSTED,
        amount=booking.amount,
        reference=booking.bank_reference,
        at=datetime.combine(booking.booked_on, time(12), tzinfo=VIETNAM),
        code=return_code_of(booking.reason) if booking.returned else None,
    )


def _state(
    account: FundingAccount,
    end_to_end_id: str,
    *,
    instruction_id: str,
    status: Status,
    amount: int,
    reference: str,
    at: datetime,
    code: str | None,
) -> TransferState:
    """The bank's word in the form `apply_states` knows; an instruction id that is not ours has attempt 0 and agrees with nothing."""
    attempt = instruction_id.removeprefix(f"{end_to_end_id}-")
    return TransferState(
        bank_reference=reference,
        end_to_end_id=end_to_end_id,
        attempt=int(attempt) if attempt.isascii() and attempt.isdigit() and len(attempt) < 6 else 0,
        status=status,
        amount=amount,
        currency="VND",
        created_at=at,
        status_at=at,
        return_code=code,
        financial_account=account.bank_account_id,
    )


def _orders_of(end_to_end_ids: list[str]) -> dict[str, _Order]:
    rows = Payment.objects.filter(end_to_end_id__in=end_to_end_ids, batch__channel=Channel.ACCOUNT)
    return {
        key: _Order(*rest)
        for key, *rest in rows.values_list("end_to_end_id", "amount", "file", "batch__funding_account")
    }
