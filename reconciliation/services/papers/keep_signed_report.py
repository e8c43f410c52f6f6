"""A report comes back signed: by hand and scanned, or our PDF with digital signatures, which must be this very report."""

import hashlib
from datetime import datetime

from payments.errors import (
    UnreadablePaper,
)
from payments.services.pdfs.pdfs_apart import PdfUnreadable, signatures_in
from payments.services.signing.papers import media_type_of
from reconciliation.errors import PaperOfAnotherReport, ReportBearsNoSignature, WrongReportState
from reconciliation.models import ReportRun, SignedReport
from reconciliation.reports.verify import NotAReport, digest_in, is_ours, kind_of
from reconciliation.services.papers.report_signers import runs_in_reach
from reconciliation.states import RunStatus
from staff.encryption import seal, unseal
from staff.models import User
from staff.rights import Right, require

PURPOSE = "signed-report"
_PDF = "application/pdf"


def keep_signed_report(*, run_id: int, content: bytes, actor: User, now: datetime) -> SignedReport:
    """Seal and keep the upload. The same file again is the same paper.

    A PDF that says it is a report of ours must be this one, byte by byte below its signatures, and bear one; anything else is a scan, which only
    a person can compare. Raises `ReportRun.DoesNotExist` outside the scope, `NotAllowed`, `WrongReportState` for a draft, `UnreadablePaper`,
    `PaperNotIntact`, `PaperOfAnotherReport`, `ReportBearsNoSignature`.
    """
    run = runs_in_reach(actor).select_related("unit", "snapshot__unit").get(pk=run_id)
    require(actor, Right.KEEP_PAPERS, unit=run.unit)
    if run.status not in (RunStatus.MADE, RunStatus.SIGNED) or run.snapshot is None:
        raise WrongReportState(conflicts=[str(run_id)])
    media_type = media_type_of(content)
    ours = media_type == _PDF and _says_it_is_ours(content)
    if ours and (digest_in(content, ".pdf") != run.snapshot.digest or not is_ours(content, ".pdf", run.snapshot)):
        raise PaperOfAnotherReport(conflicts=[str(run_id)])
    signatures = _signatures(content) if media_type == _PDF else []
    if ours and not signatures:
        raise ReportBearsNoSignature(conflicts=[str(run_id)])
    signed = ours
    values = {
        "run": run, "kind": SignedReport.Kind.SIGNED_PDF if signed else SignedReport.Kind.SCAN, "media_type": media_type,
        "sealed": seal(content, purpose=PURPOSE), "signatures": signatures, "data_matches": True if signed else None,
        "received_by": actor, "received_at": now,
    }  # fmt: skip
    paper, _ = SignedReport.objects.get_or_create(
        snapshot=run.snapshot, content_digest=hashlib.sha256(content).hexdigest(), defaults=values
    )
    return paper


def content_of_paper(paper: SignedReport) -> bytes:
    """The file as it was received."""
    return unseal(bytes(paper.sealed), purpose=PURPOSE)


def papers_of(run: ReportRun) -> list[SignedReport]:
    """What came back for the present figures, without the files."""
    papers = SignedReport.objects.filter(snapshot_id=run.snapshot_id).select_related("received_by")
    return list(papers.defer("sealed").order_by("pk")) if run.snapshot_id is not None else []


def _says_it_is_ours(content: bytes) -> bool:
    try:
        digest_in(content, kind_of(content))
    except NotAReport:
        return False
    return True


def _signatures(content: bytes) -> list[dict[str, object]]:
    try:
        return signatures_in(content)
    except PdfUnreadable as error:
        raise UnreadablePaper from error
