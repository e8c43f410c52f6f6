"""End this process before it acts on what it knew long ago: asleep between its last look and its call, it would wake and pay twice (ADR 23).

A timer of the kernel, by the clock that runs while the machine is suspended. Its signal can't be caught, and comes before the process runs another
line, however long it was stopped, frozen or starved. Linux only, like the rest.
"""

import ctypes
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CLOCK_BOOTTIME = 7
SIGEV_SIGNAL = 0


class _Event(ctypes.Structure):
    """struct sigevent: what happens when the timer ends; 64 bytes on Linux."""

    _fields_ = (
        ("value", ctypes.c_void_p),
        ("signo", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("padding", ctypes.c_byte * 48),
    )


class _Span(ctypes.Structure):
    """struct itimerspec: repeat after, end after."""

    _fields_ = (
        ("again_seconds", ctypes.c_long),
        ("again_nanoseconds", ctypes.c_long),
        ("seconds", ctypes.c_long),
        ("nanoseconds", ctypes.c_long),
    )


def _library() -> ctypes.CDLL:
    """The C library; before glibc 2.34 timers were in one of their own."""
    library = ctypes.CDLL(None, use_errno=True)
    return library if hasattr(library, "timer_create") else ctypes.CDLL("librt.so.1", use_errno=True)


@contextmanager
def ended_when_asleep(*, seconds: int) -> Iterator[Callable[[], None]]:
    """Within, the process is killed unless the function given is called again within `seconds`. Each use has a timer of its own.

    Call it before the look that allows to act, in whatever thread: whoever sleeps after the look never acts. Raises `OSError`.
    """
    library, timer = _library(), ctypes.c_void_p()
    event = _Event(signo=signal.SIGKILL, notify=SIGEV_SIGNAL)
    _done(library.timer_create(CLOCK_BOOTTIME, ctypes.byref(event), ctypes.byref(timer)))
    span = _Span(seconds=seconds)

    def awake() -> None:
        _done(library.timer_settime(timer, 0, ctypes.byref(span), None))

    try:
        yield awake
    finally:
        _done(library.timer_delete(timer))


def _done(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
