"""Spark, where one machine is outgrown, gives the links DuckDB gives."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from beneficiaries.linkage import second
from beneficiaries.linkage.engine import load_model
from beneficiaries.linkage.second.settings import POPULATION_NAME
from tests.beneficiaries.linkage_world import population_of, registry_of, resident, typed

pytest.importorskip("pyspark", reason="Spark is not installed: pip install -r requirements-spark.txt")
from benches.matching.spark import NO_JAVA, local_session
from beneficiaries.linkage.second.spark import Spark

pytestmark = [pytest.mark.slow, pytest.mark.skipif(shutil.which("java") is None, reason=NO_JAVA)]
EXTRACT = [resident(nth) for nth in range(1, 121)]
SLIP = resident(9)["number"] + 1
ROWS = [
    typed(1), typed(2, number=None), typed(3, name="Kiều Thị Xuyến", birth_date=None, birth_year=1999), typed(9, number=SLIP),
    typed(5, row=200, number=None, name="Y Bhăm Niê", birth_date=None, birth_year=1931), typed(7), typed(7, row=201), typed(8, unit=9),
]  # fmt: skip


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    made = local_session()
    yield made
    made.stop()


class TestSpark:
    @pytest.mark.timeout(1800)  # most of it is the JVM's start; a busy machine takes its time over that
    def test_links_as_duckdb_does(self, session: Any) -> None:
        registry, population = registry_of(ROWS, near=[(SLIP, SLIP - 1)]), population_of(EXTRACT)
        here = second.link(registry, population, load_model())
        there = second.link(registry, population, load_model(), backend=Spark(session))
        assert there.decisions.equals(here.decisions)
        assert there.candidates.equals(here.candidates)
        assert set(there.decisions["band"]) == {"AUTO", "REVIEW", "NONE"}

    @pytest.mark.timeout(1800)
    def test_takes_other_tables_of_the_same_name_in_one_session(self, session: Any) -> None:
        for size in (3, 2):
            Spark(session).register(population_of(EXTRACT[:size]).people, POPULATION_NAME)
            assert session.table(POPULATION_NAME).count() == size
