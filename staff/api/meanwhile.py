"""What the database refuses because of what somebody else did in the same moment, told as that: whoever comes second is answered, not failed."""

import logging

from django.db import DatabaseError
from psycopg import Error, errors

from staff.api.races import RACED
from staff.errors import DoneMeanwhile, Refusal, TryOnceMore

logger = logging.getLogger(__name__)

_RULES = (
    errors.UniqueViolation,
    errors.ExclusionViolation,
    errors.ForeignKeyViolation,
    errors.CheckViolation,
    errors.NotNullViolation,
)
_IN_THE_WAY = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)


def refusal_of(error: Exception) -> Refusal | None:
    """The refusal that a database error of two at once amounts to; None for every other error, which is a fault of ours.

    Of rules about rows only those named in `RACED` are broken by somebody else's step. A guard of ours names a rule and no table: it judges the
    row among others, which change. A plain CHECK names its table and judges the row alone: nobody else can be the cause. The name of the rule
    is logged, nothing of the row; a rule that only a fault of ours can break is logged as an error, for whoever watches over the service.
    """
    cause = error.__cause__
    if not isinstance(error, DatabaseError) or not isinstance(cause, Error):
        return None
    rule = cause.diag.constraint_name or ""
    if isinstance(cause, _IN_THE_WAY):
        logger.warning("refused by the database: %s %s", cause.sqlstate, rule)
        return TryOnceMore()
    guard = isinstance(cause, errors.CheckViolation) and bool(rule) and not cause.diag.table_name
    if guard or (isinstance(cause, errors.UniqueViolation) and rule in RACED):
        logger.warning("refused by the database: %s %s", cause.sqlstate, rule)
        return DoneMeanwhile()
    if isinstance(cause, _RULES):
        logger.error("a rule of the database broken by a fault of ours: %s %s", cause.sqlstate, rule or "(no name)")
    return None
