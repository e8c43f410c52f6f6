"""The first command of the README, on a fresh clone: what is not committed, not pinned or not installed shows here."""

import os
import subprocess

import pytest

from tests.e2e.conftest import new_sandbox
from tests.e2e.sandbox import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
INSTALL_AND_RUN_SECONDS = 1200
OURS = ("VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS", "DJANGO_SETTINGS_MODULE")


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone itself")
def test_make_demo_works_in_a_fresh_clone():
    with new_sandbox() as sandbox:
        clone = sandbox.var.parent / "clone"
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True, timeout=120)
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("ANSINH_", "BANK_", *OURS))
        }

        made = subprocess.run(
            ["make", "demo", "SCALE=0.02"],
            cwd=clone,
            env=environment | {"ANSINH_PG_SHARED_BUFFERS": "128MB"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INSTALL_AND_RUN_SECONDS,
            check=False,
        )
        report = list((clone / "var" / "demo").glob("bao-cao-*.pdf"))
        left = subprocess.run(
            ["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True
        ).stdout
        subprocess.run(["make", "stop"], cwd=clone, env=environment, check=True, capture_output=True, timeout=120)

        assert made.returncode == 0, made.stdout + made.stderr
        assert len(report) == 1
        assert left == ""
