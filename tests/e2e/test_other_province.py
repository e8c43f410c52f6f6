"""A province of another seed and scale ends at its own figures, also when the demo has run here before."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e import oracles
from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def second_demo(sandbox: Sandbox) -> subprocess.CompletedProcess[str]:
    """Seed 7 at a tenth, in a place where a smaller province was paid before."""
    first = sandbox.run("manage.py", "demo", "--scale", "0.02")
    assert first.returncode == 0, first.stderr
    return sandbox.run("manage.py", "demo", "--scale", "0.1", "--seed", "7", seconds=500)


@pytest.fixture(scope="module")
def sample(sandbox: Sandbox, second_demo: subprocess.CompletedProcess[str]) -> Path:
    return sandbox.var / "sample" / "7-0.1"


def test_the_demo_works_a_second_time(second_demo: subprocess.CompletedProcess[str]):
    assert second_demo.returncode == 0, second_demo.stderr
    assert "Traceback" not in second_demo.stdout + second_demo.stderr


def test_its_figures_are_those_recomputed_without_the_product(sandbox: Sandbox, sample: Path, tmp_path: Path):
    recomputed = oracles.recomputed(sandbox, sample=sample, scratch=tmp_path)

    assert oracles.headline_of_report(oracles.report_of(sandbox)) == recomputed
    assert recomputed == oracles.headline_of_truth(oracles.truth_of(sample))


def test_its_reasons_communes_and_programmes_are_those_of_its_truth(sandbox: Sandbox, sample: Path):
    truth, figures = oracles.truth_of(sample), oracles.report_of(sandbox)

    assert oracles.gap_of_report(figures) == truth["not_paid_through_account"]
    assert oracles.communes_of_report(figures) == truth["communes"]
    assert oracles.programmes_of_report(figures) == oracles.programmes_of_truth(truth)


def test_the_bank_saw_the_transfers_the_truth_has(sandbox: Sandbox, sample: Path):
    assert oracles.outcomes_in_books(sandbox.books) == oracles.outcomes_in_truth(oracles.truth_of(sample))
