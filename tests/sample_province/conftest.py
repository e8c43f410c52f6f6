import csv
from pathlib import Path

import pytest

from config.sample_province.writing import generate


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A province of scale 0.02 with the default seed."""
    out = tmp_path_factory.mktemp("sample") / "small"
    generate(out=out, scale=0.02, seed=2024)
    return out


@pytest.fixture(scope="session")
def middle_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A province of scale 0.15 and another seed: about 4,200 rows, enough to measure rates."""
    out = tmp_path_factory.mktemp("sample") / "middle"
    generate(out=out, scale=0.15, seed=11)
    return out


@pytest.fixture(scope="session")
def truth_rows(middle_sample: Path) -> list[dict[str, str]]:
    """The truth behind every row of the middle province."""
    with (middle_sample / "truth" / "rows.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def extract(middle_sample: Path) -> list[dict[str, str]]:
    """The population extract of the middle province."""
    with (middle_sample / "population" / "dan_cu.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def numbers(extract: list[dict[str, str]]) -> set[str]:
    return {resident["so_dinh_danh"] for resident in extract}
