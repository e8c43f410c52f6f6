"""What must happen to money because somebody died, may have died, or has not died after all. Doing it again changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from beneficiaries.models import Case
from beneficiaries.services.life_events.cases import Asked, sync_cases
from payments.models import RemovalSlip
from payments.money import format_amount
from payments.services.life import statements
from payments.services.signing.stop import stop_at_once
from staff.models import User

MONEY_REASONS = frozenset({"OWED_TO_HEIRS", "PAID_AFTER_DEATH"})


@dataclass(frozen=True)
class Consequences:
    """Counts of rows: payments taken off lists, stop notices opened, months proposed for recovery."""

    stopped: int
    stop_notices: int
    recoveries: int


@transaction.atomic
def draw_consequences(*, people: Collection[int] | None, actor: User | None, now: datetime) -> Consequences:
    """For these people, or for everybody (None).

    What is not with the bank or provider yet is taken off its list, signed or not: a list may always be reduced. What is with them gets a stop
    notice; what was credited for months after the death is proposed for recovery. Whatever rested on a death that was withdrawn is withdrawn.
    """
    given: dict[str, Any] = {"people": list(people) if people is not None else None, "now": now}
    stopped = _stop(given, now=now)
    with connection.cursor() as cursor:
        cursor.execute(statements.WITHDRAW_STOP_NOTICES, given)
        cursor.execute(statements.STOP_NOTICES, given)
        notices = cursor.rowcount
        cursor.execute(statements.WITHDRAW_RECOVERIES, given)
        cursor.execute(statements.RECOVERIES, given)
        recoveries = cursor.rowcount
        owed = cursor.execute(statements.OWED_TO_HEIRS, given).fetchall()
        paid_after = cursor.execute(statements.TO_RECOVER, given).fetchall()
        concerned = [pk for (pk,) in cursor.execute(statements.CONCERNED_PEOPLE, given).fetchall()]
    sync_cases(
        asked={
            **{(pk, Case.Kind.HEIR): _asked("OWED_TO_HEIRS", "Tháng còn sống chưa lĩnh", m, a) for pk, m, a in owed},
            **{
                (pk, Case.Kind.RECOVERY): _asked("PAID_AFTER_DEATH", "Đã chi cho tháng sau tháng mất", m, a)
                for pk, m, a in paid_after
            },
        },
        people=people if people is not None else concerned,
        reasons=MONEY_REASONS,
        actor=actor,
        now=now,
    )
    return Consequences(stopped=stopped, stop_notices=notices, recoveries=recoveries)


def _stop(given: dict[str, Any], *, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statements.TO_STOP, given)
        ids = [pk for (pk,) in cursor.fetchall()]
    return stop_at_once(payment_ids=ids, ground=RemovalSlip.Ground.LIFE, now=now)


def _asked(reason: str, words: str, months: Sequence[date], amount: int) -> Asked:
    listed = ", ".join(f"{month:%m/%Y}" for month in months)
    return Asked(reason, [f"{words}: tháng {listed}; {format_amount(amount)} đồng. Chỉ thực hiện theo quyết định."])
