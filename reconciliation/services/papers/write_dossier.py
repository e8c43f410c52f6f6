"""The dossier of a month as one PDF, written down as handed out."""

from collections.abc import Callable
from datetime import date, datetime

from reconciliation.errors import NoListOfMonth
from reconciliation.models import IssuedPaper
from reconciliation.reports.dossier.pdf import render_dossier
from reconciliation.reports.dossier.piece import Dossier
from reconciliation.services.papers.dossier import STEPS, collect_dossier
from reconciliation.services.papers.issue_papers import issued
from reconciliation.services.papers.write_lists import require_lists
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


def require_dossier(actor: User, *, unit: AdministrativeUnit) -> None:
    """People, lists and the bank's statements: three rights. Raises `NotAllowed`."""
    require_lists(actor, unit=unit)
    require(actor, Right.SEE_RECONCILIATION, unit=unit)


def bind_dossier(
    *, unit: AdministrativeUnit, month: date, actor: User, now: datetime, tell: Callable[[int, int], None] = lambda done, total: None
) -> tuple[bytes, Dossier, IssuedPaper]:  # fmt: skip
    """The PDF, what is in it, and the row to write down with it; `tell` counts the pieces and the binding. Raises `NoListOfMonth`, `NotAllowed`."""
    require_dossier(actor, unit=unit)
    dossier = collect_dossier(unit=unit, month=month, now=now, tell=lambda done, total: tell(done, total + 1))
    if dossier is None:
        raise NoListOfMonth
    pdf = render_dossier(dossier)
    tell(STEPS + 1, STEPS + 1)
    lines = sum(len(roll.cells) for piece in dossier.pieces for roll in piece.rolls)
    name = f"ho-so-{month:%Y-%m}-{unit.code}"
    paper = issued(
        kind=IssuedPaper.Kind.DOSSIER, name=name, digest=dossier.digest, lines=lines, pdf=pdf, unit=unit, month=month, actor=actor, now=now
    )  # fmt: skip
    return pdf, dossier, paper
