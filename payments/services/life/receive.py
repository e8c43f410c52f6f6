"""One door for messages about people's lives: kept, weighed and answered for in money, in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from beneficiaries.models import LifeEvent, ReceivedFile
from beneficiaries.parsers.life_events import IncomingEvent, read_life_events
from beneficiaries.services.intake.annotated_list import annotated_list
from beneficiaries.services.life_events import Recorded, answer_notice, record_life_events, settle_life_events
from beneficiaries.services.life_events.settle import find_unsettled
from beneficiaries.services.receiving.dead_agents import end_payees_who_died
from payments.services.life.consequences import Consequences, draw_consequences
from payments.services.signing.stop import stop_dead_names
from staff.models import User

WEIGHED_AT_ONCE = 1000


@dataclass(frozen=True)
class Received:
    """What a batch came to; `consequences` is None when its messages are weighed in the background."""

    recorded: Recorded
    consequences: Consequences | None


@transaction.atomic
def receive(*, events: Sequence[IncomingEvent], actor: User, now: datetime, from_file: bool = False) -> Received:
    """Keep the messages; up to `WEIGHED_AT_ONCE` are weighed before the answer, more of them by `settle_waiting`.

    Raises `NotAllowed`.
    """
    recorded = record_life_events(events=events, actor=actor, now=now, from_file=from_file)
    if len(recorded.added) > WEIGHED_AT_ONCE:
        return Received(recorded=recorded, consequences=None)
    return Received(recorded=recorded, consequences=_settle(recorded.added, actor=actor, now=now))


def events_with_reasons(*, content: bytes, actor: User, now: datetime) -> bytes:
    """The file as it came, .xlsx, with why a row is not taken; nothing is written. Raises `FileUnreadable`, `NotAllowed`."""
    events = list(read_life_events(content))  # before anything is held
    with transaction.atomic():
        recorded = record_life_events(events=events, actor=actor, now=now)
        transaction.set_rollback(True)
    return annotated_list(kind=ReceivedFile.Kind.LIFE_EVENTS, content=content, problems=recorded.problems)


def _settle(event_ids: Sequence[int], *, actor: User, now: datetime) -> Consequences:
    settled = settle_life_events(event_ids=event_ids, actor=actor, now=now)
    _leave_no_dead_name(now=now)
    return draw_consequences(people=settled.people, actor=actor, now=now)


def _leave_no_dead_name(*, now: datetime) -> None:
    """Whoever the dead received for is asked at once too: a list made in the next minute names no dead payee,
    and nothing released leaves in such a name."""
    end_payees_who_died(on=timezone.localdate(now), now=now)
    stop_dead_names(now=now)


@transaction.atomic
def settle_waiting(*, now: datetime) -> int:
    """Weigh the next messages nobody has weighed, in the name of whoever sent them. Returns how many; 0 when there are none."""
    waiting = find_unsettled()
    senders: dict[int, list[int]] = {}
    for pk, sender in LifeEvent.objects.filter(pk__in=waiting).values_list("pk", "received_by_id"):
        senders.setdefault(sender, []).append(pk)
    for sender, event_ids in sorted(senders.items()):
        _settle(event_ids, actor=User.objects.get(pk=sender), now=now)
    return len(waiting)


@transaction.atomic
def answer(
    *,
    beneficiary_id: int,
    answer: str,
    note: str,
    actor: User,
    now: datetime,
    notice: int | None = None,
    notices: Collection[int] = (),
) -> Consequences:
    """A person confirms the notice that holds somebody's money, or lifts all that were read, or are known. Raises `NoticeNotOpen`, `NotAllowed`.

    `notice`: the one that was read as holding it, `notices`: all that were.
    """
    settled = answer_notice(
        beneficiary_id=beneficiary_id, answer=answer, note=note, actor=actor, now=now, notice=notice, notices=notices
    )
    _leave_no_dead_name(now=now)
    return draw_consequences(people=settled.people, actor=actor, now=now)
