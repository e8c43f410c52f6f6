"""The demo's processes: the mock bank, the web process, the workers. All end with the demo."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType

import requests

from config.demo.memory import process_tree
from config.environment import ROOT

START_SECONDS = 180  # a busy machine takes its time; what does not start says so by ending
STOP_SECONDS = 20
BUSY_SECONDS = 4  # a worker's unfinished work is found again in the tables (ADR 3), so nobody waits for its end
WORKERS = "worker"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_AGAIN_SECONDS = 0.5


class ProcessDidNotStart(RuntimeError):
    """A process of the demo did not come up; its log says why."""


@dataclass
class Processes:
    """Starts processes with their output in `logs`, ends them (by their own ids) on exit.

    `environment` is what they run with beside our own.
    """

    logs: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> "Processes":
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with _deaf():
            began = time.monotonic()
            for process in reversed(self.running.values()):
                process.terminate()
            for name, process in sorted(self.running.items(), key=lambda one: _patience(one[0])):
                try:
                    process.wait(max(0.0, began + _patience(name) - time.monotonic()))
                except subprocess.TimeoutExpired:
                    _kill(process)

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """Start `python <command>` from the project's root; its output goes to `logs/name.log`."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return self.running[name]

    def wait_for_an_end(self) -> str:
        """Wait until any process ends; return its name."""
        while True:
            for name, process in self.running.items():
                if process.poll() is not None:
                    return name
            time.sleep(LOOK_AGAIN_SECONDS)

    def wait_for(self, name: str, url: str) -> None:
        """Wait until `url` answers at all. Raises `ProcessDidNotStart`."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.running[name].poll() is not None:
                break
            try:
                requests.get(url, timeout=2)
                return
            except (requests.ConnectionError, requests.Timeout):
                time.sleep(0.1)
        raise ProcessDidNotStart(f"{name}: {self.logs / f'{name}.log'}")


def _patience(name: str) -> int:
    """Seconds, from when all were asked to end."""
    return BUSY_SECONDS if name.startswith(WORKERS) else STOP_SECONDS


def _kill(process: subprocess.Popen[bytes]) -> None:
    """With everything it started: a worker's hands would go on with what they have in them, and keep the ports."""
    for pid in process_tree(process.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal end what runs inside as `KeyboardInterrupt`, so that `Processes` ends what it started.

    Also where a shell started us with Ctrl-C switched off.
    """
    before = {number: signal.signal(number, _interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _deaf() -> Iterator[None]:
    """Whoever presses Ctrl-C again while processes end waits for them: left alone, they would keep their ports, and nothing could start again."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def mock_bank(
    *,
    api: str,
    admin: str,
    data: Path,
    seed: int,
    api_key: str,
    accounts: Path | None = None,
    clock: str | None = None,
    latency: float = 0.0,
) -> list[str]:
    """The command line of the mock bank; `accounts` and `clock` are for new books, `latency` is seconds per answer."""
    command = ["-m", "mockbank", "--port", _port(api), "--admin-port", _port(admin), "--data", str(data)]
    command += ["--seed", str(seed), "--api-key", api_key, "--latency", str(latency)]
    command += ["--accounts", str(accounts)] if accounts else []
    command += ["--clock", clock] if clock else []
    return command


def _port(base: str) -> str:
    return base.rpartition(":")[2]


def web(port: str) -> list[str]:
    """The command line of the web process."""
    return [
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        port,
        "--workers",
        "1",
        "--blocking-threads",
        "8",
        "config.wsgi:application",
    ]


def worker(*, name: str, concurrency: int, queue: str | None = None) -> list[str]:
    """The command line of a Celery worker, of one queue or of all."""
    return [
        "-m",
        "celery",
        "-A",
        "config.celery",
        "worker",
        "--loglevel",
        "WARNING",
        "--concurrency",
        str(concurrency),
        "-n",
        f"{name}@%h",
        "--without-gossip",
        "--without-mingle",
        *(["-Q", queue] if queue else []),
    ]


def beat() -> list[str]:
    """The command line of the clock that lets the sweeper look for work. It keeps no file: one of last week would say what is due today."""
    return [
        "-m",
        "celery",
        "-A",
        "config.celery",
        "beat",
        "--loglevel",
        "WARNING",
        "--scheduler",
        "celery.beat:Scheduler",
        "--pidfile",
        "",
    ]
