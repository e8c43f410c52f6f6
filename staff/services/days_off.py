"""The government's days off of a year are taken in whole: what the file names is so, what it no longer names is not."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from staff.errors import DaysOffRefused
from staff.models import CalendarDay, User
from staff.rights import Right, require
from staff.services.labels import labelled
from staff.services.units import the_province

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "days_off.csv"
MOST_LINES = 2_000
COLUMNS = ["on", "kind", "name"]
SOURCE = "legal_source"
KINDS = {"HOLIDAY": False, "WORKDAY": True}


@dataclass(frozen=True)
class DaysOffLoaded:
    """`years` the file speaks of; how many days stand in them now, and how many were taken out."""

    years: Sequence[int]
    days: int
    removed: int


def load_days_off(*, content: str, actor: User) -> DaysOffLoaded:
    """Make the years named in `content` what it says; every change stands in the history, with its actor. Running it again changes nothing.

    `content` is CSV: `on` (2026-02-16), `kind` (HOLIDAY, or WORKDAY for a Saturday or Sunday worked instead), `name`, and the decision it
    rests on (`legal_source`), without which a day is shown as not verified. Terms that were set before
    stay as they are. Raises `DaysOffRefused`, which names the line, and `NotAllowed`.
    """
    require(actor, Right.KEEP_CALENDAR, unit=the_province())
    days = {row.day: row for row in _read(content)}
    if not days:
        raise DaysOffRefused
    years = sorted({day.year for day in days})
    of_years = Q()
    for year in years:
        of_years |= Q(day__year=year)
    with labelled(actor_id=actor.pk, why="load_days_off"), transaction.atomic():
        removed, _ = CalendarDay.objects.filter(of_years).exclude(day__in=days).delete()
        CalendarDay.objects.bulk_create(
            days.values(),
            update_conflicts=True,
            unique_fields=["day"],
            update_fields=["working", "name", "legal_source"],
        )
    return DaysOffLoaded(years=years, days=len(days), removed=removed)


def _read(content: str) -> Iterator[CalendarDay]:
    lines = csv.DictReader(content.splitlines()[:MOST_LINES])
    if lines.fieldnames not in (COLUMNS, [*COLUMNS, SOURCE]):
        raise DaysOffRefused(conflicts=["1"])
    for line in lines:
        try:
            day, working = date.fromisoformat(line["on"]), KINDS[line["kind"]]
        except (ValueError, KeyError) as error:
            raise DaysOffRefused(conflicts=[str(lines.line_num)]) from error
        if not line["name"] or (working and day.weekday() < 5):
            raise DaysOffRefused(conflicts=[str(lines.line_num)])
        source = (line.get(SOURCE) or "").strip()[:120]
        yield CalendarDay(day=day, working=working, name=line["name"][:80], legal_source=source)
