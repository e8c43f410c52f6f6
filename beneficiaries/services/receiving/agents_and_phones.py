"""Who received for a person, by which paper, from when until when, and whose telephone notices go to: for the person's history. No numbers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from beneficiaries.models import PayeeRelation, Phone


@dataclass(frozen=True)
class AgentPeriod:
    """One relation as recorded, ended ones too. `last_day`: the last day it held or holds, None while open; `ended_by` "" unless a person ended it."""

    kind: str
    full_name: str
    paper: str
    certified_by: str
    first_day: date
    last_day: date | None
    end_reason: str
    recorded_by: str
    recorded_at: datetime
    ended_by: str


@dataclass(frozen=True)
class PhoneContact:
    """Whose telephone it is; the number itself stays sealed. `opted_out_at`: no notices since then."""

    owner: str
    owner_name: str
    recorded_by: str
    recorded_at: datetime
    opted_out_at: datetime | None


def agents_of(people: Collection[int]) -> list[AgentPeriod]:
    """Of one person known under these ids (duplicates included), the oldest first."""
    relations = PayeeRelation.objects.filter(beneficiary__in=people).select_related("recorded_by", "ended_by")
    return [
        AgentPeriod(
            kind=relation.get_kind_display(),
            full_name=relation.full_name,
            paper=relation.paper_number,
            certified_by=relation.certified_by,
            first_day=relation.valid_from,
            last_day=_last_day(relation),
            end_reason=relation.get_end_reason_display(),
            recorded_by=relation.recorded_by.full_name,
            recorded_at=relation.recorded_at,
            ended_by=relation.ended_by.full_name if relation.ended_by else "",
        )
        for relation in relations.order_by("valid_from", "pk")
    ]


def phones_of(people: Collection[int]) -> list[PhoneContact]:
    """As they stand, of one person known under these ids; the oldest first."""
    phones = Phone.objects.filter(beneficiary__in=people).select_related("recorded_by").order_by("recorded_at", "pk")
    return [
        PhoneContact(
            owner=phone.get_owner_display(),
            owner_name=phone.owner_name,
            recorded_by=phone.recorded_by.full_name,
            recorded_at=phone.recorded_at,
            opted_out_at=phone.opted_out_at,
        )
        for phone in phones
    ]


def _last_day(relation: PayeeRelation) -> date | None:
    """The earlier of its term and the day before it was ended: `ended_on` is the first day on which it holds no longer."""
    ends = [relation.valid_until, date.fromordinal(relation.ended_on.toordinal() - 1) if relation.ended_on else None]
    return min((day for day in ends if day is not None), default=None)
