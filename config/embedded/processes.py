"""Which processes are ours: those whose working directory is the service's data directory.

A process id alone proves nothing after a reboot or a kill, because ids are used again.
"""

import os
import signal
import time
from pathlib import Path

POLL_SECONDS = 0.02


def serves(*, pid: int, directory: Path) -> bool:
    """Whether process `pid` is alive and works in `directory`; a zombie is not alive."""
    return _working_directory(pid) == directory


def alive(*, pid: int) -> bool:
    """Whether a process of ours runs under this id; a zombie, which init may never collect, does not."""
    return _working_directory(pid) is not None


def servants_of(*, directory: Path, program: str) -> list[int]:
    """All processes of `program` that work in `directory`; somebody's shell that merely stands there is not one."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if serves(pid=pid, directory=directory) and _program(pid) == program]


def end(*, pid: int, directory: Path, by: signal.Signals, seconds: float) -> bool:
    """Send `by` to a process of `directory` and wait until it is gone; False if it is still there after `seconds`."""
    deadline = time.monotonic() + seconds
    if serves(pid=pid, directory=directory):
        os.kill(pid, by)
    while serves(pid=pid, directory=directory):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _working_directory(pid: int) -> Path | None:
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd"))
    except OSError:
        return None


def _program(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return ""
