"""A stranger's file judged in a process of its own: whatever it does to its reader, the worker lives, and goes on to others' work."""

import json
import logging
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from django.db import connection

import reconciliation
from payments.errors.pdfs import PdfNotRead
from reconciliation.errors import CheckTakesTooLong, FileNotKnown, FileTakesTooMuch
from reconciliation.services.papers.verify_file import FileVerdict
from staff.apart import BEGUN
from staff.errors import Refusal, SystemBusy
from staff.models import User

logger = logging.getLogger(__name__)
LONGEST_SECONDS = 300  # by the clock: on a busy machine the start alone takes a while
CPU_SECONDS = 60  # of reading and comparing; the database counts in a time of its own
MEMORY_BYTES = 2 * 1024 * 1024 * 1024  # of addresses; the program with all it imports takes a third before it reads
_MANAGE = Path(reconciliation.__file__).parent.parent / "manage.py"
_REFUSED = {one.code: one for one in (FileNotKnown, CheckTakesTooLong, PdfNotRead)}


def judge_apart(
    content: bytes,
    *,
    actor: User,
    now: datetime,
    seconds: int = LONGEST_SECONDS,
    cpu: int = CPU_SECONDS,
    memory: int = MEMORY_BYTES,
) -> FileVerdict:
    """As `verify_file`, with an end in time and memory. Raises `FileTakesTooMuch`, `SystemBusy` too."""
    command = [sys.executable, str(_MANAGE), "judge_file", str(actor.pk), now.isoformat(), str(cpu), str(memory)]
    given = os.environ | {"ANSINH_DATABASE": str(connection.settings_dict["NAME"])}
    try:
        child = subprocess.run(command, input=content, capture_output=True, timeout=seconds, env=given, check=False)
    except subprocess.TimeoutExpired as error:
        raise (FileTakesTooMuch if (error.stdout or b"").startswith(BEGUN) else SystemBusy) from error
    except OSError as error:  # no process, no file, no memory left
        logger.exception("no process for a file that was handed in")
        raise SystemBusy from error
    if not child.stdout.startswith(BEGUN):
        logger.error("the process for a file did not begin: %s", child.stderr.decode(errors="replace")[-500:])
        raise SystemBusy
    if child.returncode != 0:  # out of memory, out of time, or the reader fell over
        raise FileTakesTooMuch
    said = json.loads(child.stdout.removeprefix(BEGUN))
    if refused := said.get("refused"):
        raise _REFUSED[refused](said["sentence"])
    return FileVerdict(**said)


def as_said(judged: FileVerdict | Refusal) -> str:
    """What the other process writes for `judge_apart`."""
    if isinstance(judged, Refusal):
        return json.dumps({"refused": judged.code, "sentence": judged.sentence})
    return json.dumps(vars(judged))
