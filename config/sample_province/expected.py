"""What must happen in July, August and September 2024, month by month and row by row.

The rules are those of the files' world (see docs/sample-province.md), not of any code that reads the files.
"""

from dataclasses import dataclass, field

from config.sample_province.categories import NEW_STANDARD, OLD_STANDARD
from config.sample_province.people import MONTHS, Enrolment, Person, Status

ACCOUNT, CASH = "ACCOUNT", "CASH"
CREDITED, RETURNED, FAILED, COLLECTED, NOT_COLLECTED = "CREDITED", "RETURNED", "FAILED", "COLLECTED", "NOT_COLLECTED"
ARREARS_MONTH = 8  # August carries July's difference of rates

REASON_OF_FAILURE = {
    Status.MISSING: "INVALID_ACCOUNT",
    Status.CLOSED: "ACCOUNT_CLOSED",
    Status.FROZEN: "ACCOUNT_BLOCKED",
    Status.RESTRICTED: "ACCOUNT_BLOCKED",
    Status.OWNERSHIP_CHANGED: "RETURNED",
    Status.NAME_MISMATCH: "NAME_MISMATCH",
    Status.DECLINED: "DECLINED",
}


@dataclass(frozen=True, slots=True)
class Route:
    """How one person's money travels in one month. `reason` says why not by account; `outcome` is the account's."""

    channel: str
    reason: str
    outcome: str


@dataclass(slots=True)
class Due:
    """One enrolment in one month. `blocked` is the reason when nothing is payable; amounts are đồng."""

    enrolment: Enrolment
    month: int
    blocked: str = ""
    channel: str = ""
    reason: str = ""
    regular: int = 0
    arrears: int = 0
    carried: int = 0
    outcome: str = ""

    @property
    def total(self) -> int:
        return self.regular + self.arrears + self.carried


@dataclass(slots=True)
class History:
    """A person's quarter: one `Due` per enrolment and month from its first month on."""

    person: Person
    dues: list[Due] = field(default_factory=list)

    @property
    def credited(self) -> int:
        return sum(due.total for due in self.dues if due.outcome == CREDITED)

    @property
    def collected(self) -> int:
        return sum(due.total for due in self.dues if due.outcome == COLLECTED)


def blocked_reason(person: Person, enrolment: Enrolment, month: int) -> str:
    """Why nothing is payable for `month`: STOPPED, SUSPENDED or DECEASED; empty when payable."""
    if enrolment.ending is not None and enrolment.ended_by(month):
        return "SUSPENDED" if enrolment.ending.suspends else "STOPPED"
    return "DECEASED" if person.died_on is not None else ""


def routes(person: Person) -> dict[int, Route]:
    """Channel and account outcome for each month in which something is payable."""
    found: dict[int, Route] = {}
    sent_back = ""
    for month in MONTHS:
        if all(enrolment.starts > month or blocked_reason(person, enrolment, month) for enrolment in person.enrolments):
            continue
        reason = sent_back or _why_not_by_account(person, month)
        if reason:
            found[month] = Route(CASH, reason, "")
            continue
        account = person.account
        assert account is not None
        if account.fails_from is not None and account.fails_from <= month:
            sent_back = REASON_OF_FAILURE[account.failure]
            found[month] = Route(ACCOUNT, "", FAILED if account.failure is Status.DECLINED else RETURNED)
        else:
            found[month] = Route(ACCOUNT, "", CREDITED)
    return found


def _why_not_by_account(person: Person, month: int) -> str:
    account = person.account
    if account is None or account.delivered >= month:
        return "NO_ACCOUNT"
    if account.listed_closed:
        return "ACCOUNT_CLOSED"
    if account.paid_before:
        return ""
    if account.name_differs:
        return "NAME_MISMATCH"
    return "IDENTITY_CHECK" if person.identity.in_doubt else ""


def play_quarter(person: Person) -> History:
    """Follow every enrolment through the quarter; what is not received is carried into the next month."""
    history = History(person)
    by_month = routes(person)
    for enrolment in person.enrolments:
        category = enrolment.category
        carried = category.amount(OLD_STANDARD) if enrolment.june_unclaimed else 0
        paid_july_rate = False
        for month in MONTHS:
            if enrolment.starts > month:
                continue
            due = Due(enrolment, month, blocked=blocked_reason(person, enrolment, month))
            history.dues.append(due)
            if due.blocked:
                continue
            route = by_month[month]
            due.channel, due.reason = route.channel, route.reason
            due.regular = category.amount(OLD_STANDARD if month == 7 else NEW_STANDARD)
            if month == ARREARS_MONTH and paid_july_rate:
                due.arrears = category.amount(NEW_STANDARD) - category.amount(OLD_STANDARD)
            due.carried = carried
            paid_july_rate = paid_july_rate or month == 7
            if route.channel == ACCOUNT:
                due.outcome = route.outcome
            else:
                due.outcome = NOT_COLLECTED if month in enrolment.uncollected else COLLECTED
            carried = 0 if due.outcome in (CREDITED, COLLECTED) else due.total
    return history
