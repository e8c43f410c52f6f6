"""Minutes that go out are written down with their rows, so that the signed copy is read against what went out, not against today's books."""

from dataclasses import dataclass
from datetime import date, datetime

from payments.models import FundingAccount
from reconciliation.models import IssuedPaper
from reconciliation.reports.issued_marks import paper_is_ours
from reconciliation.reports.rolls.roll import Roll
from reconciliation.services.months.minutes import Minutes, MinutesRow
from reconciliation.services.months.minutes_paper import render_minutes
from reconciliation.services.months.minutes_roll import minutes_roll, name_of
from reconciliation.services.papers.issue_papers import issued
from staff.models import User

MINUTES = IssuedPaper.Kind.MINUTES


@dataclass(frozen=True)
class MinutesOut:
    """Minutes as they were handed out; `paper` is the row that knows them again."""

    minutes: Minutes
    roll: Roll
    pdf: bytes
    paper: IssuedPaper


def issue_minutes(*, minutes: Minutes, actor: User, now: datetime) -> MinutesOut:
    """The same figures fetched again are the same paper, of the moment it was first made."""
    known = IssuedPaper.objects.filter(kind=MINUTES, digest=minutes_roll(minutes, now=now).digest).order_by("pk")
    before = next(filter(paper_is_ours, known), None)
    roll = minutes_roll(minutes, now=before.made_at if before else now)
    pdf = render_minutes(minutes, roll)
    paper = issued(
        kind=MINUTES, name=roll.name, digest=roll.digest, lines=len(roll.cells), pdf=pdf, unit=minutes.account.paying_unit, month=minutes.month,
        actor=actor, now=now,
    )  # fmt: skip
    if before is None or before.pdf_digest != paper.pdf_digest:
        paper.frozen = [[row.name, row.ours, row.theirs, row.cause] for row in minutes.rows]
        paper.save()
        before = paper
    return MinutesOut(minutes, roll, pdf, before)


def minutes_of(paper: IssuedPaper) -> Minutes | None:
    """As they went out; None when the rows kept are not those of the paper's code, or the account is gone."""
    assert paper.month is not None
    accounts = FundingAccount.objects.filter(paying_unit=paper.unit_id).select_related("paying_unit")
    account = next((each for each in accounts if is_of(paper, account=each, month=paper.month)), None)
    if account is None:
        return None
    rows = [MinutesRow(name, ours, theirs, cause) for name, ours, theirs, cause in paper.frozen or []]
    minutes = Minutes(account=account, month=paper.month, rows=rows)
    return minutes if minutes_roll(minutes, now=paper.made_at).digest == paper.digest else None


def is_of(paper: IssuedPaper, *, account: FundingAccount, month: date) -> bool:
    """Whether it is the minutes of this account and month."""
    said = (paper.kind, paper.unit_id, paper.month, paper.name)
    return said == (MINUTES, account.paying_unit_id, month, name_of(account, month))
