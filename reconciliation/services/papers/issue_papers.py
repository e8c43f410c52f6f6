"""Write down which papers were handed out, to whom and by what they are known again."""

import hashlib
from datetime import date, datetime

from beneficiaries.models import Beneficiary
from reconciliation.models import IssuedPaper
from reconciliation.reports.issued_marks import mark_of_paper
from reconciliation.reports.rolls.roll import Roll
from staff.models import AdministrativeUnit, User


def issued(
    *, kind: IssuedPaper.Kind, name: str, digest: str, lines: int, pdf: bytes, unit: AdministrativeUnit, actor: User, now: datetime,
    month: date | None = None, beneficiary: Beneficiary | None = None, purpose: str = "",
) -> IssuedPaper:  # fmt: skip
    """A row that is not saved yet; `digest` is the one printed on the paper."""
    paper = IssuedPaper(
        kind=kind, name=name, unit=unit, month=month, beneficiary=beneficiary, digest=digest, lines=lines, pdf_size=len(pdf),
        pdf_digest=hashlib.sha256(pdf).hexdigest(), made_at=now, made_for=actor, purpose=purpose,
    )  # fmt: skip
    paper.mark = mark_of_paper(paper)
    return paper


def issued_roll(
    *, kind: IssuedPaper.Kind, roll: Roll, pdf: bytes, unit: AdministrativeUnit, month: date, actor: User, now: datetime
) -> IssuedPaper:
    """The row of a monthly roll; how many telephones stood on it is written down."""
    beside = [nth for nth, each in enumerate(roll.fields) if each.beside]
    phones = sum(any(row[nth] for nth in beside) for row in roll.cells)
    purpose = f"có số điện thoại của {phones} người" if phones else ""
    return issued(
        kind=kind, name=roll.name, digest=roll.digest, lines=len(roll.cells), pdf=pdf, unit=unit, month=month, actor=actor, now=now, purpose=purpose,
    )  # fmt: skip
