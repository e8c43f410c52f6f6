"""Services of their own for these tests, in directories that any account may enter, ended whatever happens."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.embedded.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def small_and_not_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANSINH_ENV", raising=False)
    monkeypatch.setenv("ANSINH_PG_SHARED_BUFFERS", "32MB")
    monkeypatch.setenv("ANSINH_PG_MAX_WAL_SIZE", "128MB")


@pytest.fixture
def checkout() -> Iterator[Callable[..., Path]]:
    """Makes the `var` directory of one more pretended checkout."""
    made: list[Path] = []

    def make(*, below: str = "", mode: int = 0o755) -> Path:
        place = Path(tempfile.mkdtemp(prefix="an-sinh-test-"))
        place.chmod(mode)
        made.append(place)
        var_dir = place / below / "var"
        var_dir.mkdir(parents=True)
        return var_dir

    yield make
    for place in made:
        for var_dir in place.rglob("postgres.json"):
            main(["remove", "--var", str(var_dir.parent)])
        for var_dir in place.rglob("redis.socket"):
            main(["remove", "--var", str(var_dir.parent)])
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def var_dir(checkout: Callable[..., Path]) -> Path:
    return checkout()


@pytest.fixture
def command() -> Command:
    """Runs `python -m config.embedded …` in a process of its own, and waits until its output is closed."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "config.embedded", *arguments],
            cwd=ROOT,
            env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
