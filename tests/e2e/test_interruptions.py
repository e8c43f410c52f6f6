"""kill -9 in the middle of paying: whatever dies, the bank's own books show every transfer once, and the month is proven."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from config.embedded.postgres import ensure_postgres
from config.embedded.redis import ensure_redis
from tests.e2e import oracles
from tests.e2e.conftest import new_sandbox
from tests.e2e.paying_run import PayingRun, paying_month

pytestmark = pytest.mark.slow

MIDDLE = 120
OUTAGE_SECONDS = 3
CARRIED = """
SELECT p.end_to_end_id, sum(e.amount)::bigint FROM payments_payment p
JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN payments_entitlement e ON e.payment_id = p.id
WHERE b.channel = 'ACCOUNT' AND p.status NOT IN ('CANCELLED', 'DRAFT') GROUP BY p.end_to_end_id
"""


@pytest.fixture
def paying() -> Iterator[PayingRun]:
    """A month of which the bank has taken the first transfers, and the rest are on their way."""
    with new_sandbox() as sandbox, paying_month(sandbox) as run:
        run.start_workers()
        run.wait_until_orders(MIDDLE)
        yield run


def assert_everything_was_paid_once(run: PayingRun) -> None:
    """By the bank's books: each released transfer ordered, debited at most once ever, with the amount of its entitlements."""
    carried = dict(run.sandbox.ask(CARRIED))
    debited, kept = oracles.debits(run.sandbox.books), oracles.live_debits(run.sandbox.books)
    assert max(Counter(debited).values()) == 1
    assert oracles.ordered(run.sandbox.books) == set(carried)
    assert kept == {reference: [carried[reference]] for reference in kept}


class TestKilledInTheMiddleOfPaying:
    def test_a_worker_that_is_started_again_pays_the_rest_and_nothing_twice(self, paying: PayingRun):
        paying.kill("worker")
        left = paying.open_payments()

        paying.start_worker()
        paying.wait_until_final()
        paying.step("finish")

        assert left > MIDDLE
        assert_everything_was_paid_once(paying)

    def test_a_worker_killed_three_times_still_pays_each_once(self, paying: PayingRun):
        for more in (80, 160, 240):
            paying.wait_until_orders(MIDDLE + more)
            paying.kill("worker")
            paying.start_worker()
        paying.wait_until_final()
        paying.step("finish")

        assert_everything_was_paid_once(paying)

    def test_the_database_comes_back_and_knows_what_it_had_promised(self, paying: PayingRun):
        paying.kill_postgres()
        time.sleep(OUTAGE_SECONDS)

        ensure_postgres(paying.sandbox.var)
        paying.wait_until_final()
        paying.step("finish")

        assert_everything_was_paid_once(paying)

    def test_the_bank_comes_back_with_its_books(self, paying: PayingRun):
        paying.kill("bank")
        time.sleep(OUTAGE_SECONDS)

        paying.start_bank()
        paying.wait_until_final()
        paying.step("finish")

        assert_everything_was_paid_once(paying)

    def test_the_broker_may_lose_every_message(self, paying: PayingRun):
        paying.kill_redis()
        time.sleep(OUTAGE_SECONDS)

        ensure_redis(paying.sandbox.var)
        paying.wait_until_final()
        paying.step("finish")

        assert_everything_was_paid_once(paying)
