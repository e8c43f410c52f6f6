"""Whom a report is addressed to: the account holder of its unit, else of the nearest unit above; and who stands in for them by document."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from reconciliation.models import ReportRun
from reconciliation.states import FOR_SIGNER
from staff.models import AdministrativeUnit, Delegation, Role, User
from staff.rights import Right, may
from staff.time_zone import VIETNAM


@dataclass(frozen=True)
class Signer:
    """Somebody who may sign; by `delegation`, or by the own role where it is None."""

    user: User
    delegation: Delegation | None

    @property
    def shown(self) -> str:
        """The name, with the form of the delegation behind it."""
        return f"{self.user.full_name} ({self.delegation.form}.)" if self.delegation else self.user.full_name


def signers_of(units: Iterable[AdministrativeUnit], *, now: datetime) -> Mapping[int, list[Signer]]:
    """Signers by unit id, those of the own role first; empty where nobody up to the province holds the role. Three queries, whatever the units."""
    today = now.astimezone(VIETNAM).date()
    holders: dict[str, list[User]] = defaultdict(list)
    users = User.objects.filter(role=Role.RELEASER, is_active=True, unit__isnull=False).select_related("unit")
    for user in users.order_by("full_name", "pk"):
        if user.unit is not None:
            holders[user.unit.path].append(user)
    standing_in: dict[int, list[Delegation]] = defaultdict(list)
    valid = Delegation.objects.in_force(on=today).filter(role=Role.RELEASER)
    for delegation in valid.select_related("delegate", "unit").order_by("-valid_from", "pk"):
        standing_in[delegation.delegator_id].append(delegation)
    found: dict[int, list[Signer]] = {}
    for unit in units:
        nearest = max((path for path in holders if unit.path.startswith(path)), key=len, default="")
        own = [Signer(user, None) for user in holders[nearest]] if nearest else []
        found[unit.pk] = own + [
            Signer(delegation.delegate, delegation)
            for signer in own
            for delegation in standing_in[signer.user.pk]
            if unit.path.startswith(delegation.unit.path)
        ]
    return found


def waiting_for(actor: User, *, now: datetime) -> QuerySet[ReportRun]:
    """Reports that `actor` is to sign, drafts included (they wait for the difference to be cleared), the first due first."""
    open_runs = runs_in_reach(actor).filter(status__in=FOR_SIGNER)
    units = AdministrativeUnit.objects.filter(pk__in=open_runs.values("unit"))
    mine = [
        unit_id
        for unit_id, signers in signers_of(units, now=now).items()
        if any(signer.user == actor for signer in signers)
    ]
    return open_runs.filter(unit__in=mine).order_by("due_on", "-unit__path", "pk")


def signer_for(actor: User, *, unit: AdministrativeUnit, now: datetime) -> Signer | None:
    """As whom `actor` signs for the unit; None when the report is not addressed to them."""
    if not actor.reaches(unit):
        return None
    signers = [signer for signer in signers_of([unit], now=now)[unit.pk] if signer.user == actor]
    return next((signer for signer in signers if signer.delegation or may(actor, Right.SIGN_REPORT)), None)


def runs_in_reach(actor: User) -> QuerySet[ReportRun]:
    """Ordered reports of units in the actor's subtree; none without a unit."""
    if actor.unit is None:
        return ReportRun.objects.none()
    return ReportRun.objects.filter(unit__path__startswith=actor.unit.path)
