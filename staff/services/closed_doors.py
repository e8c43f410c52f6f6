"""What the office does about somebody else's door: lock it at once, open it again, another password where the old one is forgotten or known to others."""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from staff.errors import NobodyLocksThemselves, NotAllowed
from staff.models import User
from staff.rights import Right, require
from staff.services.database_clock import database_now
from staff.services.sign_ins import end_sign_ins


@transaction.atomic
def lock_user(*, user: User, actor: User) -> int:
    """Whoever left, or whose password others know: no log-in any more, every session and token ends now; return how many.

    What they signed stays, delegations to and by them rest. For whoever assigns roles there. Raises `NobodyLocksThemselves`, `NotAllowed`.
    """
    _require(actor, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return end_sign_ins(user=user)


@transaction.atomic
def unlock_user(*, user: User, actor: User) -> None:
    """They may log in again, with the password they had. Raises `NobodyLocksThemselves`, `NotAllowed`."""
    _require(actor, user)
    User.objects.filter(pk=user.pk).update(is_active=True)


@transaction.atomic
def give_password(*, user: User, password: str) -> int:
    """Another password, typed in at the server; every session and token of the user ends, return how many.

    Raises `django.core.exceptions.ValidationError` for one that is too weak.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    validate_password(password, user=locked)
    locked.set_password(password)
    locked.password_set_at = database_now()
    locked.save(update_fields=["password", "password_set_at"])
    return end_sign_ins(user=locked)


def _require(actor: User, user: User) -> None:
    """A user without a unit reaches nothing, and is whoever's who assigns roles."""
    unit = user.unit or actor.unit
    if unit is None:
        raise NotAllowed
    require(actor, Right.ASSIGN_ROLES, unit=unit)
    if actor.pk == user.pk:
        raise NobodyLocksThemselves
