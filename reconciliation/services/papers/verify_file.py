"""A file of ours that comes back, judged: a report by its snapshot, else a list, dossier or history by what was kept when it was made."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from reconciliation.errors import FileNotKnown
from reconciliation.models import IssuedPaper, ReportSnapshot
from reconciliation.reports.issued_marks import paper_is_ours
from reconciliation.reports.verify import NotAReport, Verdict, digest_in, kind_of, unpacks_to, verify_report, was_issued
from reconciliation.reports.verify_paper import ROLLS, PaperVerdict, same_bytes, verify_paper
from reconciliation.services.papers.verify_minutes import judge_minutes
from staff.models import AdministrativeUnit, User
from staff.rights import Right, may

FEW_LINES = 300
"""A list of so many lines is made again in a second."""
LIGHT = 8 * 1024 * 1024
"""Bytes a reader may hold in a request: an archive of a few kilobytes can be gigabytes of paragraphs."""


@dataclass(frozen=True)
class FileFound:
    """Which paper of ours the head of a file names ("": nobody looked); `cheap` when judging it is work for a request: a commune's figures, a short
    list, bytes alone, in a file that can do no harm."""

    told: str
    cheap: bool


@dataclass(frozen=True)
class FileVerdict:
    """`told`: which paper it is; `original`: the bytes are ours; sentences on what differs in the file and what counting again gives,
    and of which version its figures are if not of today's."""

    told: str
    original: bool
    holds: bool
    differences: list[str]
    recount: list[str]
    signers: list[str]
    received: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)


def find_file(*, content: bytes, actor: User) -> FileFound:
    """Look at the head of the file alone, and at nothing of one that may unpack to much. Raises `FileNotKnown`, for a paper out of reach too."""
    try:
        if unpacks_to(content) > LIGHT:
            return FileFound(told="", cheap=False)
        suffix = kind_of(content)
        digest = digest_in(content, suffix)
    except NotAReport as error:
        raise FileNotKnown(str(error)) from error
    snapshot = ReportSnapshot.objects.filter(digest=digest).select_related("unit").order_by("-pk").first()
    papers = IssuedPaper.objects.filter(digest=digest).select_related("unit", "made_for")
    paper = None if snapshot else next(filter(paper_is_ours, papers.order_by("-pk")), None)
    named = snapshot or paper
    if named is None or not _may_hear_of(actor, named):
        raise FileNotKnown
    return FileFound(told=_told(named), cheap=_is_little(named) and _can_do_no_harm(content, suffix, named))


def _is_little(named: ReportSnapshot | IssuedPaper) -> bool:
    """Whether counting it again is work for a request."""
    if isinstance(named, ReportSnapshot):
        return named.unit.kind == AdministrativeUnit.Kind.COMMUNE
    return named.kind not in ROLLS or named.lines <= FEW_LINES


def _can_do_no_harm(content: bytes, suffix: str, named: ReportSnapshot | IssuedPaper) -> bool:
    """Bytes we wrote, and JSON: a few hundred bytes of any other kind, naming a paper of ours, can keep whoever compares them busy for ever."""
    if suffix == ".json" or was_issued(content, suffix, named.digest):
        return True
    return suffix == ".pdf" and isinstance(named, IssuedPaper) and same_bytes(content, named)


def verify_file(*, content: bytes, now: datetime, actor: User | None = None) -> FileVerdict:
    """Judge the file; `actor` is told of papers in their reach alone, and of lists of people only with the right to see lists.

    Raises `FileNotKnown`.
    """
    try:
        verdict: Verdict | PaperVerdict = _verdict_on(content, now=now)
    except NotAReport as error:
        raise FileNotKnown(str(error)) from error
    named = verdict.paper if isinstance(verdict, PaperVerdict) else verdict.snapshot
    if actor is not None and not _may_hear_of(actor, named):
        raise FileNotKnown
    return FileVerdict(
        told=_told(named), original=verdict.original, holds=verdict.holds, differences=verdict.differences, recount=verdict.recount,
        signers=verdict.signers, received=verdict.received if isinstance(verdict, Verdict) else [],
        definitions=verdict.definitions if isinstance(verdict, Verdict) else [],
    )  # fmt: skip


def _verdict_on(content: bytes, *, now: datetime) -> Verdict | PaperVerdict:
    if ReportSnapshot.objects.filter(digest=digest_in(content, kind_of(content))).exists():
        return verify_report(content)
    verdict = verify_paper(content, now=now)
    return judge_minutes(content, verdict) if verdict.paper.kind == IssuedPaper.Kind.MINUTES else verdict


def _may_hear_of(actor: User, named: ReportSnapshot | IssuedPaper) -> bool:
    if isinstance(named, ReportSnapshot):
        return actor.reaches(named.unit)
    seen_by = Right.SEE_RECONCILIATION if named.kind == IssuedPaper.Kind.MINUTES else Right.SEE_LISTS
    return actor.reaches(named.unit) and may(actor, seen_by)


def _told(named: ReportSnapshot | IssuedPaper) -> str:
    if isinstance(named, IssuedPaper):
        made = f"lập {timezone.localtime(named.made_at):%d/%m/%Y %H:%M} cho {named.made_for.full_name}"
        return f"{named.get_kind_display()} {named.name}, {made}, mã số liệu {named.digest[:12]}"
    period = f"{named.from_on:%d/%m/%Y} – {named.to_on:%d/%m/%Y}"
    return f"Báo cáo {named.figures['unit']['name']}, {period}, mã số liệu {named.digest[:12]}"
