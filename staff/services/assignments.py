"""Which units an officer's queue reaches: the own subtree, and what was assigned for a while."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from staff.errors import AssignedAlready, CommunesAlone, NoWorkForThem, SomebodyElseAssigns
from staff.models import AdministrativeUnit, Assignment, Role, User
from staff.rights import Right, may, require


def reached_paths(actor: User, *, on: date) -> list[str]:
    """Paths of the subtrees whose open work the actor may see and do on that day; empty for a user without a unit."""
    assigned = (
        Assignment.objects.filter(officer=actor, from_on__lte=on)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
        .values_list("unit__path", flat=True)
    )
    return ([actor.unit.path] if actor.unit else []) + list(assigned)


def places_of(actor: User, *, on: date) -> list[Assignment]:
    """Where else a commune officer works on that day, by the name of the unit; who signs lists signs at one place."""
    if actor.role != Role.COMMUNE_OFFICER or not actor.is_active:
        return []
    # One may have been a maker when assigned.
    communes = Assignment.objects.filter(unit__kind=AdministrativeUnit.Kind.COMMUNE)
    assigned = communes.filter(officer=actor, from_on__lte=on).select_related("unit")
    held = assigned.filter(Q(until_on__isnull=True) | Q(until_on__gte=on)).order_by("unit__name", "until_on", "pk")
    return list({one.unit_id: one for one in held}.values())


def at_work_in(actor: User, unit: AdministrativeUnit, *, on: date) -> User:
    """Who a worker does something for: a commune officer as they were at work in `unit` on that day, everybody else as they are. Never saved."""
    if any(one.unit_id == unit.pk for one in places_of(actor, on=on)):
        actor.unit = unit
    return actor


def assign_officer(
    *,
    officer: User,
    unit: AdministrativeUnit,
    from_on: date,
    until_on: date | None,
    note: str,
    actor: User,
    now: datetime,
) -> Assignment:
    """Let `officer` look after `unit` too: who does a unit's work, and a commune officer one commune at a time, never all of a district or province.

    The actor's scope holds both. Raises `NotAllowed`, `AssignedAlready`, `SomebodyElseAssigns`, `NoWorkForThem`, `CommunesAlone`.
    """
    require(actor, Right.ASSIGN_WORK, unit=unit)
    require(actor, Right.ASSIGN_WORK, unit=officer.unit or unit)
    if officer.pk == actor.pk:
        raise SomebodyElseAssigns
    if not may(officer, Right.DECIDE_CASE):
        raise NoWorkForThem
    if officer.role == Role.COMMUNE_OFFICER and unit.kind != AdministrativeUnit.Kind.COMMUNE:
        raise CommunesAlone(conflicts=[unit.code])
    try:
        with transaction.atomic():
            return Assignment.objects.create(
                officer=officer,
                unit=unit,
                from_on=from_on,
                until_on=until_on,
                note=note,
                assigned_by=actor,
                assigned_at=now,
            )
    except IntegrityError as error:
        raise AssignedAlready(conflicts=[unit.code]) from error
