"""What the demo started ends before the demo says so, however often somebody presses Ctrl-C meanwhile."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from config.demo.processes import Processes


class Slow:
    """A process that takes its time to end, while somebody presses Ctrl-C again."""

    ended = False

    def terminate(self) -> None:
        """Asked once."""

    def wait(self, seconds: float | None = None) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        self.ended = True
        return 0


def test_a_second_interruption_leaves_nobody_running(tmp_path: Path) -> None:
    heard = signal.getsignal(signal.SIGINT)
    slow = [Slow(), Slow()]

    with pytest.raises(KeyboardInterrupt, match="the first"), Processes(logs=tmp_path) as running:
        running.running |= {"web": slow[0], "worker": slow[1]}
        raise KeyboardInterrupt("the first")

    assert [one.ended for one in slow] == [True, True]
    assert signal.getsignal(signal.SIGINT) is heard


def test_a_real_one_has_ended_when_the_demo_goes_on(tmp_path: Path) -> None:
    with Processes(logs=tmp_path) as running:
        process: subprocess.Popen[bytes] = running.start("one", "-c", "import time; time.sleep(600)")

    assert process.poll() is not None
