"""Whatever is wrong with a statement is found and named, and nothing that is right is doubted (I11)."""

import io
import random
import re

import pytest

from mockbank.camt053 import write_camt053
from mockbank.csv_statement import write_csv
from mockbank.mt940 import write_mt940
from reconciliation.errors import StatementNotAccepted
from reconciliation.models import Discrepancy, Statement, StatementLine, StatementMatch
from reconciliation.services.months.prove import prove_cycle
from reconciliation.services.statements.import_statement import import_statements
from tests.reconciliation.damages import COUNT, DAMAGES, Finding, damage
from tests.reconciliation.paid_month import MONTH, RECEIVED_AT, PaidMonth, Writer

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
    # Only camt.053 says how many entries it has.
    expected = damaged.expected - (set() if write is write_camt053 else {COUNT})
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

    @pytest.mark.parametrize("seed", range(len(DAMAGES)))
    def test_is_found_in_a_message_of_swift_as_well(self, month: PaidMonth, seed: int) -> None:
        _check(month, seed, write=write_mt940)

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", THOROUGH)
    def test_is_found_in_a_message_of_swift_a_thousand_times(self, month: PaidMonth, seed: int) -> None:
        _check(month, seed, write=write_mt940)

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", THOROUGH)
    def test_is_found_in_a_table_a_thousand_times(self, month: PaidMonth, seed: int) -> None:
        _check(month, seed, write=write_csv)


class TestAnotherCurrency:
    """Not a difference to be named: such a statement is refused whole. What the details of a booking say it was ordered in is another matter."""

    @pytest.mark.parametrize("write", [write_camt053, write_mt940, write_csv])
    @pytest.mark.parametrize("seed", range(5))
    def test_anywhere_refuses_the_statement_and_nothing_is_written(
        self, month: PaidMonth, seed: int, write: Writer
    ) -> None:
        whole = month.pages[0].written(write=write)
        places = [found.start() for found in re.finditer(rb'(?<!</Refs><Amt Ccy=")VND', whole)]
        at = random.Random(seed).choice(places)
        content = whole[:at] + b"USD" + whole[at + 3 :]

        with pytest.raises(StatementNotAccepted):
            import_statements(sources=[io.BytesIO(content)], actor=month.checker, now=RECEIVED_AT)

        assert not Statement.objects.exists()
