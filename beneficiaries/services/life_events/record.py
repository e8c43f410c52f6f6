"""Keep messages as they arrive: each id once, whatever the order, the batch or the file it came in."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from beneficiaries.linkage.names import name_key
from beneficiaries.models import LifeEvent, ReceivedFile
from beneficiaries.parsers.life_events import IncomingEvent
from beneficiaries.services.intake.receive import content_digest, row_digest
from beneficiaries.services.numbers import keep_identity_numbers
from staff.encryption import seal
from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, Role, User
from staff.rights import Right, require

SEALED_AS = "life-event"
CLOCKS_DIFFER = timedelta(hours=24)
Source = LifeEvent.Source
# Who may speak for whom: a commune reports what it hears, and can neither register a death nor take back what the registry said.
MAY_SPEAK_FOR: dict[str, frozenset[str]] = {
    Role.CIVIL_REGISTRY: frozenset({Source.CIVIL_REGISTRY, Source.HOSPITAL}),
    Role.MAKER: frozenset(Source.values),
    Role.COMMUNE_OFFICER: frozenset({Source.COMMUNE}),
}


@dataclass(frozen=True)
class Recorded:
    """What a batch came to. `problems`: place in the batch and sentence; whoever has one was not kept, all others were."""

    received: int
    added: list[int] = field(default_factory=list)
    repeated: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    file_id: int | None = None


@transaction.atomic
def record_life_events(
    *, events: Sequence[IncomingEvent], actor: User, now: datetime, from_file: bool = False
) -> Recorded:
    """Keep each message once. A message of a known id that says something else is refused and named: a correction is a message of its own.

    Raises `NotAllowed`.
    """
    if actor.unit is None:
        raise NotAllowed
    require(actor, Right.REPORT_LIFE_EVENTS, unit=actor.unit)
    problems = {event.position: event.problem for event in events if event.problem}
    fit = [event for event in events if event.position not in problems]
    units = AdministrativeUnit.objects.in_bulk({event.to_unit for event in fit if event.to_unit}, field_name="code")
    for event in fit:
        if sentence := _refused(event, actor=actor, units=units, now=now):
            problems[event.position] = sentence
    fit = [event for event in fit if event.position not in problems]
    numbers = keep_identity_numbers({n for event in fit for n in (event.number, event.new_number) if n})
    rows = [_row(event, numbers=numbers, units=units, actor=actor, now=now) for event in fit]
    fresh, repeated = _new_ones(rows, positions=[event.position for event in fit], problems=problems)
    file = _note_file(fit, actor=actor, now=now, rejected=len(problems)) if from_file else None
    for row in fresh:
        row.file = file
    LifeEvent.objects.bulk_create(fresh, batch_size=2000, ignore_conflicts=True)
    added = LifeEvent.objects.filter(received_at=now, received_by=actor, event_id__in=[row.event_id for row in fresh])
    return Recorded(
        received=len(events),
        added=list(added.order_by("pk").values_list("pk", flat=True)),
        repeated=repeated,
        problems=sorted(problems.items()),
        file_id=file.pk if file else None,
    )


def _refused(event: IncomingEvent, *, actor: User, units: dict[str, AdministrativeUnit], now: datetime) -> str:
    if event.source not in MAY_SPEAK_FOR.get(actor.role, frozenset()):
        return "Tài khoản này không được báo thay cho nguồn đã ghi."
    if event.to_unit and event.to_unit not in units:
        return "Không có xã, phường chuyển đến theo mã đã ghi."
    if event.issued_at is not None and event.issued_at > now + CLOCKS_DIFFER:
        return "Thời điểm phát hành ở tương lai."
    return ""


def _row(
    event: IncomingEvent,
    *,
    numbers: dict[str, int],
    units: dict[str, AdministrativeUnit],
    actor: User,
    now: datetime,
) -> LifeEvent:
    # Communes number their own notices; without the unit before it, one commune's number would be another's.
    prefix = f"{actor.unit.code}:" if event.source == Source.COMMUNE and actor.unit else ""
    said = {name: value for name, value in asdict(event).items() if name != "position"}
    content = {name: value for name, value in said.items() if name not in ("event_id", "about", "action", "issued_at")}
    return LifeEvent(
        source=event.source,
        event_id=prefix + event.event_id,
        about=prefix + (event.event_id if event.action == LifeEvent.Action.REPORT else event.about),
        kind=event.kind,
        action=event.action,
        issued_at=event.issued_at or now,
        occurred_on=event.occurred_on,
        number_id=numbers.get(event.number or ""),
        full_name=event.full_name,
        name_key=name_key(event.full_name),
        birth_year=event.birth_year,
        new_name=event.new_name,
        new_number_id=numbers.get(event.new_number or ""),
        to_unit=units.get(event.to_unit),
        child_name=event.child_name,
        child_born_on=event.child_born_on,
        scope=actor.unit,
        content_digest=row_digest(content),
        sealed=seal(json.dumps(said, ensure_ascii=False, default=str).encode(), purpose=SEALED_AS),
        received_by=actor,
        received_at=now,
    )


def _new_ones(
    rows: Sequence[LifeEvent], *, positions: Sequence[int], problems: dict[int, str]
) -> tuple[list[LifeEvent], int]:
    known: dict[tuple[str, str], tuple[object, ...] | None] = {
        (row.source, row.event_id): _saying(row)
        for row in LifeEvent.objects.filter(event_id__in=[row.event_id for row in rows]).defer("sealed")
    }
    fresh: list[LifeEvent] = []
    repeated = 0
    for row, position in zip(rows, positions, strict=True):
        before = known.setdefault((row.source, row.event_id), None)
        if before is None:
            known[row.source, row.event_id] = _saying(row)
            fresh.append(row)
        elif before == _saying(row):
            repeated += 1
        else:
            problems[position] = "Mã sự kiện này đã dùng cho nội dung khác; mời gửi thành cải chính với mã mới."
    return fresh, repeated


def _saying(row: LifeEvent) -> tuple[object, ...]:
    return row.kind, row.action, row.about, row.issued_at, bytes(row.content_digest)


def _note_file(events: Sequence[IncomingEvent], *, actor: User, now: datetime, rejected: int) -> ReceivedFile:
    digests = [row_digest({key: str(value) for key, value in asdict(event).items()}) for event in events]
    file, _ = ReceivedFile.objects.get_or_create(
        content_digest=content_digest(ReceivedFile.Kind.LIFE_EVENTS, digests, about=str(actor.unit_id)),
        defaults={
            "kind": ReceivedFile.Kind.LIFE_EVENTS,
            "unit": actor.unit,
            "received_by": actor,
            "received_at": now,
            "row_count": len(events),
            "rejected_count": rejected,
        },
    )
    return file
