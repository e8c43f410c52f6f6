"""What the standing facts of one person come to: dead, asked about, moved, renamed. Pure; see `LifeStatus` for the meaning of fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from beneficiaries.models import Child, LifeEvent, NoticeAnswer
from beneficiaries.services.life_events.threads import Facts, issued

ADULT_AT = 16
Kind = LifeEvent.Kind


@dataclass
class Weighed:
    """What holds for one person; `asked`: notices nobody answered, the day of death said first, then as issued; `children` by the message that
    tells of them, True when it was withdrawn."""

    deceased_on: date | None = None
    death_registered: bool = False
    asked: list[LifeEvent] = field(default_factory=list)
    not_deceased_on: date | None = None
    moved: LifeEvent | None = None
    named: LifeEvent | None = None
    numbered: LifeEvent | None = None
    children: list[tuple[LifeEvent, bool]] = field(default_factory=list)

    @property
    def notice(self) -> LifeEvent | None:
        """The one that holds the money: of the earliest day."""
        return self.asked[0] if self.asked else None


def weigh(facts: Facts, *, answers: Mapping[int, str]) -> Weighed:
    """Weigh the facts that are about one person; `answers`: what people found out, by the notice's row."""
    weighed = Weighed()
    _weigh_deaths(weighed, facts, answers=answers)
    weighed.moved = _latest(facts.standing, Kind.MOVE)
    weighed.named = _latest(facts.standing, Kind.NAME)
    weighed.numbered = _latest(facts.standing, Kind.NUMBER)
    births = [(event, False) for event in facts.standing] + [(event, True) for event in facts.withdrawn]
    weighed.children = [(event, withdrawn) for event, withdrawn in births if event.kind == Kind.BIRTH]
    return weighed


def _weigh_deaths(weighed: Weighed, facts: Facts, *, answers: Mapping[int, str]) -> None:
    """A registered death stands above every notice; a notice somebody confirmed above one nobody looked at."""
    deaths = [event for event in facts.standing if event.kind == Kind.DEATH]
    registered = [event for event in deaths if event.source == LifeEvent.Source.CIVIL_REGISTRY]
    notices = [event for event in deaths if event.source != LifeEvent.Source.CIVIL_REGISTRY]
    confirmed = [event for event in notices if answers.get(event.pk) == NoticeAnswer.Answer.CONFIRM]
    asked = [event for event in notices if event.pk not in answers]
    if registered or confirmed:
        weighed.deceased_on = (registered or confirmed)[-1].occurred_on
        weighed.death_registered = bool(registered)
    else:
        weighed.asked = sorted(asked, key=lambda event: (event.occurred_on, *issued(event)))
    if not registered:
        taken_back = [
            event
            for event in facts.withdrawn
            if event.kind == Kind.DEATH and event.source == LifeEvent.Source.CIVIL_REGISTRY
        ]
        weighed.not_deceased_on = taken_back[-1].occurred_on if taken_back else None


def _latest(events: Sequence[LifeEvent], kind: str) -> LifeEvent | None:
    """The change that happened last, whenever we were told."""
    of_kind = [event for event in events if event.kind == kind]
    return max(of_kind, key=lambda event: (event.occurred_on, *issued(event)), default=None)


def child_of(event: LifeEvent, *, parent_id: int, root: str, withdrawn: bool) -> Child:
    """The child a birth tells of; it counts to the end of the month in which it turns sixteen."""
    if event.child_born_on is None:
        raise ValueError("a birth names the day")
    turns = event.child_born_on.year + ADULT_AT
    after = date(turns + event.child_born_on.month // 12, event.child_born_on.month % 12 + 1, 1)
    return Child(
        parent_id=parent_id,
        source=event.source,
        root=root,
        full_name=event.child_name,
        born_on=event.child_born_on,
        until_month=after,
        withdrawn=withdrawn,
    )
