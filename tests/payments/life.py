"""Messages about people's lives, as a feed would send them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

from beneficiaries.models import Beneficiary, Enrolment
from beneficiaries.parsers.life_events import IncomingEvent
from beneficiaries.services.numbers import keep_identity_numbers
from payments.services.life import Received, receive
from tests.payments.province import Province

ISSUED = datetime(2024, 7, 20, 1, 0, tzinfo=UTC)
DIED = date(2024, 7, 10)
_numbers = count(1)


def enrolled(province: Province, **changes: object) -> tuple[Enrolment, str]:
    """Somebody enrolled since January 2024 whose number we know, and that number."""
    number = f"097042{next(_numbers):06d}"
    person = province.person(number_id=keep_identity_numbers([number])[number])
    return province.enrol(person, **changes), number


def said(person: Beneficiary, number: str, event_id: str = "KT-1", **changes: object) -> IncomingEvent:
    """A registered death on 10 July 2024, unless told otherwise."""
    base = IncomingEvent(
        position=1,
        event_id=event_id,
        source="CIVIL_REGISTRY",
        kind="DEATH",
        action="REPORT",
        issued_at=ISSUED,
        occurred_on=DIED,
        number=number,
        full_name=person.full_name,
        birth_year=person.birth_year,
    )
    return replace(base, **changes)


def withdrawn(
    event_id: str, *, about: str, day: int = 25, source: str = "CIVIL_REGISTRY", kind: str = "DEATH"
) -> IncomingEvent:
    return IncomingEvent(
        position=1,
        event_id=event_id,
        source=source,
        kind=kind,
        action="WITHDRAW",
        about=about,
        issued_at=ISSUED.replace(day=day),
    )


def tell(province: Province, *events: IncomingEvent, role: str = "CIVIL_REGISTRY") -> Received:
    """The registry's system reports these messages in one batch."""
    placed: Sequence[IncomingEvent] = [replace(event, position=place) for place, event in enumerate(events, start=1)]
    return receive(events=placed, actor=province.staff[role], now=province.clock())
