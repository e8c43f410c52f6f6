"""A process apart for a stranger's file: what it is given, and the ends it sets itself in memory and time. Standard library alone.

Whatever a file does to its reader, the process that asked lives. A child says `BEGUN` before it reads: one that ends otherwise than with an answer
is the file's doing after that word, and ours before it.
"""

import math
import resource
import sys
import time
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
BARE = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
"""The environment of a child that only reads: where the program lies; no key, no address of a database."""


BEGUN = b"begun\n"


def say_begun() -> None:
    """In the child, as its first line, when all it needs is there and the file comes next."""
    sys.stdout.write(BEGUN.decode())
    sys.stdout.flush()


def command_of(module: str, *arguments: str) -> list[str]:
    """What starts a module of ours, given `BARE`, in a process apart."""
    return [sys.executable, "-s", "-P", "-m", module, *arguments]


def bound_this_process(*, memory: int, seconds: int) -> None:
    """In the child, before it reads: bytes of addresses, seconds of the processor from now on, and no image of what it held when it falls."""
    _at_most(resource.RLIMIT_AS, memory)
    _at_most(resource.RLIMIT_CPU, math.ceil(time.process_time()) + seconds)  # what starting took is not the file's
    _at_most(resource.RLIMIT_CORE, 0)


def _at_most(what: int, limit: int) -> None:
    """Never more than the process that asks was given: only root may raise that, and nobody should."""
    _, given = resource.getrlimit(what)
    bound = limit if given == resource.RLIM_INFINITY else min(limit, given)
    resource.setrlimit(what, (bound, bound))
