"""A person explains a line while a statement of its account is taken in: whoever comes second waits, and the database ends neither (ADR 71)."""

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction

from payments.models import TopUp
from reconciliation.errors import WrongDiscrepancyState
from reconciliation.models import Discrepancy, StatementMatch
from reconciliation.services.differences import discrepancies as about
from reconciliation.services.differences.reevaluate import reevaluate
from reconciliation.services.statements import import_statement
from tests.reconciliation.paid_month import RECEIVED_AT, PaidMonth, make_paid_month
from tests.waiting import beside


@pytest.fixture
def month(committed_db: None, tmp_path: Path) -> PaidMonth:
    """August: money came under a number nobody had recorded, which was recorded since. The second statement has not come yet."""
    month = make_paid_month(tmp_path)
    first = month.pages[0]
    month.receive(first.with_lines(replace(first.lines[0], end_to_end_id="CAP-KHAC"), *first.lines[1:]))
    known = TopUp.objects.get()
    TopUp.objects.create(
        funding_account=known.funding_account, reference="CAP-KHAC", amount=known.amount, booked_on=known.booked_on
    )
    return month


def book_as_interest(month: PaidMonth) -> StatementMatch:
    line = Discrepancy.objects.get(kind="UNEXPECTED_LINE")
    kind = StatementMatch.Kind.INTEREST
    return about.book_entry(discrepancy_id=line.pk, kind=kind, note="Lãi", actor=month.checker, now=RECEIVED_AT)


class TestAPersonsWordAndAStatement:
    def test_the_word_waits_for_a_statement_that_is_about_to_end_the_same_difference(
        self, month: PaidMonth, monkeypatch: pytest.MonkeyPatch
    ):
        """Between its matches and its differences: whoever held the difference, and waited to write a match, would wait for good."""
        begun: list[Future[object]] = []
        with beside() as begin:

            def reevaluate_after_the_word(**given: object) -> None:
                begun.append(begin(lambda: book_as_interest(month)))
                assert not begun[0].done()
                reevaluate(**given)

            monkeypatch.setattr(import_statement, "reevaluate", reevaluate_after_the_word)
            month.receive(month.pages[1])
            with pytest.raises(WrongDiscrepancyState):
                begun[0].result(timeout=60)

        assert Discrepancy.objects.get().ground == "FOUND_LATER"

    def test_a_statement_waits_for_the_word_and_leaves_the_line_to_it(self, month: PaidMonth):
        with beside() as begin:
            with transaction.atomic():
                book_as_interest(month)
                receiving = begin(lambda: month.receive(month.pages[1]))
                assert not receiving.done()
            receiving.result(timeout=60)

        assert Discrepancy.objects.get(kind="UNEXPECTED_LINE").ground == "BOOKED"
