"""A second person in another role puts a change of a setting in force, or declines it."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from payments.errors import (
    ChangeDecided,
    ChangeNeedsAnother,
)
from payments.models import SettingChange
from payments.services.ledger.funding import close_funding_account, open_funding_account
from payments.services.signing.signing_rules import set_signing_rule
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

Kind = SettingChange.Kind
RIGHT_OF = {
    Kind.OPEN_ACCOUNT: Right.KEEP_FUNDING,
    Kind.CLOSE_ACCOUNT: Right.KEEP_FUNDING,
    Kind.SIGNING_RULE: Right.SET_SIGNING_RULES,
}


def changes_in_reach(*, unit: AdministrativeUnit | None) -> QuerySet[SettingChange]:
    """Changes of units of the subtree: what waits first, then the newest."""
    rows = SettingChange.objects.filter(unit__path__startswith=unit.path if unit else "-")
    return rows.select_related("unit", "proposed_by", "decided_by").order_by("-accepted", "-pk")


@transaction.atomic
def accept_change(*, change_id: int, actor: User, now: datetime) -> SettingChange:
    """Put it in force. Raises `ChangeNeedsAnother` (the same person, or the same role), `ChangeDecided`, what stands in its way, `NotAllowed`."""
    change = _locked(change_id, actor=actor)
    if change.proposed_by_id == actor.pk or change.proposed_role == actor.role:
        raise ChangeNeedsAnother(conflicts=[str(change.pk)])
    _decide(change, accepted=True, actor=actor, now=now)
    if change.kind == Kind.OPEN_ACCOUNT:
        open_funding_account(change)
    elif change.kind == Kind.CLOSE_ACCOUNT:
        close_funding_account(change, now=now)
    else:
        set_signing_rule(change, actor=actor, now=now)
    return change


@transaction.atomic
def decline_change(*, change_id: int, actor: User, now: datetime) -> SettingChange:
    """Nothing happens; whoever proposed it may take it back like this. Raises `ChangeDecided`, `NotAllowed`."""
    change = _locked(change_id, actor=actor)
    _decide(change, accepted=False, actor=actor, now=now)
    return change


def _locked(change_id: int, *, actor: User) -> SettingChange:
    change = SettingChange.objects.select_related("unit").select_for_update(of=("self",)).get(pk=change_id)
    require(actor, RIGHT_OF[Kind(change.kind)], unit=change.unit)
    if change.accepted is not None:
        raise ChangeDecided(conflicts=[str(change.pk)])
    return change


def _decide(change: SettingChange, *, accepted: bool, actor: User, now: datetime) -> None:
    change.accepted, change.decided_by, change.decided_role, change.decided_at = accepted, actor, actor.role, now
    change.save(update_fields=["accepted", "decided_by", "decided_role", "decided_at"])
