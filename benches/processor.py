"""Processor time of a piece of work: ours and our database session's, whoever else keeps the machine busy meanwhile."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM = 11, 12  # fields of /proc/<pid>/stat after the program's name


@dataclass(frozen=True)
class Spent:
    """Seconds of this process, and of the session that serves it; the session's are 0 where it runs on another machine."""

    ours: float
    session: int
    theirs: float

    def since(self, before: "Spent") -> float:
        """Seconds between two looks; a session that began meanwhile counts whole."""
        same = self.session == before.session
        return self.ours - before.ours + self.theirs - (before.theirs if same else 0.0)


def spent() -> Spent:
    """A look at both clocks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (session,) = cursor.fetchone()
    stat = Path(f"/proc/{session}/stat")
    ticks = 0
    if stat.exists() and "postgres" in (text := stat.read_text()):
        fields = text.rpartition(")")[2].split()
        ticks = int(fields[_USER]) + int(fields[_SYSTEM])
    return Spent(time.process_time(), session, ticks / _TICKS)
