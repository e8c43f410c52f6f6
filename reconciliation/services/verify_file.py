"""A file of ours that comes back, judged: a report by its snapshot, else a list, dossier or history by what was kept when it was made."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from reconciliation.errors import FileNotKnown
from reconciliation.reports.verify import NotAReport, Verdict, verify_report
from reconciliation.reports.verify_paper import PaperVerdict, verify_paper
from staff.models import User
from staff.rights import Right, may


@dataclass(frozen=True)
class FileVerdict:
    """`told`: which paper it is; `original`: the bytes are ours; sentences on what differs in the file and what counting again gives."""

    told: str
    original: bool
    holds: bool
    differences: list[str]
    recount: list[str]
    signers: list[str]
    received: list[str] = field(default_factory=list)


def verify_file(*, content: bytes, now: datetime, actor: User | None = None) -> FileVerdict:
    """Judge the file; `actor` is told of papers in their reach alone, and of lists of people only with the right to see lists.

    Raises `FileNotKnown`.
    """
    try:
        verdict: Verdict | PaperVerdict = _verdict_on(content, now=now)
    except NotAReport as error:
        raise FileNotKnown(str(error)) from error
    paper = verdict.paper if isinstance(verdict, PaperVerdict) else None
    unit = paper.unit if paper else verdict.snapshot.unit if isinstance(verdict, Verdict) else None
    if actor is not None and (unit is None or not actor.reaches(unit) or (paper and not may(actor, Right.SEE_LISTS))):
        raise FileNotKnown
    return FileVerdict(
        told=_told(verdict), original=verdict.original, holds=verdict.holds, differences=verdict.differences, recount=verdict.recount,
        signers=verdict.signers, received=verdict.received if isinstance(verdict, Verdict) else [],
    )  # fmt: skip


def _verdict_on(content: bytes, *, now: datetime) -> Verdict | PaperVerdict:
    try:
        return verify_report(content)
    except NotAReport:
        return verify_paper(content, now=now)


def _told(verdict: Verdict | PaperVerdict) -> str:
    if isinstance(verdict, PaperVerdict):
        paper = verdict.paper
        made = f"lập {timezone.localtime(paper.made_at):%d/%m/%Y %H:%M} cho {paper.made_for.full_name}"
        return f"{paper.get_kind_display()} {paper.name}, {made}, mã số liệu {paper.digest[:12]}"
    snapshot = verdict.snapshot
    period = f"{snapshot.from_on:%d/%m/%Y} – {snapshot.to_on:%d/%m/%Y}"
    return f"Báo cáo {snapshot.figures['unit']['name']}, {period}, mã số liệu {snapshot.digest[:12]}"
