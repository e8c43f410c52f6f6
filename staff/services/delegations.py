"""Let somebody sign in one's place, by a document and between two days; and take it back."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from staff.errors import DelegationIsOver, DelegationRefused, NotAllowed
from staff.models import AdministrativeUnit, Delegation, User
from staff.rights import Right, require

ONLY_WHO_GAVE_IT = "Chỉ người đã ủy quyền thu hồi được văn bản này; mời người ấy đăng nhập và thu hồi."


def delegate(
    *,
    to: User,
    unit: AdministrativeUnit,
    form: str,
    document_number: str,
    valid_from: date,
    valid_to: date,
    actor: User,
    now: datetime,
) -> Delegation:
    """The actor's own step, for lists of `unit` and below. `form` is KT or TUQ.

    The same again is the same: a second one would outlive the revocation of the first.

    Whom the database refuses: oneself, makers, controllers and whoever enters registries. Raises `DelegationRefused`, `NotAllowed`.
    """
    require(actor, Right.DELEGATE, unit=unit)
    given = {
        "delegator": actor,
        "delegate": to,
        "role": actor.role,
        "unit": unit,
        "form": form,
        "document_number": document_number,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    try:
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # a button pressed twice waits for itself
            known = Delegation.objects.filter(**given, revoked_at=None).first()
            return known or Delegation.objects.create(**given, recorded_at=now)
    except IntegrityError as error:
        raise DelegationRefused(conflicts=[to.username]) from error


@transaction.atomic
def revoke(*, delegation_id: int, actor: User, now: datetime) -> Delegation:
    """Only who gave it takes it back; signatures made until now stand. Raises `DelegationIsOver`, `NotAllowed`."""
    delegation = Delegation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=delegation_id)
    require(actor, Right.DELEGATE, unit=delegation.unit)
    if delegation.delegator_id != actor.pk:
        raise NotAllowed(ONLY_WHO_GAVE_IT)
    if delegation.revoked_at is not None:
        raise DelegationIsOver(conflicts=[str(delegation_id)])
    delegation.revoked_at = now
    delegation.save(update_fields=["revoked_at"])
    return delegation
