"""Books are kept by one process: two that settle the same payments would each book them."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class InUse(RuntimeError):
    """Another process keeps these books."""


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold `data` for this process; however it ends, the kernel lets go. Raises InUse."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "bank.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse(f"{data} is in use by a bank that runs") from error
        yield
