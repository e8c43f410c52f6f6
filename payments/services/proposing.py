"""Put a change of a setting before a second person."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from payments.errors import ChangeWaits
from payments.models import SettingChange
from staff.errors import constraint_of
from staff.models import AdministrativeUnit, User


def propose_change(
    *,
    kind: SettingChange.Kind,
    unit: AdministrativeUnit,
    said: dict[str, Any],
    document: str,
    actor: User,
    now: datetime,
) -> SettingChange:
    """Keep the proposal; the caller has asked for the right. Raises `ChangeWaits` when the same one waits already."""
    try:
        with transaction.atomic():
            return SettingChange.objects.create(
                kind=kind,
                unit=unit,
                said=said,
                document=document,
                proposed_by=actor,
                proposed_role=actor.role,
                proposed_at=now,
            )
    except IntegrityError as error:
        if constraint_of(error) == "setting_change_waits_once":
            raise ChangeWaits from error
        raise
