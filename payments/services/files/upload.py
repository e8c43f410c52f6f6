"""Give a file to the bank, once: its message id never changes, so that the bank itself refuses the second time."""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from banks.errors import BankError
from banks.files import Duplicate, FileNotTaken, Files, Received
from payments.models import Payment, PaymentFile
from payments.services.files.content import ContentAltered, open_content
from payments.services.sending.books import books_are_read
from payments.services.signing.freeze import frozen_lists
from payments.states import Cause, FileCause, FileStatus

logger = logging.getLogger(__name__)
LEASE_MARGIN = 0.5  # of the lease: an upload begins only while this much of it is left, longer than an upload may take
REST = timedelta(seconds=30)


def upload_file(*, file_id: int, bank: Files, clock: Callable[[], datetime]) -> FileStatus:
    """Upload a BUILT file and return where it stands then.

    UPLOADING is committed before the call. No answer leaves it UPLOADING: `enquire_unknown_files` asks. A paused list's file waits, every
    file while restored books were not read, and one whose content was altered: its case names why, and it keeps no other from going.
    """
    holder = f"{socket.gethostname()[:16]}:{os.getpid()}:{secrets.token_hex(4)}"
    file = PaymentFile.objects.get(pk=file_id)
    began = time.monotonic()
    first_use = file.used_at is None
    try:
        content = open_content(file)
    except ContentAltered:
        logger.error("file %s is not what was built", file.message_id)
        PaymentFile.objects.filter(pk=file_id).update(reason="content_altered")
        return FileStatus(file.status)
    if not books_are_read() or not _claim(file_id, first_use=first_use, holder=holder, now=clock()):
        return FileStatus(PaymentFile.objects.get(pk=file_id).status)
    if time.monotonic() - began < settings.SEND_LEASE_SECONDS * (1 - LEASE_MARGIN):
        outcome = bank.upload(message_id=file.message_id, content=content, first_use=first_use)
        ours = PaymentFile.objects.filter(pk=file_id, lease_by=holder)
        if isinstance(outcome, Received):
            PaymentFile.objects.filter(pk=file_id).apply(FileCause.TAKEN, now=clock(), lease_until=None, lease_by="")
        elif isinstance(outcome, Duplicate):
            with suppress(BankError):  # it stays unknown, and is asked for later
                _learn_by_id(file, bank=bank, now=clock())
        elif isinstance(outcome, FileNotTaken) and outcome.retryable:
            now = clock()
            ours.apply(FileCause.NOT_TAKEN, now=now, used_at=None, lease_until=now + REST, lease_by="")
        elif isinstance(outcome, FileNotTaken):
            with transaction.atomic():
                if ours.apply(FileCause.REFUSED, now=clock(), reason=outcome.code[:60], lease_until=None, lease_by=""):
                    free_payments(file, now=clock())
    return FileStatus(PaymentFile.objects.get(pk=file_id).status)


def enquire_unknown_files(*, bank: Files, clock: Callable[[], datetime]) -> int:
    """Ask the bank by message id about every file whose upload was never answered; return how many it has.

    One it does not have is uploaded again under the same message id, the same bytes: whoever sleeps with the first upload in hand is then
    refused by the bank as a duplicate. Its orders are never put under another message id.
    """
    found = 0
    for file in PaymentFile.objects.unknown(now=clock()).order_by("pk").defer("sealed"):
        try:
            found += _learn_by_id(file, bank=bank, now=clock())
        except BankError:
            continue
    return found


def _learn_by_id(file: PaymentFile, *, bank: Files, now: datetime) -> bool:
    """Whether the bank has the file; one with other sums under our message id is not ours, and waits for a person as unknown."""
    state = bank.enquire(file.message_id)
    rows = PaymentFile.objects.filter(pk=file.pk)
    if state is None:
        rows.unknown(now=now).apply(FileCause.NOT_TAKEN, now=now, lease_until=None, lease_by="")
        return False
    if state.count is not None and (state.count, state.total) != (file.count, file.total):
        rows.filter(status=FileStatus.UPLOADING).update(reason="other_sums_at_the_bank", lease_until=now + REST)
        return False
    return bool(rows.apply(FileCause.TAKEN, now=now, lease_until=None, lease_by=""))


def free_payments(file: PaymentFile, *, now: datetime) -> int:
    """A file refused whole left nothing at the bank: its payments wait, held, under a new attempt, until a person offers them again."""
    return Payment.objects.filter(
        batch_id=file.batch_id, ordinal__range=(file.first_ordinal, file.last_ordinal), file=file
    ).apply(
        Cause.NOT_TAKEN, now=now, file=None, first_used_at=None, hold_code="file_rejected", attempt=F("attempt") + 1
    )


def _claim(file_id: int, *, first_use: bool, holder: str, now: datetime) -> int:
    free = PaymentFile.objects.filter(pk=file_id, batch__paused=False, used_at__isnull=first_use).exclude(
        lease_until__gte=now
    )
    free = free.exclude(batch__in=frozen_lists())  # built before a freeze, and still here: it stays
    until = now + timedelta(seconds=settings.SEND_LEASE_SECONDS)
    return free.apply(FileCause.UPLOAD, now=now, used_at=now, lease_until=until, lease_by=holder)
