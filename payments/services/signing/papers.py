"""Keep the signed paper of a list: the scan of what was signed by hand, or the PDF signed digitally; and the Treasury's voucher number."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from PIL import Image, UnidentifiedImageError

from payments.errors import (
    ListChangedSinceRead,
    PaperOfAnotherList,
    UnreadablePaper,
    WrongBatchState,
)
from payments.models import PaymentBatch, SignedPaper, TreasuryVoucher
from payments.services.pdfs.pdfs_apart import PdfUnreadable, has_pages, signed_list_in
from payments.services.signing.sign import list_digest
from payments.states import BatchStatus
from staff.encryption import seal, unseal
from staff.models import PaperReading, User
from staff.rights import Right, require
from staff.services.paper_readings import note_reading
from staff.services.photographs import without_place

PAPER = "signed-paper"
REVISED_MEANWHILE = "Danh sách đã được trả lại hoặc thay đổi trong lúc đọc tệp; chưa lưu tệp. Mời xem lại danh sách rồi nạp bản ký của lần này."
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 100_000_000
_IMAGES = {b"\xff\xd8\xff": ("image/jpeg", "JPEG"), b"\x89PNG\r\n\x1a\n": ("image/png", "PNG")}
_PDF = b"%PDF-"


def keep_paper(*, batch_id: int, content: bytes, actor: User, now: datetime) -> SignedPaper:
    """Seal and keep the upload. A PDF with digital signatures must be intact and carry the text of this very list; everything else is a scan.

    What it is is read from the content, never from its name. The same file again is the same paper. Reading may take minutes and holds nothing
    meanwhile; the list it is kept with is held, and the one it was read for. Raises `UnreadablePaper`, `PaperNotIntact`, `PaperOfAnotherList`,
    `ListChangedSinceRead` when the list was revised meanwhile, `WrongBatchState` for a list in draft, `NotAllowed`.
    """
    batch = _with_papers(PaymentBatch.objects.all(), batch_id, actor=actor)
    digest = list_digest(batch_id)
    media_type = media_type_of(content)
    content = without_place(content)
    signatures = _signatures(content, digest=digest) if media_type == "application/pdf" else []
    with transaction.atomic():
        held = _with_papers(PaymentBatch.objects.select_for_update(of=("self",), no_key=True), batch_id, actor=actor)
        if (held.revision, list_digest(batch_id)) != (batch.revision, digest):
            raise ListChangedSinceRead(REVISED_MEANWHILE, conflicts=[str(batch_id)])
        return _keep(held, content, digest=digest, media_type=media_type, signatures=signatures, actor=actor, now=now)


def _with_papers(batches: QuerySet[PaymentBatch], batch_id: int, *, actor: User) -> PaymentBatch:
    batch = batches.select_related("paying_unit").get(pk=batch_id)
    require(actor, Right.KEEP_PAPERS, unit=batch.paying_unit)
    if batch.status in (BatchStatus.DRAFT, BatchStatus.CANCELLED):
        raise WrongBatchState(conflicts=[str(batch_id)])
    return batch


def _keep(
    batch: PaymentBatch,
    content: bytes,
    *,
    digest: str,
    media_type: str,
    signatures: Sequence[dict[str, object]],
    actor: User,
    now: datetime,
) -> SignedPaper:
    values = {
        "list_digest": digest,
        "kind": SignedPaper.Kind.SIGNED_PDF if signatures else SignedPaper.Kind.SCAN,
        "media_type": media_type,
        "sealed": seal(content, purpose=PAPER),
        "signatures": list(signatures),
        "data_matches": True if signatures else None,
        "received_by": actor,
        "received_at": now,
    }
    paper, _ = SignedPaper.objects.get_or_create(
        batch=batch, revision=batch.revision, content_digest=hashlib.sha256(content).hexdigest(), defaults=values
    )
    return paper


@transaction.atomic
def read_paper(*, paper: SignedPaper, actor: User, now: datetime) -> bytes:
    """The paper as it was uploaded; that it was read is written down. Whether the list is in reach, the caller has asked."""
    unit = paper.batch.paying_unit
    note_reading(kind=PaperReading.Kind.LIST, paper_id=paper.pk, unit=unit, actor=actor, now=now)
    return unseal(bytes(paper.sealed), purpose=PAPER)


@transaction.atomic
def record_voucher(*, batch_id: int, number: str, dated_on: date, actor: User, now: datetime) -> TreasuryVoucher:
    """The Treasury's number for the money of a released list. The same again is the same; a wrong one is followed by the right one.

    Raises `WrongBatchState` before the release, `NotAllowed`.
    """
    batch = PaymentBatch.objects.select_related("paying_unit").get(pk=batch_id)
    require(actor, Right.KEEP_PAPERS, unit=batch.paying_unit)
    if batch.status not in (BatchStatus.RELEASED, BatchStatus.CLOSED):
        raise WrongBatchState(conflicts=[str(batch_id)])
    voucher, _ = TreasuryVoucher.objects.get_or_create(
        batch=batch, number=number, dated_on=dated_on, defaults={"recorded_by": actor, "recorded_at": now}
    )
    return voucher


@dataclass(frozen=True)
class Upload:
    """A paper somebody sent, read and without the place it was photographed at; `digest` (SHA-256, hex) is of what is kept."""

    content: bytes
    media_type: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def read_upload(content: bytes) -> Upload:
    """What somebody sent, looked at in a process apart: to be called before a transaction begins. Raises `UnreadablePaper`, `PdfNotRead`."""
    content = without_place(content)
    return Upload(content, media_type_of(content))


def media_type_of(content: bytes) -> str:
    """PDF, JPEG or PNG, by what the file begins with, and only if the rest of it can be read as that. Raises `UnreadablePaper`."""
    if len(content) > MAX_BYTES:
        raise UnreadablePaper
    if content.startswith(_PDF):
        try:
            readable = has_pages(content)
        except PdfUnreadable as error:
            raise UnreadablePaper from error
        if not readable:
            raise UnreadablePaper
        return "application/pdf"
    for magic, (media_type, image_format) in _IMAGES.items():
        if content.startswith(magic):
            _require_image(content, image_format)
            return media_type
    raise UnreadablePaper


def _require_image(content: bytes, image_format: str) -> None:
    try:
        with Image.open(io.BytesIO(content), formats=[image_format]) as image:
            width, height = image.size
            image.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise UnreadablePaper from error
    if width * height > MAX_PIXELS:
        raise UnreadablePaper


def _signatures(content: bytes, *, digest: str) -> list[dict[str, object]]:
    try:
        signatures, text = signed_list_in(content)
    except PdfUnreadable as error:
        raise UnreadablePaper from error
    if signatures and (text is None or hashlib.sha256(text).hexdigest() != digest):
        raise PaperOfAnotherList
    return signatures
