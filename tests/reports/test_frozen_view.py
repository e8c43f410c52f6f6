"""Figures of one report are of one moment and of one unit, whoever writes meanwhile."""

from threading import Thread

import pytest
from django.db import connection, transaction

from reconciliation.models import ReportSnapshot
from reconciliation.reports import snapshot as snapshots
from reconciliation.reports.counting import Counted
from reconciliation.reports.snapshot import count_figures, take_snapshot
from tests.reports.world import JULY, NOW, QUARTER, World, found_world


def paid_world() -> World:
    world = found_world()
    for commune in (0, 1):
        enrolment = world.person(commune=commune)
        world.pay(enrolment, JULY, account=world.account(enrolment.beneficiary))
    world.play()
    return world


def in_another_session(work: object) -> None:
    """Run `work` and commit it, as somebody else would."""

    def run() -> None:
        try:
            work()  # type: ignore[operator]
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.usefixtures("committed_db")
class TestOneMoment:
    def test_a_person_enrolled_while_the_report_is_counted_is_in_none_of_its_figures(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = paid_world()
        count = snapshots.count_everything

        def count_and_be_overtaken(**given: object) -> Counted:
            counted = count(**given)  # type: ignore[arg-type]  # passed through
            in_another_session(lambda: world.account(world.person().beneficiary))
            return counted

        monkeypatch.setattr(snapshots, "count_everything", count_and_be_overtaken)
        figures = take_snapshot(unit=world.province, now=NOW, **QUARTER).figures

        steps = figures["opening"].values()
        asked = ("NEEDED", "REQUESTED", "OPENED", "VERIFIED", "REFUSED", "CASH_CHOSEN", "NOT_REACHED")
        assert figures["headline"]["beneficiaries"] == 2
        assert sum(step[key] for step in steps for key in asked) == 2
        assert count_figures(unit=world.province, kind="QUARTER", **QUARTER)["headline"]["beneficiaries"] == 3
        assert ReportSnapshot.objects.count() == 1

    def test_it_is_not_counted_inside_a_transaction_that_has_another_view(self) -> None:
        world = found_world()
        with transaction.atomic(), pytest.raises(RuntimeError):
            take_snapshot(unit=world.province, now=NOW, **QUARTER)


@pytest.mark.django_db
class TestOneUnit:
    def test_people_and_accounts_of_other_units_are_not_counted(self) -> None:
        world = paid_world()

        figures = count_figures(unit=world.communes[0], kind="QUARTER", **QUARTER)

        total = figures["headline"]
        assert (total["beneficiaries"], total["accounts"], total["paid_cashless"], total["account_money"]) == (
            1,
            1,
            1,
            500_000,
        )
