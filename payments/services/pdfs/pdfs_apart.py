"""Asks about a stranger's PDF without reading it here: another process does, which may be ended without anybody's work being lost.

Whatever is asked raises `PdfNotRead` when that process could not begin, or had to wait too long for others: then nothing follows about the file.
"""

import base64
import json
import logging
import subprocess
import threading
from typing import Any

from django.conf import settings

from payments.errors import PaperNotIntact
from payments.errors.pdfs import PdfNotRead
from payments.services.pdfs.pdf_signatures import DAMAGED_SIGNATURES
from staff.apart import BARE, command_of

logger = logging.getLogger(__name__)
LOOK_SECONDS = 15
# Revisions of a long tagged PDF are compared for a minute or two; of honest lists and reports it takes a few seconds.
COMPARE_SECONDS = 150
BEGIN_SECONDS = 20  # by the clock, on a busy machine; reading has a bound of its own, in the processor's seconds
AT_ONCE = 2  # of this process: whoever sends many waits for the first
WAIT_SECONDS = 20  # and no longer: somebody waits for the answer, and a thread that answers others
_NAMED = b"/ByteRange"  # of every signature; one that hides its name is of no use to whoever signed
_BEGUN = b"begun\n"  # as `pdf_judge` says it; importing that here would load what only it needs
_places = threading.BoundedSemaphore(AT_ONCE)


class PdfUnreadable(ValueError):
    """The file is damaged, or takes more memory or time than any honest one."""


def has_pages(content: bytes) -> bool:
    """Whether it can be opened as a PDF. Raises `PdfUnreadable`."""
    return bool(_ask("look", "", content, seconds=LOOK_SECONDS))


def signatures_in(content: bytes) -> list[dict[str, object]]:
    """Every digital signature, oldest first, as `read_signatures` tells them. Raises `PaperNotIntact`, `PdfUnreadable`."""
    if _NAMED not in content:
        return []
    return _intact(_ask("signatures", settings.SIGNATURE_ROOTS, content, seconds=COMPARE_SECONDS))


def signed_list_in(content: bytes) -> tuple[list[dict[str, object]], bytes | None]:
    """Its signatures and, if it has any, the text of the list it carries. Raises `PaperNotIntact`, `PdfUnreadable`."""
    if _NAMED not in content:
        return [], None
    signatures, text = _ask("signed-list", settings.SIGNATURE_ROOTS, content, seconds=COMPARE_SECONDS)
    return _intact(signatures), None if text is None else base64.b64decode(text)


def signers_in(content: bytes) -> list[str]:
    """Who signed, one sentence each; one that says so where that can't be read."""
    if _NAMED not in content:
        return []
    try:
        return list(_ask("signers", "", content, seconds=COMPARE_SECONDS))
    except PdfUnreadable:
        return [DAMAGED_SIGNATURES]


def is_only_signed(made: bytes, content: bytes) -> bool:
    """Whether `content` is `made` with nothing but signatures appended; False too if it can't be read."""
    if not content.startswith(made):
        return False
    try:
        return bool(_ask("only-signed", str(len(made)), content, seconds=LOOK_SECONDS))
    except PdfUnreadable:
        return False


def subject_of(content: bytes) -> str:
    """What the file says it is about, "" if it does not. Raises `PdfUnreadable`."""
    return str(_ask("subject", "", content, seconds=LOOK_SECONDS))


def carried_in(content: bytes, name: str) -> bytes:
    """The file of that name it carries, b"" if none. Raises `PdfUnreadable`."""
    return base64.b64decode(_ask("carried", name, content, seconds=LOOK_SECONDS))


def text_of(content: bytes) -> str:
    """What its pages show, one after the other. Raises `PdfUnreadable`."""
    return str(_ask("text", "", content, seconds=LOOK_SECONDS))


def _intact(signatures: list[dict[str, object]] | None) -> list[dict[str, object]]:
    if signatures is None:
        raise PaperNotIntact
    return signatures


def _ask(task: str, argument: str, content: bytes, *, seconds: int) -> Any:
    """With no more of our environment than where the program lies: no key, no address of a database."""
    if not _places.acquire(timeout=WAIT_SECONDS):
        logger.warning("no place for a PDF within %s seconds", WAIT_SECONDS)
        raise PdfNotRead
    try:
        child = subprocess.run(
            command_of("payments.services.pdfs.pdf_judge", str(seconds), task, argument),
            input=content,
            capture_output=True,
            timeout=BEGIN_SECONDS + 2 * seconds,
            env=BARE,
        )
    except subprocess.TimeoutExpired as error:
        raise _for(error.stdout) from error
    except OSError as error:
        logger.exception("no process for a PDF")
        raise PdfNotRead from error
    finally:
        _places.release()
    if child.returncode != 0:
        raise _for(child.stdout, said=child.stderr)
    return json.loads(child.stdout.partition(b"\n")[2])


def _for(answer: bytes | None, *, said: bytes = b"") -> PdfUnreadable | PdfNotRead:
    """Nobody's file is called damaged, nor altered, because our own process did not come to read it."""
    if answer and answer.startswith(_BEGUN):
        return PdfUnreadable()
    logger.error("the process for a PDF did not begin: %s", said.decode(errors="replace")[-500:])
    return PdfNotRead()
