"""One at a time on the demo's data: making it anew under a running `make serve` would take its books away."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

LOCK = "demo.lock"
LOOK_AGAIN_SECONDS = 0.2
DONE = "xong"


class DemoInUse(RuntimeError):
    """Another `make demo` or `make serve` of this checkout is running."""


def take_turn(*, var: Path, wait_seconds: float = 0.0, tell: Callable[[], object] = lambda: None) -> None:
    """Hold the demo's data until this process, or the one it becomes by exec, ends. Raises `DemoInUse`.

    One that was asked to stop holds the data until the last of its processes ended: it is waited for `wait_seconds`, after `tell`.
    """
    deadline = time.monotonic() + wait_seconds
    try:
        _hold(var)
        return
    except DemoInUse:
        if not wait_seconds:
            raise
    tell()
    while True:
        try:
            _hold(var)
            return
        except DemoInUse:
            if time.monotonic() > deadline:
                raise
            time.sleep(LOOK_AGAIN_SECONDS)


def _hold(var: Path) -> None:
    var.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(var / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise DemoInUse from error
    os.set_inheritable(descriptor, True)


def in_use(*, var: Path) -> bool:
    """Whether a `make demo` or `make serve` of this checkout is running."""
    if not (var / LOCK).exists():
        return False
    with (var / LOCK).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def mark_done(*, folder: Path) -> None:
    """The quarter in `folder` is whole: `serve` may use it."""
    (folder / DONE).touch()


def is_done(*, folder: Path) -> bool:
    """Whether the last demo in `folder` came to its end."""
    return (folder / DONE).exists()
