"""A month closes when everything in it is explained or carried forward by name, takes nothing in after, and opens by decision only."""

import random
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from payments.models import FundingAccount, LedgerAccount, Payment
from payments.services.ledger.journal import book
from reconciliation.errors import (
    EarlierPeriodIsOpen,
    LaterPeriodIsClosed,
    PeriodIsClosed,
    PeriodIsOpen,
    PeriodNotCovered,
    PeriodNotExplained,
)
from reconciliation.models import Discrepancy, PeriodStep, StatementMatch
from reconciliation.services.differences.discrepancies import book_entry
from reconciliation.services.lines.match_by_hand import undo_match
from reconciliation.services.months.close_period import ReopeningDecision, close_period, reopen_period
from reconciliation.services.months.periods import require_open
from staff.errors import NotAllowed
from staff.models import User
from tests.reconciliation.damages import charge_taken
from tests.reconciliation.paid_month import MONTH, RECEIVED_AT, PaidMonth

DECISION = ReopeningDecision(
    number="15/QĐ-UBND", decided_on=date(2024, 9, 12), signer="Nguyễn Văn Chủ", reason="Ngân hàng gửi bổ sung."
)


def close(month: PaidMonth, *, carried: dict[int, str] | None = None, of: date = MONTH) -> PeriodStep:
    account = FundingAccount.objects.get()
    return close_period(account=account, month=of, carried=carried or {}, actor=month.checker, now=RECEIVED_AT)


def reopen(month: PaidMonth, *, actor: User | None = None) -> PeriodStep:
    releaser = actor or User.objects.get(username="releaser")
    return reopen_period(
        account=FundingAccount.objects.get(), month=MONTH, decision=DECISION, actor=releaser, now=RECEIVED_AT
    )


@pytest.fixture
def charge(month: PaidMonth) -> Discrepancy:
    first, second, _ = charge_taken(*month.pages, random.Random(1))
    month.receive(first, second)
    return Discrepancy.objects.get()


def _book_one_dong(*, on: date) -> bool:
    account = FundingAccount.objects.get()
    amounts = {"FUNDS": 1, "ALLOTTED": -1}
    return book(source="x", description="x", funding_account=account, amounts=amounts, booked_on=on, now=RECEIVED_AT)


class TestClosing:
    def test_refuses_while_something_is_unexplained_and_names_it(self, month: PaidMonth, charge: Discrepancy):
        with pytest.raises(PeriodNotExplained) as refusal:
            close(month)

        assert refusal.value.conflicts == [str(charge.pk)]

    def test_carries_forward_by_name_and_with_a_reason(self, month: PaidMonth, charge: Discrepancy):
        close(month, carried={charge.pk: "Ngân hàng trả lời trong tháng 9."})

        step = charge.steps.get()
        assert (step.kind, step.due_on) == ("CARRIED", MONTH)
        charge.refresh_from_db()
        assert charge.status == "OPEN"

    def test_a_blank_reason_carries_nothing(self, month: PaidMonth, charge: Discrepancy):
        with pytest.raises(PeriodNotExplained):
            close(month, carried={charge.pk: "  "})

    def test_needs_the_statement_of_the_last_day(self, month: PaidMonth):
        month.receive(month.pages[0])

        with pytest.raises(PeriodNotCovered):
            close(month)

    def test_is_the_accountants_right(self, month: PaidMonth):
        month.receive(*month.pages)

        with pytest.raises(NotAllowed):
            close_period(
                account=FundingAccount.objects.get(), month=MONTH, carried={}, actor=month.maker, now=RECEIVED_AT
            )

    def test_frees_what_no_payment_needs(self, month: PaidMonth):
        month.receive(*month.pages)

        close(month)

        reserved = LedgerAccount.objects.get(kind="RESERVED")
        assert sum(reserved.postings.values_list("amount", flat=True)) == 0
        assert Payment.objects.filter(status="CANCELLED").exists()


class TestClosed:
    def test_takes_no_statement_no_match_and_no_entry(self, month: PaidMonth):
        month.receive(*month.pages)
        close(month)
        late = replace(month.pages[1], sequence=3, lines=(replace(month.pages[1].lines[0], id="x", end_to_end_id="x"),))

        with pytest.raises(PeriodIsClosed), transaction.atomic():
            month.receive(late)
        with pytest.raises(PeriodIsClosed), transaction.atomic():
            match = StatementMatch.objects.filter(kind="DEBIT").first()
            assert match
            undo_match(match=match, actor=month.checker, reason="x", now=RECEIVED_AT)

    def test_the_database_refuses_an_entry_whoever_writes_it(self, month: PaidMonth):
        month.receive(*month.pages)
        close(month)

        with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
            _book_one_dong(on=date(2024, 8, 30))

    def test_nothing_goes_into_a_month_before_either(self, month: PaidMonth):
        """July was never used, so nobody closed it; money put into it now would change what August began with."""
        month.receive(*month.pages)
        close(month)
        account = FundingAccount.objects.get()
        with pytest.raises(PeriodIsClosed):
            require_open(account=account, day=date(2024, 7, 28))
        with pytest.raises(IntegrityError, match="the month is closed"), transaction.atomic():
            _book_one_dong(on=date(2024, 7, 28))
        require_open(account=account, day=date(2024, 9, 1))
        assert _book_one_dong(on=date(2024, 9, 1))

    def test_can_not_be_closed_twice(self, month: PaidMonth):
        month.receive(*month.pages)
        close(month)

        with pytest.raises(PeriodIsClosed):
            close(month)


class TestReopening:
    def test_needs_a_closed_month(self, month: PaidMonth):
        with pytest.raises(PeriodIsOpen):
            reopen(month)

    def test_keeps_the_decision_and_lets_work_go_on(self, month: PaidMonth, charge: Discrepancy):
        close(month, carried={charge.pk: "Chờ"})

        step = reopen(month)
        book_entry(
            discrepancy_id=charge.pk, kind=StatementMatch.Kind.CHARGE, note="Phí", actor=month.checker, now=RECEIVED_AT
        )
        close(month)

        assert (step.decision_number, step.decision_signer) == (DECISION.number, DECISION.signer)
        assert list(PeriodStep.objects.order_by("ordinal").values_list("kind", flat=True)) == [
            "CLOSED",
            "REOPENED",
            "CLOSED",
        ]

    def test_is_not_the_accountants_own_word(self, month: PaidMonth):
        month.receive(*month.pages)
        close(month)

        with pytest.raises(NotAllowed):
            reopen(month, actor=month.checker)


class TestTheOrderOfMonths:
    """A month begins with what the one before ended with."""

    def _earlier(self, month: PaidMonth) -> None:
        book(
            source="x", description="x", funding_account=FundingAccount.objects.get(), amounts={"FUNDS": 1, "ALLOTTED": -1},
            booked_on=date(2024, 6, 30), now=RECEIVED_AT,
        )  # fmt: skip

    def test_none_closes_before_an_earlier_one_in_which_something_was_booked(self, month: PaidMonth):
        month.receive(*month.pages)
        self._earlier(month)

        with pytest.raises(EarlierPeriodIsOpen) as refusal:
            close(month)
        assert refusal.value.conflicts == ["TKCT-971/2024-06"]

        close(month, of=date(2024, 6, 1))
        close(month)

    def test_none_reopens_before_the_later_one(self, month: PaidMonth):
        month.receive(*month.pages)
        self._earlier(month)
        close(month, of=date(2024, 6, 1))
        close(month)

        with pytest.raises(LaterPeriodIsClosed) as refusal:
            reopen_period(
                account=FundingAccount.objects.get(), month=date(2024, 6, 1), decision=DECISION,
                actor=User.objects.get(username="releaser"), now=RECEIVED_AT,
            )  # fmt: skip
        assert refusal.value.conflicts == ["TKCT-971/2024-08"]
