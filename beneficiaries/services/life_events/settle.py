"""Weigh messages with everything else said about the same people, and write what holds now. Doing it again changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q

from beneficiaries.linkage.names import name_key, sort_key
from beneficiaries.models import (
    Beneficiary,
    Child,
    Enrolment,
    IdentityStatus,
    LifeEvent,
    LifeEventSettlement,
    LifeStatus,
    NoticeAnswer,
)
from beneficiaries.services.accounts.renamed_accounts import look_at_holders
from beneficiaries.services.identity.doubted_deaths import WEIGH_AGAIN
from beneficiaries.services.life_events.asking import CIVIL_REASONS, questions
from beneficiaries.services.life_events.cases import sync_cases
from beneficiaries.services.life_events.funeral import keep_funeral_files
from beneficiaries.services.life_events.people import Person, find_people, gather_events
from beneficiaries.services.life_events.weigh import Weighed, child_of, weigh
from staff.models import User

AT_ONCE = 500
PROVEN = ~Q(identity_status=IdentityStatus.CONFLICT)


@dataclass(frozen=True)
class Settled:
    """How many messages were weighed, and whose life status was written (ids)."""

    events: int
    people: list[int] = field(default_factory=list)


def find_unsettled(*, limit: int = AT_ONCE) -> list[int]:
    """Messages not weighed yet or to be weighed again, and those about a number nobody had then and somebody has now."""
    known = Beneficiary.objects.filter(Q(number=OuterRef("number")) | PROVEN & Q(identity__number=OuterRef("number")))
    anew = Q(settlement__isnull=True) | Q(settlement__people=WEIGH_AGAIN)
    waiting = LifeEvent.objects.filter(anew | Q(Exists(known), settlement__people=0))
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def settle_life_events(
    *, event_ids: Sequence[int], actor: User, now: datetime, besides: Collection[int] = ()
) -> Settled:
    """Weigh these messages, for whom they mean and for `besides` (ids), whom they meant before.

    One settles at a time, so that two batches about one person never each miss the other's.
    """
    hold_settling()
    events = gather_events(event_ids)
    people = find_people(events, besides=besides)
    answers = answers_to(events)
    weighed = [(person, weigh(person.facts, answers=answers)) for person in people]
    statuses = [_status(person, result, now=now) for person, result in weighed]
    # Guards let a record go back to what stood before, and keep that while it does not stand: it is noted before names change, let go after.
    _note_former(weighed, now=now)
    _write_names(weighed)
    _write_status(statuses)
    everybody = [person.beneficiary.pk for person in people]
    look_at_holders(people=everybody, renamed=_renamed(everybody), actor=actor, now=now)
    _write_children(weighed)
    ids = [person.beneficiary.pk for person in people]
    enrolled = set(Enrolment.objects.filter(beneficiary__in=ids).values_list("beneficiary_id", flat=True))
    sync_cases(
        asked={
            key: asked
            for person, result in weighed
            for key, asked in questions(person, result, enrolled=person.beneficiary.pk in enrolled).items()
        },
        people=ids,
        reasons=CIVIL_REASONS,
        actor=actor,
        now=now,
    )
    keep_funeral_files(
        dead=[p.beneficiary.pk for p, result in weighed if result.death_registered and p.beneficiary.pk in enrolled],
        alive=[p.beneficiary.pk for p, result in weighed if not result.death_registered],
        actor=actor,
        now=now,
    )
    _note_settled(events, event_ids=event_ids, now=now)
    return Settled(events=len(event_ids), people=ids)


def hold_settling() -> None:
    """Nobody else weighs until this transaction ends. Whoever locks what is weighed holds this first: the other way round two wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('settle_life_events'))")


def answers_to(events: Sequence[LifeEvent]) -> dict[int, str]:
    """The last answer to each notice."""
    rows = NoticeAnswer.objects.filter(event__in=[event.pk for event in events]).order_by("pk")
    return dict(rows.values_list("event_id", "answer"))


def _write_status(statuses: Sequence[LifeStatus]) -> None:
    names = [
        "deceased_on",
        "death_registered",
        "notice_on",
        "notice",
        "not_deceased_on",
        "moved_to",
        "moved_on",
        "name_before",
        "name_now",
        "number_before",
        "number_now",
        "settled_at",
    ]
    LifeStatus.objects.bulk_create(
        statuses,
        update_conflicts=True,
        unique_fields=["beneficiary"],
        update_fields=names,
        batch_size=1000,
    )


def _status(person: Person, result: Weighed, *, now: datetime) -> LifeStatus:
    named, numbered, moved = result.named, result.numbered, result.moved
    return LifeStatus(
        beneficiary_id=person.beneficiary.pk,
        deceased_on=result.deceased_on,
        death_registered=result.death_registered,
        notice_on=result.notice.occurred_on if result.notice else None,
        notice=result.notice,
        not_deceased_on=result.not_deceased_on,
        moved_to=moved.to_unit if moved else None,
        moved_on=moved.occurred_on if moved else None,
        name_before=person.own_name if named else "",
        name_now=named.new_name if named else "",
        number_before_id=person.own_number_id if numbered else None,
        number_now_id=numbered.new_number_id if numbered else None,
        settled_at=now,
    )


def _note_former(weighed: Sequence[tuple[Person, Weighed]], *, now: datetime) -> None:
    """What the record of those about to be changed for the first time says now."""
    former = []
    for person, result in weighed:
        before = person.before
        name, number = (before.name_before, before.number_before_id) if before else ("", None)
        noted = (
            name or (person.own_name if result.named else ""),
            number or (person.own_number_id if result.numbered else None),
        )
        if noted != (name, number):
            former.append(
                LifeStatus(
                    beneficiary_id=person.beneficiary.pk,
                    name_before=noted[0],
                    number_before_id=noted[1],
                    settled_at=now,
                )
            )
    LifeStatus.objects.bulk_create(
        former,
        update_conflicts=True,
        unique_fields=["beneficiary"],
        update_fields=["name_before", "number_before"],
        batch_size=1000,
    )


def _write_names(weighed: Sequence[tuple[Person, Weighed]]) -> None:
    """The person's record carries the name and number that hold; what it had before stands in the status, every step in the events."""
    changed = []
    for person, result in weighed:
        one = person.beneficiary
        name = result.named.new_name if result.named else person.own_name
        number = result.numbered.new_number_id if result.numbered else person.own_number_id
        if (one.full_name, one.number_id) != (name, number):
            one.full_name, one.name_key, one.sort_key, one.number_id = name, name_key(name), sort_key(name), number
            changed.append(one)
    Beneficiary.objects.bulk_update(changed, ["full_name", "name_key", "sort_key", "number"], batch_size=1000)


def _renamed(ids: Sequence[int]) -> list[int]:
    return list(LifeStatus.objects.filter(pk__in=ids).exclude(name_now="").values_list("pk", flat=True))


def _write_children(weighed: Sequence[tuple[Person, Weighed]]) -> None:
    children = {}
    for person, result in weighed:
        for event, withdrawn in result.children:
            root = person.roots[event.pk]
            child = child_of(event, parent_id=person.beneficiary.pk, root=root, withdrawn=withdrawn)
            children[child.parent_id, child.source, child.root] = child
    earlier = Child.objects.filter(parent__in=[person.beneficiary.pk for person, _ in weighed])
    gone = [child.pk for child in earlier if (child.parent_id, child.source, child.root) not in children]
    Child.objects.filter(pk__in=gone).update(withdrawn=True)
    Child.objects.bulk_create(
        children.values(),
        update_conflicts=True,
        unique_fields=["parent", "source", "root"],
        update_fields=["full_name", "born_on", "until_month", "withdrawn"],
        batch_size=1000,
    )


def _note_settled(events: Sequence[LifeEvent], *, event_ids: Sequence[int], now: datetime) -> None:
    asked = set(event_ids)
    numbers = {event.pk: event.number_id for event in events if event.pk in asked}
    known = set(
        Beneficiary.objects.filter(number__in=[n for n in numbers.values() if n]).values_list("number_id", flat=True)
    ) | set(
        Beneficiary.objects.filter(PROVEN, identity__number__in=[n for n in numbers.values() if n]).values_list(
            "identity__number_id", flat=True
        )
    )
    LifeEventSettlement.objects.bulk_create(
        [
            # A withdrawal names nobody by itself; it is weighed with the message it withdraws.
            LifeEventSettlement(event_id=pk, people=1 if number is None or number in known else 0, settled_at=now)
            for pk, number in numbers.items()
        ],
        update_conflicts=True,
        unique_fields=["event"],
        update_fields=["people", "settled_at"],
        batch_size=1000,
    )


def progress_of_file(file_id: int) -> tuple[int, int]:
    """How many messages of an uploaded file were weighed, of how many: counted from rows, now."""
    counts = LifeEvent.objects.filter(file=file_id).aggregate(all=Count("pk"), done=Count("settlement"))
    return counts["done"], counts["all"]
