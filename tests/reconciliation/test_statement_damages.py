"""Whatever is wrong with a statement is found and named, and nothing that is right is doubted (I11)."""

import pytest

from mockbank.camt053 import write_camt053
from mockbank.csv_statement import write_csv
from reconciliation.models import Discrepancy, StatementLine, StatementMatch
from reconciliation.services.prove import prove_cycle
from tests.reconciliation.damages import COUNT, DAMAGES, Finding, damage
from tests.reconciliation.paid_month import MONTH, PaidMonth, Writer

QUICK, THOROUGH = range(4 * len(DAMAGES)), range(100, 1100)


def _found() -> set[Finding]:
    """What the reader is told: kind, and the payment, the line's reference or the balance it is about."""
    return {(item.kind, _subject(item)) for item in Discrepancy.objects.select_related("payment", "line")}


def _subject(item: Discrepancy) -> str:
    named = item.payment.end_to_end_id if item.payment else item.line.reference if item.line else None
    return item.key.rpartition(":")[2] if named is None else named


def _check(month: PaidMonth, seed: int, *, write: Writer = write_camt053) -> None:
    damaged = damage(month.pages, seed=seed)
    month.receive(*damaged.pages, write=write)
    matched = set(StatementMatch.objects.values_list("line", flat=True))
    doubted = set(Discrepancy.objects.filter(line__isnull=False).values_list("line", flat=True))
    expected = damaged.expected - (
        {COUNT} if write is write_csv else set()
    )  # a table does not say how many rows it has
    assert _found() == expected, f"{damaged.name}, seed {seed}"
    assert matched | doubted == set(StatementLine.objects.values_list("pk", flat=True)), f"{damaged.name}, seed {seed}"


class TestDamagedStatement:
    @pytest.mark.parametrize("seed", QUICK)
    def test_is_found_and_named_and_nothing_is_invented(self, month: PaidMonth, seed: int) -> None:
        _check(month, seed)

    @pytest.mark.parametrize("seed", range(len(DAMAGES)))
    def test_leaves_the_cycle_unproven_unless_the_rest_of_the_line_explains_it(
        self, month: PaidMonth, seed: int
    ) -> None:
        damaged = damage(month.pages, seed=seed)
        month.receive(*damaged.pages)
        assert prove_cycle(month=MONTH).proven is not bool(damaged.expected)

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", THOROUGH)
    def test_is_found_and_named_a_thousand_times(self, month: PaidMonth, seed: int) -> None:
        _check(month, seed)

    @pytest.mark.parametrize("seed", range(len(DAMAGES)))
    def test_is_found_in_a_table_as_well(self, month: PaidMonth, seed: int) -> None:
        _check(month, seed, write=write_csv)

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", THOROUGH)
    def test_is_found_in_a_table_a_thousand_times(self, month: PaidMonth, seed: int) -> None:
        _check(month, seed, write=write_csv)
