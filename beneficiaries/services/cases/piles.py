"""Where is the pile? Live cases by unit and kind: counts, the oldest, how many are overdue. No person appears."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from staff.models import User

SMALLEST_SHOWN = 5

# Units right below the actor's are the rows: a province sees districts or communes, a commune itself.
_PILES = """
SELECT u.code, u.name, c.kind, count(*) AS live, count(*) FILTER (WHERE c.due_on < %(today)s) AS overdue,
       count(*) FILTER (WHERE c.status = 'ESCALATED') AS escalated, min(c.opened_at) AS oldest
FROM beneficiaries_case c JOIN staff_administrativeunit own ON own.id = c.unit_id
JOIN staff_administrativeunit u ON own.path LIKE u.path || '%%' AND (u.parent_id = %(unit)s OR (own.id = %(unit)s AND u.id = %(unit)s))
WHERE c.status IN ('OPEN', 'PROPOSED', 'ESCALATED') AND own.path LIKE %(path)s || '%%'
GROUP BY u.code, u.name, c.kind ORDER BY live DESC, u.code, c.kind
"""


@dataclass(frozen=True)
class Pile:
    """Live cases of one kind below one unit. Counts are None where a cell under five would name somebody."""

    unit_code: str
    unit_name: str
    kind: str
    live: int | None
    overdue: int | None
    escalated: int | None
    oldest_on: date | None


def find_piles(*, actor: User, now: datetime, leaves_unit: bool = False) -> list[Pile]:
    """Biggest first, by unit right below the actor's and kind.

    `leaves_unit`: the break-down is for eyes outside the unit's own staff (leaders see aggregates only), so that cells under five are
    suppressed: the whole row, because its parts would give the others away. Empty for a user without a unit.
    """
    if actor.unit is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_PILES, {"today": timezone.localdate(now), "unit": actor.unit.pk, "path": actor.unit.path})
        rows = cursor.fetchall()
    return [_pile(row, hidden=leaves_unit and row[3] < SMALLEST_SHOWN) for row in rows]


def _pile(row: tuple[str, str, str, int, int, int, datetime], *, hidden: bool) -> Pile:
    code, name, kind, live, overdue, escalated, oldest = row
    if hidden:
        return Pile(code, name, kind, None, None, None, None)
    return Pile(code, name, kind, live, overdue, escalated, timezone.localdate(oldest))
