"""A sender stopped for too long never makes the call it was about to make."""

import os
import signal
import subprocess
import sys
import time

import pytest

from payments.services.sending.asleep import ended_when_asleep

SENDER = """
import sys, time
from payments.services.sending.asleep import ended_when_asleep
with ended_when_asleep(seconds=1) as awake:
    awake()
    print("looked", flush=True)
    until = time.monotonic() + {busy}
    while time.monotonic() < until:
        {each}
        time.sleep(0.05)
    print("called", flush=True)
"""


def started(*, each: str, busy: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SENDER.format(each=each, busy=busy)], stdout=subprocess.PIPE, text=True
    )


def test_who_was_stopped_between_look_and_call_dies_when_it_wakes():
    sender = started(each="pass", busy=0.5)
    assert sender.stdout is not None and sender.stdout.readline() == "looked\n"
    os.kill(sender.pid, signal.SIGSTOP)
    time.sleep(1.3)
    os.kill(sender.pid, signal.SIGCONT)

    assert (sender.communicate(timeout=10)[0], sender.returncode) == ("", -signal.SIGKILL)


def test_who_is_awake_works_on():
    sender = started(each="awake()", busy=1.4)

    assert (sender.communicate(timeout=10)[0], sender.returncode) == ("looked\ncalled\n", 0)


def test_nothing_is_left_afterwards():
    with ended_when_asleep(seconds=1) as awake:
        awake()
    with pytest.raises(ZeroDivisionError), ended_when_asleep(seconds=1) as awake:
        awake()
        raise ZeroDivisionError
    time.sleep(1.2)
