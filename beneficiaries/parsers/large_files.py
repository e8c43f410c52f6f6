"""A large list somebody waits for an answer about is read in a process apart: whatever it unpacks to, the process that serves others lives.

What the background reads needs no such thing: its worker has one file at a time and is started anew when it falls.
"""

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from beneficiaries.errors.files import FileHasMacros, FileIsEmpty, FileSuspicious, FileTooLarge, FileUnreadable
from beneficiaries.parsers.spreadsheets import ZIP_MAGIC, Sheet, asked_apart, sheets_said
from staff.errors import SystemBusy

LARGE_TEXT, LARGE_UNPACKED = 1024 * 1024, 4 * 1024 * 1024
"""Bytes beyond which a text, or what a workbook says it unpacks to, is read apart: a commune's list of every month stays below."""
MOST_TEXT = 48 * 1024 * 1024  # of rows given back; the longest list of a province is a fifth of it
AT_ONCE, WAIT_SECONDS = 2, 20
_READER = "beneficiaries.parsers.sheets_apart"
_KINDS = {one.code: one for one in (FileUnreadable, FileTooLarge, FileSuspicious, FileHasMacros, FileIsEmpty)}
_waited_for: ContextVar[bool] = ContextVar("waited_for", default=False)
_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def large_files_apart() -> Iterator[None]:
    """Around what reads a list while somebody waits. What is read there may raise `SystemBusy` too."""
    before = _waited_for.set(True)
    try:
        yield
    finally:
        _waited_for.reset(before)


def is_read_apart(content: bytes) -> bool:
    """Whether somebody waits, and the file is a large one."""
    return _waited_for.get() and _is_large(content)


def sheets_apart(content: bytes) -> list[Sheet]:
    """As `open_sheets`, in a process apart. Raises a `FileUnreadable`, `SystemBusy`."""
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise SystemBusy
    try:
        said = asked_apart(_READER, content, str(MOST_TEXT))
    finally:
        _places.release()
    if said.startswith(b'{"refused"'):
        refusal = json.loads(said)
        raise _KINDS.get(refusal["refused"], FileUnreadable)(refusal["sentence"])
    return list(sheets_said(said))


def _is_large(content: bytes) -> bool:
    if not content.startswith(ZIP_MAGIC):
        return len(content) > LARGE_TEXT
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(part.file_size for part in archive.infolist()) > LARGE_UNPACKED
    except (zipfile.BadZipFile, ValueError, NotImplementedError):  # damaged: its reader says so
        return len(content) > LARGE_TEXT
