"""Ask veraPDF, the reference validator of PDF/A and PDF/UA, about files; it runs in a process of its own (`verapdf_process`)."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """What one profile says of one file: `failures` are `{clause, message, where, count}`, `checks` how many single tests were made."""

    file: str
    profile: str
    compliant: bool
    checks: int
    failures: list[dict[str, Any]]


def validate(files: Sequence[Path], *profiles: str) -> list[Verdict]:
    """Every file against every profile ("3a", "3u", "ua1"). Raises CalledProcessError when the validator itself fails."""
    command = [sys.executable, "-m", "tests.documents.verapdf_process", ",".join(profiles), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    return [Verdict(**json.loads(line)) for line in done.stdout.splitlines() if line.startswith("{")]
