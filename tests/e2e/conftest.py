"""A folder that any account may enter, since root's database runs as another; its services end whatever happens."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.__main__ import main
from tests.e2e.sandbox import SMALL, Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One per file of tests: a run is made once and looked at from many sides."""
    place = Path(tempfile.mkdtemp(prefix="an-sinh-e2e-"))
    place.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SMALL.items():
            patch.setenv(name, value)
        patch.delenv("DATABASE_URL", raising=False)
        yield Sandbox(var=place / "var")
        main(["remove", "--var", str(place / "var")])
    shutil.rmtree(place, ignore_errors=True)
