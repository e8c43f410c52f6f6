"""From messages to facts. Pure functions of a *set* of messages: the order in which they arrived is nowhere used.

A thread is everything said about one first message. Of a thread the message issued last holds, by the source's own clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from beneficiaries.linkage.names import name_key, without_honour
from beneficiaries.models import LifeEvent

LONGEST_CHAIN = 20
Key = tuple[str, str]  # source, id of the first message


@dataclass(frozen=True)
class Thread:
    """One fact: its messages in the order they were issued."""

    key: Key
    messages: Sequence[LifeEvent]

    @property
    def last(self) -> LifeEvent:
        """The message that holds."""
        return self.messages[-1]

    @property
    def said(self) -> list[LifeEvent]:
        """Messages that say something; a withdrawal says nothing."""
        return [message for message in self.messages if message.action != LifeEvent.Action.WITHDRAW]


@dataclass(frozen=True)
class Facts:
    """What stands and what was withdrawn, each in the order of its last message."""

    standing: list[LifeEvent] = field(default_factory=list)
    withdrawn: list[LifeEvent] = field(default_factory=list)


def issued(event: LifeEvent) -> tuple[object, str]:
    """The order of messages: the source's clock, then the id, so that two of one second have one order too."""
    return event.issued_at, event.event_id


def threads_of(events: Iterable[LifeEvent]) -> list[Thread]:
    """Messages grouped by the first message they go back to, also where a correction names a correction."""
    events = list(events)
    about = {(event.source, event.event_id): event.about for event in events}
    groups: dict[Key, list[LifeEvent]] = {}
    for event in events:
        groups.setdefault((event.source, _root(event, about)), []).append(event)
    return [Thread(key=key, messages=sorted(group, key=issued)) for key, group in sorted(groups.items())]


def _root(event: LifeEvent, about: dict[Key, str]) -> str:
    here = event.about
    seen = {event.event_id}
    for _ in range(LONGEST_CHAIN):
        further = about.get((event.source, here), here)
        if further == here:
            return here
        if here in seen:  # messages that name each other in a circle are one thread, under its smallest id
            return min(seen)
        seen.add(here)
        here = further
    return here


def facts_of(threads: Sequence[Thread]) -> Facts:
    """What stands. The same fact reported under two ids is one fact: withdrawing one of them withdraws what was said before under the other."""
    ends = {
        (thread.key[0], bytes(message.content_digest)): thread.last.issued_at
        for thread in sorted(threads, key=lambda thread: issued(thread.last))
        if thread.last.action == LifeEvent.Action.WITHDRAW
        for message in thread.said
    }
    facts = Facts()
    for thread in threads:
        if not thread.said:
            continue
        holds = thread.said[-1]
        ended_at = ends.get((thread.key[0], bytes(holds.content_digest)))
        ended = thread.last.action == LifeEvent.Action.WITHDRAW or (ended_at and ended_at >= holds.issued_at)
        (facts.withdrawn if ended else facts.standing).append(holds)
    facts.standing.sort(key=issued)
    facts.withdrawn.sort(key=issued)
    return facts


@dataclass
class Known:
    """The names and numbers one person is or was known under."""

    names: set[str]
    numbers: set[int]
    birth_year: int | None

    def means(self, event: LifeEvent) -> bool:
        """Whether the sender means this person: a number of theirs, with a name of theirs and no other year of birth."""
        return (
            event.number_id in self.numbers
            and without_honour(event.name_key) in self.names  # as kept when it came
            and (event.birth_year is None or self.birth_year is None or event.birth_year == self.birth_year)
        )

    def learn(self, threads: Sequence[Thread]) -> None:
        """Add what changes of name and number say, until nothing new is said."""
        changes = [
            message
            for thread in threads
            for message in thread.said
            if message.kind in (LifeEvent.Kind.NAME, LifeEvent.Kind.NUMBER)
        ]
        grown = -1
        while grown != (grown := len(self.names) + len(self.numbers)):
            for message in filter(self.means, changes):
                if message.new_name:
                    self.names.add(name_key(message.new_name))
                if message.new_number_id is not None:
                    self.numbers.add(message.new_number_id)
