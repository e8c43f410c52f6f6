"""Whether our books lie where they last agreed with the bank's: books restored, copied or promoted since send nothing (ADR 94, 100)."""

from datetime import datetime
from enum import StrEnum

from django.db import connection, transaction
from django.db.models import Max, Min

from payments.errors.outcomes import BooksNotCompared, BooksNotRead
from payments.models import BooksPlace, BooksStart
from staff.models import User
from staff.rights import Right, require
from staff.services.units import the_province


class Standing(StrEnum):
    """Beside the bank's books. ELSEWHERE and BEHIND end by `after_restore` alone, NOT_COMPARED when the bank's newest orders were seen."""

    READ = "READ"
    NOT_COMPARED = "NOT_COMPARED"
    ELSEWHERE = "ELSEWHERE"
    BEHIND = "BEHIND"


def books_standing() -> Standing:
    """One short statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_books_standing()")
        return Standing(cursor.fetchone()[0])


def books_are_read() -> bool:
    """Asked before every claim: by whoever sends, uploads or hands over."""
    return books_standing() is Standing.READ


def require_books_read() -> None:
    """Raises `BooksNotRead`, `BooksNotCompared`."""
    standing = books_standing()
    if standing is Standing.NOT_COMPARED:
        raise BooksNotCompared
    if standing is not Standing.READ:
        raise BooksNotRead


def books_place() -> str:
    """Where these books lie now: server, timeline, database, table of payments."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_books_place()")
        return str(cursor.fetchone()[0])


def reading_begins(*, place: str, since: datetime, actor: User, now: datetime) -> datetime:
    """From when the bank is read: `since`, or where an earlier reading at this place began that did not come to agree.

    What a reading that broke off took in makes the books end later than the backup did. Raises `NotAllowed`.
    """
    require(actor, Right.SETTLE_UNKNOWN, unit=the_province())
    last = BooksPlace.objects.filter(agreed=True).aggregate(pk=Max("pk"))["pk"] or 0
    begun = BooksPlace.objects.filter(place=place, agreed=False, pk__gt=last).aggregate(at=Min("since"))["at"]
    first: datetime = min(since, begun or since)
    BooksPlace.objects.create(place=place, reader=actor, read_at=now, agreed=False, since=first)
    return first


def server_started_at() -> datetime:
    """When the database server was started, to the microsecond: the same in every session of one start, and of no other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time()")
        started: datetime = cursor.fetchone()[0]
        return started


@transaction.atomic
def note_books_read(
    *,
    place: str,
    actor: User,
    now: datetime,
    unknown_orders: int = 0,
    document: str = "",
    read_until: datetime | None = None,
) -> None:
    """The books at `place` agree with the bank's; `place` is what it was before the bank was read, and the database refuses another.

    `read_until`: the bank's time of the newest order that was read.
    """
    reading = BooksPlace.objects.create(
        place=place, reader=actor, read_at=now, agreed=True, unknown_orders=unknown_orders, document=document
    )
    BooksStart.objects.create(
        started_at=server_started_at(), compared_at=now, agreed=True, reading=reading, read_until=read_until
    )
