"""The whole way of files in one call: what is unknown is asked first, then built and uploaded, then the reports are read."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from banks.files import Files
from banks.iso20022.characters import Characters
from banks.iso20022.pain001 import MAX_TRANSFERS
from payments.models import PaymentFile
from payments.services.files.build import build_next_file
from payments.services.files.reports import read_reports
from payments.services.files.upload import enquire_unknown_files, upload_file
from payments.services.files.watch import raise_file_cases
from payments.services.sending.books import Standing, books_standing
from payments.services.signing.freeze import frozen_lists
from payments.states import FileStatus

logger = logging.getLogger(__name__)


@dataclass
class SentFiles:
    """What one round did: files and the payments in them; `found` were unknown and are with the bank, `moved` payments by reports.

    `books` other than READ says that nothing was built or uploaded, whatever waits: this way has no list of the bank to compare them with.
    """

    files: int = 0
    payments: int = 0
    found: int = 0
    unknown: int = 0
    moved: int = 0
    books: Standing = Standing.READ


def send_files(
    *,
    bank: Files,
    clock: Callable[[], datetime],
    limit: int = MAX_TRANSFERS,
    on_file: Callable[[PaymentFile], None] | None = None,
) -> SentFiles:
    """Send whatever waits in lists of funding accounts that send by file; running it twice, or in ten workers, sends each payment once.

    Files built and never uploaded, by whoever crashed, are uploaded first.
    """
    sent = SentFiles()
    sent.found = enquire_unknown_files(bank=bank, clock=clock)
    for pk in _waiting(now=clock()):
        _upload(pk, sent=sent, bank=bank, clock=clock)
    characters = Characters(settings.BANK_FILE_CHARACTERS)
    while (file := build_next_file(now=clock(), limit=limit, characters=characters)) is not None:
        status = _upload(file.pk, sent=sent, bank=bank, clock=clock)
        if on_file is not None:
            on_file(file)
        if status in (FileStatus.BUILT, FileStatus.UPLOADING):
            break  # a bank that does not answer gets no second file: what it did with the first is asked before
    if not sent.files and (standing := books_standing()) is not Standing.READ:
        sent.books = standing
        logger.warning("nothing goes in files before the books are compared with the bank's: %s", standing)
    sent.moved = read_reports(bank=bank, now=clock()).moved
    raise_file_cases(now=clock())
    return sent


def _waiting(*, now: datetime) -> list[int]:
    built = PaymentFile.objects.filter(status=FileStatus.BUILT, batch__paused=False).exclude(lease_until__gte=now)
    return list(built.exclude(batch__in=frozen_lists()).order_by("pk").values_list("pk", flat=True))


def _upload(pk: int, *, sent: SentFiles, bank: Files, clock: Callable[[], datetime]) -> FileStatus:
    status = upload_file(file_id=pk, bank=bank, clock=clock)
    if status is FileStatus.UPLOADING:
        sent.unknown += 1
    elif status is not FileStatus.BUILT:
        sent.files += 1
        sent.payments += PaymentFile.objects.values_list("count", flat=True).get(pk=pk)
    return status
