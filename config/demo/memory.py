"""The most memory each process of the demo ever held, as the kernel counted it."""

import os
from collections.abc import Mapping
from pathlib import Path

from config.embedded.homes import home_of
from config.embedded.processes import servants_of

PROC = Path("/proc")


def process_tree(pid: int) -> list[int]:
    """`pid` and everything it started that still runs, parents first; `pid` alone on a system without /proc."""
    tree = [pid]
    for parent in tree:
        for children in PROC.glob(f"{parent}/task/*/children"):
            tree += [int(child) for child in _read(children).split()]
    return tree


def peak_bytes(pid: int) -> int:
    """Peak resident memory of one process (VmHWM, which counts shared pages too); 0 if it ended or cannot be told."""
    for line in _read(PROC / str(pid) / "status").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def largest_peaks(*, started: Mapping[str, int], var: Path) -> dict[str, int]:
    """By name, the peak in bytes of the largest single process: of each tree in `started` (name → process id), the embedded
    services under `var`, and this process. Those that cannot be told are left out."""
    pids = {name: process_tree(pid) for name, pid in started.items()}
    for name, service, program in (("PostgreSQL", "pg", "postgres"), ("Redis", "redis", "redis-server")):
        pids[name] = servants_of(directory=home_of(service=service, var_dir=var.resolve()).data, program=program)
    pids["demo"] = [os.getpid()]
    peaks = {name: max(map(peak_bytes, tree), default=0) for name, tree in pids.items()}
    return {name: peak for name, peak in peaks.items() if peak}


def _read(path: Path) -> str:
    """The file's text, empty when its process has just ended."""
    try:
        return path.read_text()
    except OSError:
        return ""
