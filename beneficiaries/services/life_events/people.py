"""Who is meant: messages gathered with everything that can bear on them, and the people they may be about."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from beneficiaries.linkage.names import name_key
from beneficiaries.models import Beneficiary, Enrolment, IdentityMatch, IdentityStatus, LifeEvent, LifeStatus
from beneficiaries.services.life_events.threads import Facts, Known, Thread, facts_of, threads_of

MOST_ROUNDS = 10  # a chain of re-issued numbers and corrections longer than this is no chain, it is a broken feed


@dataclass
class Person:
    """Somebody messages may be about, with what stands about them, and what carries their number but another name."""

    beneficiary: Beneficiary
    before: LifeStatus | None
    facts: Facts = field(default_factory=Facts)
    others: list[LifeEvent] = field(default_factory=list)
    roots: dict[int, str] = field(default_factory=dict)
    lived_in: list[tuple[str, datetime]] = field(default_factory=list)

    @property
    def own_name(self) -> str:
        """The name before any event."""
        return (self.before.name_before if self.before else "") or self.beneficiary.full_name

    @property
    def own_number_id(self) -> int | None:
        """The number before any event."""
        return (self.before.number_before_id if self.before else None) or self.beneficiary.number_id

    def is_in_scope_of(self, event: LifeEvent) -> bool:
        """Whether the sender spoke for where the person was by then: what a commune said stays said when the person moves away."""
        here = self.beneficiary.unit.path.startswith(event.scope.path)
        return here or any(
            path.startswith(event.scope.path) and event.received_at <= until for path, until in self.lived_in
        )


def gather_events(event_ids: Iterable[int]) -> list[LifeEvent]:
    """These messages, and all others on the same facts, the same numbers, or numbers one was changed into."""
    found = _events(Q(pk__in=list(event_ids)))
    for _ in range(MOST_ROUNDS):
        numbers = {n for event in found for n in (event.number_id, event.new_number_id) if n is not None}
        ids = {name for event in found for name in (event.event_id, event.about)}
        more = _events(Q(number__in=numbers) | Q(new_number__in=numbers) | Q(event_id__in=ids) | Q(about__in=ids))
        if len(more) == len(found):
            break
        found = more
    return found


def _events(condition: Q) -> list[LifeEvent]:
    return list(LifeEvent.objects.filter(condition).select_related("scope", "to_unit").defer("sealed").order_by("pk"))


def find_people(events: Sequence[LifeEvent], *, besides: Collection[int] = (), lock: bool = True) -> list[Person]:
    """The people the messages may be about, locked unless they are only looked at, each with the facts that are really about them.

    `besides` (ids) are looked at as well, and whoever was once taken for such a resident: those the messages were about, who carry another
    number now.
    """
    numbers = {n for event in events for n in (event.number_id, event.new_number_id) if n is not None}
    meant = Beneficiary.objects.filter(
        Q(number__in=numbers)
        | Q(identity__number__in=numbers)
        | Q(life_status__number_before__in=numbers)
        | Q(pk__in=besides)
        | Q(pk__in=IdentityMatch.objects.filter(identity__number__in=numbers).values("beneficiary"))
    )
    ids = set(meant.values_list("pk", flat=True))
    candidates = Beneficiary.objects.filter(pk__in=ids).order_by("pk")
    # Read after they are locked: of somebody being identified meanwhile a locking read has the new person with the old resident, or none.
    if lock:
        list(candidates.select_for_update().values_list("pk", flat=True))
    candidates = candidates.select_related("unit", "identity", "life_status")
    people = [Person(beneficiary=one, before=getattr(one, "life_status", None)) for one in candidates]
    _remember_former_communes(people)
    threads = _by_number(threads_of(events))
    for person in people:
        _look_at(person, threads)
    _leave_what_somebody_else_is(people)
    return people


def _remember_former_communes(people: Sequence[Person]) -> None:
    """Where each was enrolled before somebody else went on, and until when."""
    by_id = {person.beneficiary.pk: person for person in people}
    left = Enrolment.objects.filter(beneficiary__in=by_id, continued_by__isnull=False)
    for pk, path, until in left.values_list("beneficiary_id", "unit__path", "continued_by__recorded_at"):
        by_id[pk].lived_in.append((path, until))


def _by_number(threads: Iterable[Thread]) -> dict[int, list[Thread]]:
    index: dict[int, list[Thread]] = {}
    for thread in threads:
        for number in {m.number_id for m in thread.messages} | {m.new_number_id for m in thread.messages}:
            if number is not None:
                index.setdefault(number, []).append(thread)
    return index


def _look_at(person: Person, threads: dict[int, list[Thread]]) -> None:
    """A resident the person is only suspected to be lends them neither name nor number: what is said about that one is asked about (ADR 55)."""
    one = person.beneficiary
    known = Known(names={name_key(person.own_name), one.name_key}, numbers=set(), birth_year=one.birth_year)
    known.numbers |= {n for n in (person.own_number_id, one.number_id) if n is not None}
    doubtful: set[int] = set()
    if one.identity is not None and one.identity_status == IdentityStatus.CONFLICT:
        doubtful.add(one.identity.number_id)
    elif one.identity is not None:
        known.names.add(one.identity.name_key)
        known.numbers.add(one.identity.number_id)
    mine: dict[tuple[str, str], Thread] = {}
    looked_at: set[int] = set()
    while todo := (known.numbers | doubtful) - looked_at:
        looked_at |= todo
        for thread in (thread for number in todo for thread in threads.get(number, [])):
            within = [message for message in thread.messages if person.is_in_scope_of(message)]
            if within:
                mine[thread.key] = Thread(key=thread.key, messages=within)
        known.learn(list(mine.values()))
    facts = facts_of(list(mine.values()))
    person.roots = {message.pk: key[1] for key, thread in mine.items() for message in thread.messages}
    person.facts = Facts(
        standing=[event for event in facts.standing if known.means(event)],
        withdrawn=[event for event in facts.withdrawn if known.means(event)],
    )
    asked_about = known.numbers | doubtful
    person.others = [event for event in facts.standing if event.number_id in asked_about and not known.means(event)]


def _leave_what_somebody_else_is(people: Sequence[Person]) -> None:
    """A number may have been given to somebody else: what is that person's is no question for the earlier holder."""
    placed = {event.pk for person in people for event in person.facts.standing}
    for person in people:
        person.others = [event for event in person.others if event.pk not in placed]
