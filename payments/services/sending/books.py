"""Whether our books lie where they last agreed with the bank's: books restored, copied or promoted since send nothing (ADR 94)."""

from datetime import datetime

from django.db import connection

from payments.errors.outcomes import BooksNotRead
from payments.models import BooksPlace
from staff.models import User


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


def note_books_read(*, place: str, actor: User, now: datetime, unknown_orders: int = 0, document: str = "") -> None:
    """The books at `place` agree with the bank's; `place` is what it was before the bank was read, and the database refuses another."""
    BooksPlace.objects.create(place=place, reader=actor, read_at=now, unknown_orders=unknown_orders, document=document)
