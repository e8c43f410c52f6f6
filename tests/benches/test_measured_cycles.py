"""What measures whole cycles must itself hold: a few people, from the list to the closed month."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS = 300


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=MOST_SECONDS, check=False)


@pytest.mark.slow
class TestMeasuredCycles:
    def test_of_files_ends_proven_and_closed(self) -> None:
        ended = run("benches.files", "--people", "30", "40", "--api", "3")

        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert ended.stdout.count("proven: ") == ended.stdout.count("close the month") == 2
        assert "processor time per payment at 40 / at 30" in ended.stdout

    def test_of_statements_measures_every_budget(self) -> None:
        ended = run("benches.reconciliation", "--entries", "200", "--growth", "400", "--rounds", "1")

        assert ended.returncode in (0, 1), ended.stderr  # at this size the ratios say nothing
        assert ended.stdout.count("budget") == 5
