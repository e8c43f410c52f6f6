"""The clock stood still since July 2024: the real beat and worker make every missed report once, though both are killed and two clocks run."""

from collections.abc import Iterator

import pytest

from config.demo import processes
from tests.e2e.conftest import new_sandbox
from tests.e2e.paying_run import PayingRun, paying_month, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

PATIENCE_SECONDS = 900  # a tick a minute, and some forty reports on a busy machine
MISSED = """
SELECT count(*) FROM staff_administrativeunit u, (VALUES ('MONTH', date '2024-07-31'), ('QUARTER', date '2024-09-30')) AS period (kind, to_on)
WHERE u.kind IN ('COMMUNE', 'DISTRICT', 'PROVINCE') AND (u.valid_from IS NULL OR u.valid_from <= period.to_on)
  AND (u.valid_to IS NULL OR u.valid_to > period.to_on)
"""
MADE = "SELECT count(*) FROM reconciliation_reportrun WHERE snapshot_id IS NOT NULL"
ONCE = """
SELECT (SELECT count(*) FROM reconciliation_reportrun), (SELECT count(DISTINCT (kind, unit_id, to_on)) FROM reconciliation_reportrun),
       (SELECT count(*) FROM reconciliation_reportsnapshot), (SELECT count(*) FROM reconciliation_reportrun WHERE problem <> '')
"""
AGAIN = """
from reconciliation.services.papers.plan_reports import plan_reports
from staff.services.database_clock import database_now
assert plan_reports(now=database_now()) == 0
"""


class SmallRun(PayingRun):
    """Few people in all the province's units: a report of each, none of them long."""

    def make_list(self) -> None:
        self.command("-m", "config.sample_province", "--out", str(self.sandbox.var / "sample"), "--scale", "0.005")
        self.release_lists()


@pytest.fixture
def stood_still() -> Iterator[PayingRun]:
    """July's lists are released; since then no clock rang, and the day is today."""
    with new_sandbox() as sandbox, paying_month(sandbox, SmallRun, ANSINH_REPORTS_FROM="2024-07-01") as run:
        yield run


def test_each_missed_report_is_made_once(stood_still: PayingRun) -> None:
    run = stood_still
    ((missed,),) = run.sandbox.ask(MISSED)

    run.start_workers()
    wait_until(lambda: run.sandbox.ask(MADE)[0][0] > 0, patience=PATIENCE_SECONDS)
    run.kill("beat")
    run.running.running["worker"].terminate()  # ends the report it is at, as an update of the system lets it
    run.running.running["worker"].wait()
    ((made,),) = run.sandbox.ask(MADE)
    run.start_workers()
    run.running.start("second clock", *processes.beat())
    wait_until(lambda: run.sandbox.ask(MADE)[0][0] == missed, patience=PATIENCE_SECONDS)

    assert 0 < made <= missed
    assert run.sandbox.ask(ONCE) == [(missed, missed, missed, 0)]
    run.command("manage.py", "shell", "-v", "0", "-c", AGAIN)
