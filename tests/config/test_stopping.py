"""What the demo started ends before the demo says so, however often somebody presses Ctrl-C meanwhile."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.demo.processes import BUSY_SECONDS, Processes
from config.environment import ROOT


class Slow:
    """A process that takes its time to end, while somebody presses Ctrl-C again."""

    ended = False
    waited = 0.0

    def terminate(self) -> None:
        """Asked once."""

    def wait(self, seconds: float | None = None) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        self.ended, self.waited = True, seconds or 0.0
        return 0


def test_a_second_interruption_leaves_nobody_running(tmp_path: Path) -> None:
    heard = signal.getsignal(signal.SIGINT)
    slow = [Slow(), Slow()]

    with pytest.raises(KeyboardInterrupt, match="the first"), Processes(logs=tmp_path) as running:
        running.running |= {"web": slow[0], "worker": slow[1]}
        raise KeyboardInterrupt("the first")

    assert [one.ended for one in slow] == [True, True]
    assert slow[1].waited <= BUSY_SECONDS  # what a worker has not finished is found again; the bank writes its books
    assert signal.getsignal(signal.SIGINT) is heard


def test_a_real_one_has_ended_when_the_demo_goes_on(tmp_path: Path) -> None:
    with Processes(logs=tmp_path) as running:
        process: subprocess.Popen[bytes] = running.start("one", "-c", "import time; time.sleep(600)")

    assert process.poll() is not None


# What `make demo` is to its processes: "web" ends when asked, "worker-bank" is busy and doesn't, and has a hand of its own.
SUPERVISOR = """
import sys, time
from pathlib import Path
from config.demo.processes import Processes, ended_by_signals

BUSY = '''
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
hand = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(hand.pid))
time.sleep(600)
'''
folder = Path(sys.argv[1])
try:
    with ended_by_signals(), Processes(logs=folder) as running:
        running.start("web", "-c", "import time; time.sleep(600)")
        running.start("worker-bank", "-c", BUSY, str(folder / "hand"))
        while not (folder / "hand").exists() or not (folder / "hand").read_text():
            time.sleep(0.05)
        print(*[process.pid for process in running.running.values()], (folder / "hand").read_text(), flush=True)
        time.sleep(600)
except KeyboardInterrupt:
    print("ended", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_however_it_is_ended_nobody_it_started_is_left(tmp_path: Path, by: signal.Signals) -> None:
    command = [sys.executable, "-c", SUPERVISOR, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        started = [int(pid) for pid in supervisor.stdout.readline().split()]
        supervisor.send_signal(by)
        said, _ = supervisor.communicate(timeout=60)

    assert (len(started), said) == (3, "ended\n")
    assert [pid for pid in started if is_running(pid)] == []


def is_running(pid: int) -> bool:
    """Not gone, and no zombie nobody has looked after."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
