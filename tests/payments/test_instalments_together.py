"""A recovery's ceiling is one of a month: two months drawn together (Tết) give two instalments, a single month one, arrears and what is carried none."""

from datetime import date

import pytest
from django.db import IntegrityError

from banks.transfers import Status
from beneficiaries.models import Decision
from payments.models import Deduction, Payment
from payments.services.learning.confirm import confirm_unpaid
from payments.services.learning.learn import fetch_states
from payments.services.lists.build_lists import build_lists
from payments.services.lists.dry_run import MonthsTogether, dry_run
from payments.services.lists.reissue import reissue
from payments.services.sending.send import send_ready_payments
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import AUGUST, SEPTEMBER, Province
from tests.payments.test_decisions_and_money import take_off_the_lists

LISTED_ON = date(2024, 7, 18)


def recover(province: Province, amount: int, *, coefficient: str = "2.0") -> Decision:
    """At most 150,000 đ a month, of whoever gets 500,000 × the coefficient."""
    enrolment = province.enrol(coefficient=coefficient)
    province.open_account(enrolment.beneficiary)
    return Decision.objects.create(
        enrolment=enrolment, kind="RECOVER", number="15/QĐ", signed_on=date(2024, 7, 1), effective_month=AUGUST,
        amount=amount, monthly_ceiling=min(amount, 150_000),
    )  # fmt: skip


def tried(province: Province, months: int) -> MonthsTogether:
    given = {"unit": province.units["97"], "actor": province.staff["MAKER"], "now": province.clock()}
    return dry_run(month=AUGUST, listed_on=LISTED_ON, months_together=months, **given).together


def build(province: Province, months: int) -> None:
    build_lists(
        month=AUGUST, listed_on=LISTED_ON, pay_on=AUGUST, actor=province.staff["MAKER"], now=province.clock(), months_together=months,
    )  # fmt: skip


class TestInstalments:
    @pytest.mark.parametrize(
        ("months", "owed", "taken"),
        [(1, 900_000, 150_000), (2, 900_000, 300_000), (3, 900_000, 450_000), (2, 200_000, 200_000)],
    )
    def test_are_one_for_each_month_and_never_more_than_is_owed(self, province, months, owed, taken):
        recover(province, owed)
        build(province, months)

        assert (Deduction.objects.get().amount, Payment.objects.get().amount) == (taken, months * 1_000_000 - taken)

    def test_stay_below_the_share_that_may_be_taken(self, province, settings):
        settings.RECOVERY_MAX_PERCENT = 10
        recover(province, 900_000)
        build(province, 2)

        assert Deduction.objects.get().amount == 200_000

    def test_of_a_month_drawn_before_are_not_taken_again(self, province):
        recover(province, 900_000)
        build(province, 2)
        province.build(SEPTEMBER)

        assert [one.amount for one in Deduction.objects.order_by("pk")] == [300_000]

    def test_of_a_month_that_came_back_is_one_with_the_next(self, province):
        recover(province, 900_000)
        build(province, 2)
        take_off_the_lists(AUGUST)
        province.build(SEPTEMBER)

        assert [one.amount for one in Deduction.objects.order_by("pk")] == [300_000, 150_000]

    def test_go_along_when_both_months_are_paid_another_way(self, province, bank, clock):
        recover(province, 900_000)
        build(province, 2)
        province.release_lists(AUGUST, bank=bank)
        send_ready_payments(bank=bank, clock=clock)
        bank.move(bank.taken[0].bank_reference, to=Status.FAILED, return_code="account_closed")
        fetch_states(bank=bank, now=clock())
        confirm_unpaid(bank=bank, now=clock())
        again = reissue(
            month=AUGUST, unit=province.units["97"], to_cash=[Payment.objects.get().pk], actor=province.staff["MAKER"], now=province.clock()
        )  # fmt: skip

        assert again.amount == 1_700_000

    def test_are_told_by_the_dry_run(self, province):
        recover(province, 900_000)

        together = tried(province, 2)
        assert (together.several_instalments, together.several_instalments_amount) == (1, 300_000)
        assert tried(province, 1).several_instalments == 0

    def test_of_months_that_are_not_on_the_payment_are_refused_by_the_database(self, province):
        decision = recover(province, 900_000)
        province.build(AUGUST)
        statement = "INSERT INTO payments_deduction (decision_id, payment_id, amount) SELECT %(decision)s, id, 300000 FROM payments_payment"
        other = Decision.objects.create(
            enrolment=decision.enrolment, kind="RECOVER", number="16/QĐ", signed_on=date(2024, 7, 1), effective_month=AUGUST,
            amount=900_000, monthly_ceiling=150_000,
        )  # fmt: skip

        with pytest.raises(IntegrityError) as refusal:
            run(statement, decision=other.pk)
        assert constraint_of(refusal) == "deduction_rests_on_a_decision_to_recover"
