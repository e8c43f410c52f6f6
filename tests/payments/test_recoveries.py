"""Recovery by decision: instalments and receipts together take what was decided, and never more; in the books also where no provider's list came."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import DatabaseError, connection, connections
from django.db.models import Sum

from banks.transfers import Status
from beneficiaries.models import Decision, Enrolment
from payments.errors import (
    NotToRecover,
    ReceiptRecorded,
    RecoveryBeingRecorded,
)
from payments.models import (
    Cycle,
    Deduction,
    FundingAccount,
    LedgerAccount,
    Payment,
    PaymentBatch,
    Posting,
    RecoveryReceipt,
)
from payments.services.answers import own_answers
from payments.services.learning.confirm import confirm_unpaid
from payments.services.learning.learn import fetch_states
from payments.services.ledger.journal import book
from payments.services.ledger.recoveries import record_receipt, recoveries_of
from payments.services.ledger.recovery_booking import book_all_recoveries
from payments.services.lists import building
from payments.services.lists.reissue import reissue
from payments.services.sending.send import send_ready_payments
from staff.errors import NotAllowed
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import AUGUST, JULY, SEPTEMBER, Province, make_province

Kind = LedgerAccount.Kind
OCTOBER = date(2024, 10, 1)


@pytest.fixture
def decision(province: Province) -> Decision:
    """Recover 300,000 đ from a person with an account, 200,000 đ a month at most."""
    enrolment = province.enrol()
    province.open_account(enrolment.beneficiary)
    return Decision.objects.create(
        enrolment=enrolment, kind="RECOVER", number="15/QĐ", signed_on=date(2024, 7, 1), effective_month=AUGUST,
        amount=300_000, monthly_ceiling=200_000,
    )  # fmt: skip


@pytest.fixture
def pay_back(province, clock, decision):
    def pay(amount: int, *, number: str = "PT-01", by: str = "CHECKER") -> RecoveryReceipt:
        return record_receipt(
            decision=decision, number=number, amount=amount, received_on=date(2024, 8, 2),
            actor=province.staff[by], now=clock(),
        )  # fmt: skip

    return pay


def while_it_builds(do, *, times: int):
    """Whoever stands at the counter while the list is being made: `do` runs on a connection of its own, right before instalments are written."""
    left = [times]

    def at_the_counter(execute, sql, params, many, context):
        if sql == building.INSERT_DEDUCTIONS and left[0]:
            left[0] -= 1
            with ThreadPoolExecutor(1) as counter:
                counter.submit(lambda: (do(times - left[0]), connections.close_all())).result()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(at_the_counter)


class TestWhileAListIsMade:
    @pytest.fixture
    def province(self, committed_db, clock) -> Province:
        return make_province(clock=clock)

    def test_what_is_paid_back_meanwhile_is_reckoned_with(self, province, decision, pay_back):
        with while_it_builds(lambda time: pay_back(250_000), times=1):
            built = province.build(AUGUST)

        assert (built.payments, Deduction.objects.get().amount, Payment.objects.get().amount) == (1, 50_000, 700_000)

    def test_again_and_again_the_maker_is_told_and_nothing_is_half_done(self, province, decision, pay_back):
        again = while_it_builds(
            lambda time: pay_back([150_000, 50_000, 50_000][time - 1], number=f"PT-{time}"), times=3
        )
        with again, pytest.raises(RecoveryBeingRecorded):
            province.build(AUGUST)

        assert (Cycle.objects.count(), Payment.objects.count(), Deduction.objects.count()) == (0, 0, 0)
        assert province.build(AUGUST).payments == 1


def stands(kind: Kind) -> int:
    return Posting.objects.filter(account__kind=kind).aggregate(total=Sum("amount"))["total"] or 0


def left(province: Province) -> int:
    (recovery,) = recoveries_of(unit=province.units["97"])
    return recovery.left


class TestWhatIsSaid:
    def test_the_next_instalment_and_the_month_it_ends(self, province, decision):
        province.build(AUGUST)
        (recovery,) = recoveries_of(unit=province.units["97"], first=SEPTEMBER)

        assert (recovery.planned, recovery.left, recovery.monthly) == (200_000, 100_000, 100_000)
        assert recovery.last_month(SEPTEMBER) == SEPTEMBER

    def test_a_decision_signed_after_a_lists_day_is_taken_by_the_next(self, province, decision):
        province.build(AUGUST)
        late = dataclasses.replace(
            recoveries_of(unit=province.units["97"], first=SEPTEMBER)[0], signed_on=date(2024, 8, 20)
        )

        assert (late.first_month(SEPTEMBER), late.last_month(SEPTEMBER)) == (OCTOBER, OCTOBER)

    def test_no_instalment_from_whose_right_has_ended(self, province, decision):
        province.build(AUGUST)
        Enrolment.objects.update(ended_month=SEPTEMBER)
        (recovery,) = recoveries_of(unit=province.units["97"], first=SEPTEMBER)

        assert (recovery.left, recovery.monthly, recovery.last_month(SEPTEMBER)) == (100_000, 0, None)

    def test_the_person_is_told_what_arrives_and_why_it_is_less(self, province, decision, clock):
        province.build(AUGUST)
        (answer,) = own_answers(beneficiary=decision.enrolment.beneficiary, now=clock())

        assert (answer.amount, answer.deducted, Payment.objects.get().amount) == (550_000, 200_000, 550_000)
        assert "(750.000 đồng, trừ thu hồi 200.000 đồng, còn 550.000 đồng)" in answer.sentence


class TestAtTheCounter:
    def test_what_was_paid_back_is_not_taken_off_again(self, province, decision, pay_back):
        pay_back(250_000)

        province.build(AUGUST)

        assert Deduction.objects.get().amount == 50_000
        assert (left(province), stands(Kind.OWED_BACK), stands(Kind.COUNTER)) == (0, 50_000, 250_000)

    def test_an_instalment_on_its_way_is_not_paid_back_too(self, province, decision, pay_back):
        province.build(AUGUST)
        with pytest.raises(NotToRecover):
            pay_back(100_001)
        pay_back(100_000)

        assert left(province) == 0

    def test_an_instalment_that_left_nothing_and_may_be_paid_again_still_counts(
        self, province, bank, clock, decision, pay_back
    ):
        """Else the reissue, which takes the same off, would be refused, and the person not paid."""
        province.build(AUGUST)
        (payment,) = province.release_lists(AUGUST, bank=bank)
        province.take_off(payment)

        with pytest.raises(NotToRecover):
            pay_back(300_000)

    def test_an_instalment_that_failed_and_is_not_confirmed_is_not_taken_by_the_next_month_too(
        self, province, bank, clock, decision
    ):
        """Else the reissue, which takes the same off, would be refused, and with it everybody on it."""
        province.build(AUGUST)
        (payment,) = province.release_lists(AUGUST, bank=bank)
        send_ready_payments(bank=bank, clock=clock)
        bank.move(bank.taken[0].bank_reference, to=Status.FAILED, return_code="account_closed")
        fetch_states(bank=bank, now=clock())
        province.build(SEPTEMBER)
        confirm_unpaid(bank=bank, now=clock())

        actor, unit = province.staff["MAKER"], province.units["97"]
        made = reissue(month=AUGUST, unit=unit, to_cash=[payment.pk], actor=actor, now=clock())

        assert made.payments == 1
        assert list(Deduction.objects.order_by("pk").values_list("amount", flat=True)) == [200_000, 100_000, 200_000]
        assert left(province) == 0

    def test_a_receipt_is_counted_once(self, province, decision, pay_back):
        assert pay_back(1_000) == pay_back(1_000)
        with pytest.raises(ReceiptRecorded):
            pay_back(2_000)
        assert (RecoveryReceipt.objects.count(), stands(Kind.COUNTER)) == (1, 1_000)

    def test_is_the_accountants_to_record(self, pay_back):
        with pytest.raises(NotAllowed):
            pay_back(1_000, by="MAKER")

    @pytest.mark.parametrize("amount", [300_001, 10**12])
    def test_the_database_takes_no_more_than_was_decided(self, province, decision, amount):
        insert = (
            "INSERT INTO payments_recoveryreceipt (decision_id, number, amount, received_on, recorded_by_id, recorded_at)"
            " VALUES (%(decision)s, 'X', %(amount)s, '2024-08-01', %(by)s, now())"
        )
        with pytest.raises(DatabaseError) as refusal:
            run(insert, decision=decision.pk, amount=amount, by=province.staff["CHECKER"].pk)
        assert constraint_of(refusal) == "recovered_at_most_what_was_decided"

    def test_a_receipt_is_never_edited_or_removed(self, pay_back):
        pay_back(1_000)
        for statement in ("UPDATE payments_recoveryreceipt SET amount = 1", "DELETE FROM payments_recoveryreceipt"):
            with pytest.raises(DatabaseError):
                run(statement)


def pay(province: Province, month: date, *, bank, clock) -> None:
    """The month's lists, signed, sent and credited."""
    province.build(month)
    province.release_lists(month, bank=bank)
    send_ready_payments(bank=bank, clock=clock)
    bank.post_all()
    fetch_states(bank=bank, now=clock())


def two_debts(province: Province, *, bank, clock) -> None:
    """50.000 đồng of July's list and 70.000 of August's, by two decisions; both are taken off in October."""
    earlier, later = (province.enrol() for _ in range(2))
    for enrolment, month, amount in ((earlier, JULY, 50_000), (later, AUGUST, 70_000)):
        province.open_account(enrolment.beneficiary)
        pay(province, month, bank=bank, clock=clock)
        Decision.objects.create(
            enrolment=enrolment, kind="RECOVER", number=f"QĐ-{amount}", signed_on=clock().date(), effective_month=OCTOBER,
            amount=amount, monthly_ceiling=amount,
        )  # fmt: skip
        clock.advance(days=30)


def owed_by_list() -> dict[int | None, int]:
    """What is owed back (đồng), by the list the entry names."""
    rows = Posting.objects.filter(account__kind=Kind.OWED_BACK).values_list("entry__batch", "amount")
    return {batch: sum(amount for of, amount in rows if of == batch) for batch, _ in rows}


class TestInTheBooks:
    def test_the_night_books_what_no_providers_list_did(self, province, bank, clock, decision):
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        send_ready_payments(bank=bank, clock=clock)
        bank.post_all()
        fetch_states(bank=bank, now=clock())

        for _ in range(2):
            book_all_recoveries(now=clock())

        assert Payment.objects.get().status == "POSTED"
        assert (stands(Kind.OWED_BACK), stands(Kind.RECOVERED)) == (100_000, -100_000)

    def test_an_instalment_settles_its_own_debt_of_several(self, province, bank, clock):
        """Two debts, of July's list and of August's, both taken off on October's: each list's debt is gone, and booking again adds nothing."""
        two_debts(province, bank=bank, clock=clock)
        book_all_recoveries(now=clock())
        owed = owed_by_list()
        pay(province, OCTOBER, bank=bank, clock=clock)
        for _ in range(2):
            book_all_recoveries(now=clock())

        assert sorted(owed.values()) == [50_000, 70_000]
        assert owed_by_list() == dict.fromkeys(owed, 0)

    def test_one_booked_to_another_debts_list_is_put_right_by_a_further_entry(self, province, bank, clock):
        """As it was booked once: one entry of a list that was paid, all of it on one debt's list."""
        two_debts(province, bank=bank, clock=clock)
        book_all_recoveries(now=clock())
        owed = owed_by_list()
        pay(province, OCTOBER, bank=bank, clock=clock)
        (paid,) = PaymentBatch.objects.filter(cycle__month=OCTOBER)
        first = PaymentBatch.objects.get(pk=min(pk for pk in owed if pk))
        account = first.funding_account
        book(
            source=f"instalment:{paid.token}:{account.code}:0", description="Đã giảm trừ", funding_account=account,
            amounts={Kind.RECOVERED: 120_000, Kind.OWED_BACK: -120_000}, booked_on=clock().date(), now=clock(),
            batch=first,
        )  # fmt: skip

        for _ in range(2):
            book_all_recoveries(now=clock())

        assert owed_by_list() == dict.fromkeys(owed, 0)
        assert sum(Posting.objects.filter(account__kind=Kind.RECOVERED).values_list("amount", flat=True)) == 0

    def test_the_nearest_account_keeps_the_debt(self, province, clock, decision):
        """An account of the province, opened first, leaves it to the district that pays."""
        FundingAccount.objects.create(code="TK-0", bank_account_id="fa_97", paying_unit=province.units["97"])

        book_all_recoveries(now=clock())

        (posting,) = Posting.objects.filter(account__kind=Kind.OWED_BACK).select_related("account__funding_account")
        assert posting.account.funding_account.code == "TK-971"

    def test_the_next_month_takes_the_rest(self, province, decision):
        province.build(AUGUST)
        province.build(SEPTEMBER)
        assert list(Deduction.objects.order_by("pk").values_list("amount", flat=True)) == [200_000, 100_000]
        assert left(province) == 0
