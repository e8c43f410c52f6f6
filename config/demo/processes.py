"""The demo's processes: the mock bank, the web process, the workers. All end with the demo."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import requests

from config.environment import ROOT

START_SECONDS = 180  # a busy machine takes its time; what does not start says so by ending
STOP_SECONDS = 20
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
            for process in reversed(self.running.values()):
                process.terminate()
            for process in self.running.values():
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

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


@contextmanager
def _deaf() -> Iterator[None]:
    """Whoever presses Ctrl-C again while processes end waits for them: left alone, they would keep their ports, and nothing could start again."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
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
