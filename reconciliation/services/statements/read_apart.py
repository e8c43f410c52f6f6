"""A statement file read by a process that may be ended: a hostile or damaged one stops its reader, never the process that asked."""

import io
import json
import logging
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from typing import IO, BinaryIO

from reconciliation.errors import StatementTakesTooMuch, TooManyStatements
from reconciliation.parsers.any_format import read_files
from reconciliation.parsers.interface import StatementReading
from reconciliation.parsers.table import TableForm
from reconciliation.services.statements.reading_wire import CutShort, read_back
from reconciliation.services.statements.statement_reader import SYSTEM_BUSY
from staff.apart import BARE, BEGUN, command_of
from staff.errors import Refusal, SystemBusy

logger = logging.getLogger(__name__)


SMALL = 64 * 1024
"""Bytes of plain text that no reader can make much of, in memory or time; anything packed may be gigabytes."""
MEMORY_BYTES = 1_500 * 1024 * 1024
CPU_SECONDS = 120
START_SECONDS = 60
END_SECONDS = 5
LONGEST_SECONDS = 600  # by the clock: what was read is written to the database meanwhile
AT_ONCE = 2  # of this process
WAIT_SECONDS = 20
LONGEST_RECORD = 64 * 1024 * 1024
_PACKED = (b"PK", b"\xd0\xcf\x11\xe0")
_READER = "reconciliation.services.statements.statement_reader"
_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def read_apart(sources: Sequence[BinaryIO], form: TableForm) -> Iterator[Iterator[StatementReading]]:
    """As `read_files`, with an end in memory and time. Raises `StatementTakesTooMuch`, `TooManyStatements`, `SystemBusy` too."""
    if _is_small(sources):
        yield read_files(sources, form=form)
        return
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise TooManyStatements
    with ExitStack() as last:
        last.callback(_places.release)
        try:
            child = last.enter_context(_reader_of(sources, form))
        except OSError as error:  # no process, no file, no place on the disk
            logger.exception("no reader for a statement")
            raise SystemBusy from error
        last.callback(child.kill)
        assert child.stdout is not None
        with _killed_after(START_SECONDS, child):
            begun = child.stdout.readline(len(BEGUN)) == BEGUN
        if not begun:
            child.kill()
            logger.error("the reader of a statement did not begin and ended with %s", child.wait())
            raise SystemBusy
        with _killed_after(LONGEST_SECONDS, child):
            try:
                yield read_back(iter(_records(child.stdout), b""))
            except CutShort as error:
                raise _for(_ended(child)) from error


@contextmanager
def _killed_after(seconds: float, child: "subprocess.Popen[bytes]") -> Iterator[None]:
    watch = threading.Timer(seconds, child.kill)
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _ended(child: "subprocess.Popen[bytes]") -> int:
    """With what; one that closed what it says without ending is ended."""
    try:
        return child.wait(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def _for(status: int) -> Refusal:
    if status == SYSTEM_BUSY:
        logger.error("the reader of a statement had no process, file or place left")
        return SystemBusy()
    logger.warning("the reader of a statement ended with %s", status)
    return StatementTakesTooMuch()


def _is_small(sources: Sequence[BinaryIO]) -> bool:
    if sum(source.seek(0, io.SEEK_END) for source in sources) > SMALL:
        return False
    for source in sources:
        source.seek(0)
        if source.read(4).startswith(_PACKED):
            return False
    return True


def _records(said: IO[bytes]) -> Callable[[], bytes]:
    return lambda: said.readline(LONGEST_RECORD)


def _reader_of(sources: Sequence[BinaryIO], form: TableForm) -> "subprocess.Popen[bytes]":
    """The child, given copies without a name; of our environment no more than where the program lies."""
    with ExitStack() as opened:
        copies = [opened.enter_context(tempfile.TemporaryFile()) for _ in sources]
        for source, copy in zip(sources, copies, strict=True):
            source.seek(0)
            shutil.copyfileobj(source, copy)
            copy.seek(0)
        said = opened.enter_context(tempfile.TemporaryFile())
        said.write(json.dumps(asdict(form)).encode())
        said.seek(0)
        numbers = [copy.fileno() for copy in copies]
        return subprocess.Popen(
            command_of(_READER, str(MEMORY_BYTES), str(CPU_SECONDS), *map(str, numbers)),
            stdin=said, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=numbers, env=BARE,
        )  # fmt: skip
