"""A folder that any account may enter, since root's database runs as another; its services end whatever happens."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.embedded.__main__ import main
from tests.e2e.sandbox import FOREIGN, SMALL, Sandbox


@contextmanager
def new_sandbox() -> Iterator[Sandbox]:
    """A place of its own for one run."""
    place = Path(tempfile.mkdtemp(prefix="an-sinh-e2e-"))
    place.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SMALL.items():
            patch.setenv(name, value)
        for name in FOREIGN:
            patch.delenv(name, raising=False)
        try:
            yield Sandbox(var=place / "var")
        finally:
            main(["remove", "--var", str(place / "var")])
            shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One per file of tests: a run is made once and looked at from many sides."""
    with new_sandbox() as made:
        yield made
