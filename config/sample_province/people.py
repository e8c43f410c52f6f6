"""What the generator knows about one person: the truth from which every file is written."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from config.sample_province.categories import Category

MONTHS = (7, 8, 9)
YEAR = 2024


class Identity(StrEnum):
    """Why a registry row does or does not lead to one resident."""

    RESIDENT = "RESIDENT"  # in the extract; confirmed exactly or by a reviewer
    ABSENT = "ABSENT"  # really not in the extract
    CONFLICT = "CONFLICT"  # the row carries somebody else's number
    OPEN = "OPEN"  # nobody has answered yet

    @property
    def in_doubt(self) -> bool:
        return self is not Identity.RESIDENT


class Relation(StrEnum):
    """Who receives the money; the values are the registry's words."""

    OWN = ""
    GUARDIAN = "Người giám hộ"
    AUTHORISED = "Người được ủy quyền"
    CARER = "Người chăm sóc"


class Status(StrEnum):
    """How the bank treats an account from some day on."""

    OPEN = "open"
    CLOSED = "closed"
    FROZEN = "frozen"
    RESTRICTED = "restricted"
    OWNERSHIP_CHANGED = "ownership_changed"
    NAME_MISMATCH = "name_mismatch"
    DECLINED = "declined"
    MISSING = "missing"  # never written to the bank's file


@dataclass(slots=True)
class Payee:
    name: str
    number: int
    born: date
    until: date | None


@dataclass(slots=True)
class Account:
    """A person's account. `delivered` is the month of the bank's list that names it; usable from the next month."""

    bin: str
    number: str
    holder: str  # as the bank prints it: upper case, no marks
    delivered: int
    opened_on: date
    paid_before: bool = False  # the registry says June was paid into it
    listed_closed: bool = False
    name_differs: bool = False
    fails_from: int | None = None  # first payment month the bank sends back or declines
    failure: Status = Status.OPEN


@dataclass(slots=True)
class Ending:
    """A decision that stops or suspends; effective from `month`, delivered in the folder of the month before."""

    suspends: bool
    month: int
    reason: str
    number: str
    signed_on: date


@dataclass(slots=True)
class Review:
    """How the scripted user answers the identity case of one row."""

    result: str
    number: str
    duplicate_of: str
    ground: str
    reviewed_on: date


@dataclass(slots=True)
class Cells:
    """The identity cells of a registry row as the commune typed them, and the names of their defects."""

    name: str
    number: str | int
    born: str | int | date
    defects: tuple[str, ...]


@dataclass(slots=True)
class Enrolment:
    """One registry row. `starts` is the first month paid in the quarter (6: paid before it began)."""

    category: Category
    commune: int
    hamlet: int
    folder: int
    starts: int
    code: str = ""
    relation: Relation = Relation.OWN
    ending: Ending | None = None
    duplicate_of: "Enrolment | None" = None
    june_unclaimed: bool = False
    cells: Cells | None = None
    review: Review | None = None
    note: str = ""
    uncollected: set[int] = field(default_factory=set)

    def ended_by(self, month: int) -> bool:
        return self.ending is not None and self.ending.month <= month

    def live_in(self, month: int) -> bool:
        """Granted, and neither stopped nor suspended for `month`; a death without a decision changes nothing."""
        return self.starts <= month and not self.ended_by(month)


@dataclass(slots=True)
class Person:
    """One human being, whatever the rows about them say. `resident` indexes `Residents`, absent people included."""

    resident: int
    name: str
    number: int
    born: date
    female: bool
    enrolments: list[Enrolment]
    identity: Identity = Identity.RESIDENT
    died_on: date | None = None
    relation: Relation = Relation.OWN
    payee: Payee | None = None
    account: Account | None = None
    never_collects: bool = False
    wrong_number: int | None = None  # somebody else's, where identity is CONFLICT

    @property
    def main(self) -> Enrolment:
        return self.enrolments[0]

    @property
    def live_at_end(self) -> bool:
        return any(enrolment.live_in(MONTHS[-1]) for enrolment in self.enrolments)

    @property
    def payee_name(self) -> str:
        """The name an account of this person must carry."""
        return self.payee.name if self.payee else self.name
