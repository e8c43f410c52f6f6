"""Look at the open lines of an account again at once: what they are of was recorded after the statement came, and no other may come for weeks."""

from datetime import datetime

from reconciliation.errors import NotForThisKind, NothingExplainsIt
from reconciliation.models import Discrepancy
from reconciliation.services.differences.discrepancies import locked
from reconciliation.services.differences.reevaluate import LINE_KINDS, reevaluate
from reconciliation.services.lines.match_statement import rematch_open_lines
from reconciliation.services.months.close_lists import close_finished_lists
from staff.models import User
from staff.rights import Right


def look_again(*, discrepancy_id: int, actor: User, now: datetime) -> None:
    """End this difference, and what else of its account is explained by now, just as the next statement would.

    Raises `NothingExplainsIt` (also where its month is closed), and then nothing is written; `NotForThisKind` for one that is of no line of
    a statement, `NotAllowed`, `WrongDiscrepancyState`.
    """
    with locked(discrepancy_id, actor=actor, right=Right.RECONCILE, matches=True) as item:
        if item.kind not in LINE_KINDS or item.statement is None:
            raise NotForThisKind
        account = item.statement.funding_account
        rematch_open_lines(account=account, now=now)
        reevaluate(account=account, actor=actor, now=now)
        close_finished_lists(now=now)
        item.refresh_from_db(fields=["status"])
        if item.status == Discrepancy.Status.OPEN:
            raise NothingExplainsIt
