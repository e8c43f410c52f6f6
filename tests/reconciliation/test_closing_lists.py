"""A list is closed when every payment is final and explained on a statement, and not before."""

from dataclasses import replace

from payments.models import PaymentBatch
from tests.reconciliation.paid_month import PaidMonth


def statuses(channel: str) -> set[str]:
    return set(PaymentBatch.objects.filter(channel=channel).values_list("status", flat=True))


class TestClosing:
    def test_closes_lists_the_statement_explains(self, month: PaidMonth) -> None:
        month.receive(*month.pages)
        assert statuses("ACCOUNT") == {"CLOSED"}

    def test_leaves_a_list_open_while_a_payment_is_not_on_a_statement(self, month: PaidMonth) -> None:
        month.receive(replace(month.pages[0].with_lines(), closing=0, declared=0))
        assert statuses("ACCOUNT") == {"RELEASED"}

    def test_leaves_cash_lists_open_for_the_providers_next_list(self, month: PaidMonth) -> None:
        month.receive(*month.pages)
        assert "CLOSED" not in statuses("CASH")
