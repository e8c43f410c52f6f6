"""Minutes of a month come back signed by both sides: scanned, or our PDF with digital signatures, which must be what went out for this month."""

import hashlib
from datetime import date, datetime

from payments.errors import UnreadablePaper
from payments.models import FundingAccount
from payments.services.pdfs.pdfs_apart import PdfUnreadable, signatures_in
from payments.services.signing.papers import media_type_of
from reconciliation.errors import MinutesBearNoSignature, PaperOfOtherMinutes
from reconciliation.models import IssuedPaper, SignedMinutes
from reconciliation.reports.issued_marks import paper_is_ours
from reconciliation.reports.verify import NotAReport, digest_in, kind_of
from reconciliation.reports.verify_paper import same_bytes
from reconciliation.services.papers.issue_minutes import is_of
from staff.encryption import seal, unseal
from staff.models import User
from staff.rights import Right, require

PURPOSE = "signed-minutes"
_PDF = "application/pdf"


def keep_signed_minutes(
    *, account: FundingAccount, month: date, content: bytes, actor: User, now: datetime
) -> SignedMinutes:
    """Seal and keep the upload, in a closed month too; the same file again is the same paper.

    A PDF with a code of ours must be the minutes of this account and month, byte by byte below its signatures, and bear one; anything else is a
    scan, which only people can compare. Raises `NotAllowed`, `UnreadablePaper`, `PaperNotIntact`, `PaperOfOtherMinutes`, `MinutesBearNoSignature`.
    """
    require(actor, Right.RECONCILE, unit=account.paying_unit)
    media_type = media_type_of(content)
    named = _code_in(content) if media_type == _PDF else None
    paper = _went_out(content, named, account=account, month=month) if named else None
    if named and paper is None:
        raise PaperOfOtherMinutes(conflicts=[f"{month:%Y-%m}", account.code])
    signatures = _signatures(content) if media_type == _PDF else []
    if paper and not signatures:
        raise MinutesBearNoSignature(conflicts=[f"{month:%Y-%m}", account.code])
    values = {
        "paper": paper, "kind": SignedMinutes.Kind.SIGNED_PDF if paper else SignedMinutes.Kind.SCAN, "media_type": media_type,
        "sealed": seal(content, purpose=PURPOSE), "signatures": signatures, "received_by": actor, "received_at": now,
    }  # fmt: skip
    kept, _ = SignedMinutes.objects.get_or_create(
        account=account, month=month, content_digest=hashlib.sha256(content).hexdigest(), defaults=values
    )
    return kept


def content_of_minutes(paper: SignedMinutes) -> bytes:
    """The file as it was received."""
    return unseal(bytes(paper.sealed), purpose=PURPOSE)


def signed_minutes_of(*, account: FundingAccount, month: date) -> list[SignedMinutes]:
    """What came back for the month, in the order it came, without the files."""
    papers = SignedMinutes.objects.filter(account=account, month=month).select_related("received_by", "paper")
    return list(papers.defer("sealed").order_by("pk"))


def _code_in(content: bytes) -> str | None:
    try:
        return digest_in(content, kind_of(content))
    except NotAReport:
        return None


def _went_out(content: bytes, digest: str, *, account: FundingAccount, month: date) -> IssuedPaper | None:
    named = IssuedPaper.objects.filter(digest=digest, kind=IssuedPaper.Kind.MINUTES).order_by("pk")
    ours = (each for each in named if paper_is_ours(each) and is_of(each, account=account, month=month))
    return next((each for each in ours if same_bytes(content, each)), None)


def _signatures(content: bytes) -> list[dict[str, object]]:
    try:
        return signatures_in(content)
    except PdfUnreadable as error:
        raise UnreadablePaper from error
