"""One process at a time may start or stop the services of a checkout."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from config.embedded.errors import BelongsToAnotherUser


@contextmanager
def only_one(*, var_dir: Path) -> Iterator[None]:
    """Wait for the checkout's lock and hold it; the system frees it if we are killed. Raises BelongsToAnotherUser."""
    var_dir.mkdir(parents=True, exist_ok=True)
    with _open(var_dir / "embedded.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _open(path: Path) -> TextIO:
    try:
        return path.open("a", encoding="utf-8")
    except PermissionError as error:
        raise BelongsToAnotherUser(path=str(path)) from error
