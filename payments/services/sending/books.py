"""Whether our books lie where they last agreed with the bank's: books restored, copied or promoted since send nothing (ADR 94)."""

from datetime import datetime

from django.db import connection
from django.db.models import Max, Min

from payments.errors.outcomes import BooksNotRead
from payments.models import BooksPlace
from staff.models import User
from staff.rights import Right, require
from staff.services.units import the_province


def books_are_read() -> bool:
    """Asked before every claim, in one short statement: by whoever sends, uploads or hands over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_books_are_read()")
        return bool(cursor.fetchone()[0])


def require_books_read() -> None:
    """Raises `BooksNotRead`."""
    if not books_are_read():
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


def note_books_read(*, place: str, actor: User, now: datetime, unknown_orders: int = 0, document: str = "") -> None:
    """The books at `place` agree with the bank's; `place` is what it was before the bank was read, and the database refuses another."""
    BooksPlace.objects.create(
        place=place, reader=actor, read_at=now, agreed=True, unknown_orders=unknown_orders, document=document
    )
