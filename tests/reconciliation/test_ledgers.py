"""Whatever is done in whatever order, every ledger holds exactly what rows explain (I4)."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banks.fake import FakeTransfers
from reconciliation.services.months.free_reserves import free_all_reserves
from tests.payments.province import AUGUST, Clock, make_province, rolled_back
from tests.reconciliation.ledger_days import ACCOUNT, OPS, TOP_UP, Days, explained, ledgers, reserved

STEPS = st.lists(st.tuples(st.sampled_from(OPS), st.integers(0, 5)), min_size=3, max_size=14)
# Most schedules begin by paying somebody, or nothing ever happens.
PAID = [("release", 0), ("release", 0), ("send", 0), ("post", 0), ("learn", 0)]
SCHEDULES = st.tuples(st.sampled_from([[], PAID[:3], PAID]), STEPS).map(lambda parts: [*parts[0], *parts[1]])
QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@pytest.fixture
def days(db: None) -> Iterator[Days]:
    clock = Clock()
    province = make_province(clock=clock)
    for category in ("KTN-NL", "KTN-NL", "KTN-TE"):
        province.open_account(province.enrol(category=category).beneficiary)
    province.build(AUGUST)
    return Days(province, FakeTransfers(balances={ACCOUNT: TOP_UP, "fa_972": 0}, now=clock), clock)


def play(days: Days, schedule: list[tuple[str, int]]) -> None:
    started = days.clock.now
    fresh = FakeTransfers(balances={ACCOUNT: TOP_UP, "fa_972": 0}, now=days.clock)
    with rolled_back():
        world = Days.__new__(Days)
        world.__dict__ |= days.__dict__ | {"bank": fresh, "shown": set(), "balance": 0}
        for op, choice in schedule:
            world.play(op, choice)
            assert ledgers() == explained(), op
        free_all_reserves(now=world.clock())
        held, needed = reserved()
        assert held == needed
        assert free_all_reserves(now=world.clock()) == 0
        assert ledgers() == explained()
    days.clock.now = started


@given(schedule=SCHEDULES)
@settings(max_examples=10, **QUIET)
def test_every_ledger_is_explained_by_rows(days: Days, schedule: list[tuple[str, int]]) -> None:
    play(days, schedule)


@pytest.mark.slow
@given(schedule=SCHEDULES)
@settings(max_examples=60, **QUIET)
def test_every_ledger_is_explained_by_rows_many_times(days: Days, schedule: list[tuple[str, int]]) -> None:
    play(days, schedule)


def test_the_clock_frees_what_stopped_payments_kept_and_only_once(days: Days) -> None:
    for op in ("release", "release", "take_off"):
        days.play(op, 0)
    held, needed = reserved()
    assert held > needed

    assert [free_all_reserves(now=days.clock()) for _ in range(2)] == [held - needed, 0]
