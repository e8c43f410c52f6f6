"""The demo does not call a quarter right that pays other people, or other sums, than the sample was made for."""

import json
from pathlib import Path

import pytest

from config.demo.truth import differences_from_truth

TRUTH = {"beneficiaries": 100, "accounts_opened": 60, "paid_cashless": 58, "account_money": 9_000, "cash_money": 4_000}
HEADLINE = {"beneficiaries": 100, "accounts": 60, "paid_cashless": 58, "account_money": 9_000, "cash_money": 4_000}


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / "truth.json").write_text(json.dumps({"headline": TRUTH}), encoding="utf-8")
    return tmp_path


def test_equal_figures_differ_in_nothing(sample: Path) -> None:
    assert differences_from_truth(headline=HEADLINE, sample=sample) == []


@pytest.mark.parametrize("name", HEADLINE)
def test_every_figure_counts(name: str, sample: Path) -> None:
    (sentence,) = differences_from_truth(headline=HEADLINE | {name: 57}, sample=sample)
    assert "báo cáo 57" in sentence
