"""A difference is looked at again: what its line is of was recorded after the statement came."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.models import FundingAccount, TopUp
from reconciliation.errors import NothingExplainsIt
from reconciliation.models import Discrepancy
from reconciliation.services.lines.look_again import look_again
from tests.reconciliation.paid_month import ACCOUNT_ID, RECEIVED_AT, PaidMonth
from tests.reconciliation.test_whose_month import september, unknown

DAY = date(2024, 9, 3)


@pytest.fixture
def arrived(month: PaidMonth) -> Discrepancy:
    """Money from the Treasury that nobody had recorded when the statement came."""
    line = replace(unknown(DAY, reference="CAP-202409-971", amount=50_000), kind="topup")
    month.receive(*month.pages, september(month, line))
    return Discrepancy.objects.get()


def recorded() -> None:
    account = FundingAccount.objects.get(bank_account_id=ACCOUNT_ID)
    TopUp.objects.create(
        funding_account=account, amount=50_000, reference="CAP-202409-971", booked_on=DAY, recorded_at=RECEIVED_AT
    )


def test_it_ends_by_what_was_recorded_since(month: PaidMonth, arrived: Discrepancy) -> None:
    with pytest.raises(NothingExplainsIt):
        look_again(discrepancy_id=arrived.pk, actor=month.checker, now=RECEIVED_AT)
    recorded()

    look_again(discrepancy_id=arrived.pk, actor=month.checker, now=RECEIVED_AT)

    arrived.refresh_from_db()
    assert (arrived.status, arrived.ground) == ("RESOLVED", "FOUND_LATER")


def test_it_waits_for_a_statement_of_the_account_before_it_holds_anything(
    month: PaidMonth, arrived: Discrepancy
) -> None:
    """Whoever takes a statement in holds the account and then the differences: the other way round the two would wait for each other."""
    recorded()
    with CaptureQueriesContext(connection) as done:
        look_again(discrepancy_id=arrived.pk, actor=month.checker, now=RECEIVED_AT)

    held = [query["sql"] for query in done.captured_queries if "FOR UPDATE" in query["sql"]]
    assert ['FROM "payments_fundingaccount"' in held[0], 'FROM "reconciliation_discrepancy"' in held[1]] == [True, True]
