"""Log lines of every process of ours: no number of a person or an account in them, and no row that PostgreSQL quotes (I14)."""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error as DjangoDatabaseError
from django.utils.log import configure_logging

from staff.services.free_text import without_numbers

LONGEST_REASON = 500
# What PostgreSQL adds to its sentence, as lines of their own or inside the text of a `repr`, which is how Celery writes an error.
_QUOTED = re.compile(r"(?:\n|\\n)(?:DETAIL|HINT|CONTEXT):.*", re.DOTALL)
_CAUSE = "\nThe above exception was the direct cause of the following exception:\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n"


class LineWithoutNumbers(logging.Formatter):
    """The line as its format says. Numbers in its message are cut to their last digits, and so are those in what an error says."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line without its traceback; the moment it begins with is no number of anybody."""
        told = logging.makeLogRecord(record.__dict__)
        told.message = _cleaned(record.message)
        return super().formatMessage(told)

    def format(self, record: logging.LogRecord) -> str:
        """The line and its traceback; what another formatter kept of the traceback is not used."""
        record.exc_text = None
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        """The traceback of the error."""
        return told_traceback(ei[1]) if ei[1] is not None else ""


class Lines(logging.StreamHandler[Any]):
    """Lines on stderr. One that cannot be written says where it was asked for, not with which values."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Tell of the line that is lost."""
        error = sys.exc_info()[1]
        print(f"Log line of {record.pathname}:{record.lineno} not written: {type(error).__name__}", file=sys.stderr)


def told_traceback(error: BaseException) -> str:
    """Python's traceback, causes first; of what an error says only what `reason_of` lets through."""
    return "".join(_told(error, seen=set())).rstrip("\n")


def reason_of(error: BaseException) -> str:
    """What an error says, in at most `LONGEST_REASON` letters. Of PostgreSQL's only the first sentence: its DETAIL quotes the row."""
    cause = error.__cause__ if isinstance(error, DjangoDatabaseError) else error
    first = cause.diag.message_primary if isinstance(cause, psycopg.Error) else None
    said = _cleaned(first or str(error))
    return said if len(said) <= LONGEST_REASON else f"{said[:LONGEST_REASON]} …"


def _cleaned(text: str) -> str:
    """Without numbers, and without what PostgreSQL adds where somebody wrote its error into a line."""
    return without_numbers(_QUOTED.sub("", text))


def _told(error: BaseException, *, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _told(before, seen=seen)
        yield f"{_CAUSE if error.__cause__ is before else _CONTEXT}\n"
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(error.__traceback__)
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    yield f"{name}: {reason_of(error)}\n"
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        if id(inner) not in seen:
            yield from _told(inner, seen=seen)


def _tell(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    print(told_traceback(error), file=sys.stderr)


def _tell_of_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        print(f"Exception in thread {args.thread and args.thread.name}:", file=sys.stderr)
        print(told_traceback(args.exc_value), file=sys.stderr)


def _tell_of_ignored(args: "sys.UnraisableHookArgs") -> None:
    if args.exc_value is not None:
        print(f"Exception ignored in {type(args.object).__qualname__}:", file=sys.stderr)
        print(told_traceback(args.exc_value), file=sys.stderr)


def tell_without_numbers() -> None:
    """Errors nobody catches, of a command, a thread or an object that ends, are told as those in the log are."""
    sys.excepthook, threading.excepthook, sys.unraisablehook = _tell, _tell_of_thread, _tell_of_ignored


def keep_our_lines(*, loglevel: int | None = None, **_: object) -> None:
    """A Celery process that finds somebody here leaves the lines as our settings have them, at the level it was started with."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    if loglevel is not None:
        logging.getLogger().setLevel(loglevel)
