"""A fault of ours gets a code: the page shows it, the log names it, the page of alarms counts it."""

import logging
import secrets
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError

from staff.models import Fault
from staff.services.database_clock import database_now

logger = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=30)
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none is taken for another when it is read out on the telephone
CODE_LENGTH = 8


def note_fault(*, route: str, error: BaseException | None) -> str:
    """The code of this fault. Where the database does not even take this row, the log alone has it."""
    code, kind = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)), type(error).__name__
    logger.error("fault %s: %s at %s", code, kind, route or "no address of ours")
    try:
        Fault.objects.create(code=code, at=database_now(), route=route[:200], kind=kind[:80])
    except (DatabaseError, InterfaceError) as lost:
        logger.warning("fault %s is not counted: %s", code, type(lost).__name__)
    return code


def forget_faults(*, now: datetime) -> int:
    """What was counted long enough."""
    count, _ = Fault.objects.filter(at__lte=now - KEPT_FOR).delete()
    return count
