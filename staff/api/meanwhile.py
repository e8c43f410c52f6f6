"""What the database refuses because of what somebody else did in the same moment, told as that: whoever comes second is answered, not failed."""

import logging

from django.db import DatabaseError
from psycopg import Error, errors

from staff.errors import DoneMeanwhile, Refusal, TryOnceMore

logger = logging.getLogger(__name__)

_SECOND = (errors.UniqueViolation, errors.ExclusionViolation, errors.ForeignKeyViolation)
_IN_THE_WAY = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)


def refusal_of(error: Exception) -> Refusal | None:
    """The refusal that a database error of two at once amounts to; None for every other error, which is a fault of ours.

    A guard of ours names a rule and no table: it judges the row among others, which change. A plain CHECK names its table and judges the row
    alone: nobody else can be the cause. The name of the rule is logged, nothing of the row.
    """
    cause = error.__cause__
    if not isinstance(error, DatabaseError) or not isinstance(cause, Error):
        return None
    guard = isinstance(cause, errors.CheckViolation) and not cause.diag.table_name
    if not guard and not isinstance(cause, _SECOND + _IN_THE_WAY):
        return None
    logger.warning("refused by the database: %s %s", cause.sqlstate, cause.diag.constraint_name or "")
    return TryOnceMore() if isinstance(cause, _IN_THE_WAY) else DoneMeanwhile()
