"""All rolls of a month below a unit: lists by account and in cash, changes, who was not paid."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from payments.states import Channel
from reconciliation.models import IssuedPaper
from reconciliation.reports.rolls.changes import changes_roll
from reconciliation.reports.rolls.monthly import monthly_rolls
from reconciliation.reports.rolls.roll import Roll
from reconciliation.reports.rolls.unpaid import unpaid_roll
from staff.models import AdministrativeUnit, User

Kind = IssuedPaper.Kind
_CHANNELS = {Kind.ACCOUNT_LIST: Channel.ACCOUNT, Kind.CASH_LIST: Channel.CASH}


def rolls_of_month(
    *, unit: AdministrativeUnit, month: date, now: datetime, reader: User | None = None
) -> list[tuple[Kind, Roll]]:
    """Lists first, then the two summaries of the unit; nothing at all when the month has no list here."""
    lists = [(kind, roll) for kind in _CHANNELS for roll in rolls_of_kind(kind=kind, unit=unit, month=month, now=now)]
    if not lists:
        return []
    given: dict[str, Any] = {"unit": unit, "month": month, "now": now, "reader": reader}
    return lists + [(kind, roll) for kind in (Kind.CHANGES, Kind.UNPAID) for roll in rolls_of_kind(kind=kind, **given)]


def rolls_of_kind(
    *, kind: Kind, unit: AdministrativeUnit, month: date, now: datetime, reader: User | None = None
) -> Iterator[Roll]:
    """The rolls of one kind, counted now; for a `reader`, with what is printed beside them."""
    if kind in _CHANNELS:
        yield from monthly_rolls(unit=unit, month=month, channel=_CHANNELS[kind], now=now)
    elif kind == Kind.CHANGES:
        yield changes_roll(unit=unit, month=month, now=now)
    elif kind == Kind.UNPAID:
        yield unpaid_roll(unit=unit, month=month, now=now, reader=reader)
