"""The first command of the README, on a fresh clone: what is not committed, not pinned or not installed shows here."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import new_sandbox
from tests.e2e.sandbox import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
INSTALL_AND_RUN_SECONDS = 1200
NOT_PASSED_ON = ("ANSINH_", "BANK_", "MAKE", "MFLAGS", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE")


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone itself")
def test_make_demo_works_in_a_fresh_clone():
    with new_sandbox() as sandbox:
        clone = sandbox.var.parent / "clone"
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True, timeout=120)
        ours = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
        environment = ours | {"ANSINH_PG_SHARED_BUFFERS": "128MB"}
        try:
            made = make(clone, "demo", "SCALE=0.02", environment=environment)
        finally:
            make(clone, "stop", environment=environment)
        reports = list((clone / "var" / "demo").glob("bao-cao-*.pdf"))
        changed = subprocess.run(["git", "status", "--porcelain"], cwd=clone, capture_output=True, check=True).stdout

    assert made.returncode == 0, made.stdout + made.stderr
    assert (len(reports), changed) == (1, b"")


def make(clone: Path, *goals: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *goals],
        cwd=clone,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=INSTALL_AND_RUN_SECONDS,
        check=False,
    )
