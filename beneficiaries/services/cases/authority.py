"""Who may decide a case: whose unit reaches it, and whose level it is."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from beneficiaries.errors import BeyondAuthority, DocumentMissing, WrongCaseState
from beneficiaries.models import LIVE, Case, Level
from staff.models import AdministrativeUnit, User
from staff.rights import Right, may, no_right, out_of_reach
from staff.services.assignments import reached_paths

# Answers of police and ministry come on paper; the province records them, with the paper's number.
ON_PAPER = (Level.POLICE, Level.MINISTRY)


def cases_in_reach(actor: User, *, now: datetime) -> QuerySet[Case]:
    """Cases of the actor's subtree and of units assigned to them for the day (I13)."""
    paths = reached_paths(actor, on=timezone.localdate(now))
    reach = Q(pk__in=())
    for path in paths:
        reach |= Q(unit__path__startswith=path)
    return Case.objects.filter(reach)


def levels_of(actor: User) -> tuple[Level, ...]:
    """The levels the actor's unit decides at: a commune or district office its own, the province all (those above on paper)."""
    if actor.unit is None:
        return ()
    if actor.unit.kind == AdministrativeUnit.Kind.PROVINCE:
        return (Level.COMMUNE, Level.PROVINCE, *ON_PAPER)
    return (Level.COMMUNE,)


def locked_case(*, case_id: int, actor: User, right: Right, now: datetime, statuses: tuple[str, ...] = LIVE) -> Case:
    """The case, locked for the rest of the transaction. Raises `NotAllowed` (no right, or out of reach), `WrongCaseState`."""
    if not may(actor, right):
        raise no_right(actor, right)
    case = (
        cases_in_reach(actor, now=now)
        .select_for_update(of=("self",))
        .select_related("unit", "beneficiary", "enrolment", "against")
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        raise out_of_reach(actor, right)
    if case.status not in statuses:
        raise WrongCaseState(conflicts=[str(case.pk)])
    return case


def require_level(case: Case, *, actor: User, document: str = "") -> None:
    """Raise `BeyondAuthority` unless the case's level is the actor's, `DocumentMissing` where the answer must come on paper."""
    if case.level not in levels_of(actor):
        raise BeyondAuthority(conflicts=[str(case.pk)])
    if case.level in ON_PAPER and not document:
        raise DocumentMissing(conflicts=[str(case.pk)])
