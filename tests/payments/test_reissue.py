"""What came back is paid again within the month: once, after a fresh enquiry, another way or into a corrected account."""

import pytest
from django.db import IntegrityError, transaction

from banks.transfers import Status
from beneficiaries.models import BankAccount
from payments.errors import (
    CycleIsClosed,
    NothingToReissue,
)
from payments.models import BankEvent, Cycle, Entitlement, Payment, PaymentBatch
from payments.services.learning.confirm import confirm_unpaid
from payments.services.learning.learn import fetch_states
from payments.services.lists.reissue import find_came_back, reissue
from payments.services.sending.send import send_ready_payments
from payments.services.signing.sign import approve, release, submit
from reconciliation.services.months.prove import prove_cycle
from tests.payments.province import AUGUST, SEPTEMBER


@pytest.fixture
def returned(province, bank, clock) -> Payment:
    """One of two payments of August, 750,000 đ each, that the bank posted, returned, and confirmed so."""
    payments = province.pay_through_accounts(2, bank=bank)
    send_ready_payments(bank=bank, clock=clock)
    back = next(state for state in bank.taken if state.end_to_end_id == payments[0].end_to_end_id)
    bank.post_all()
    fetch_states(bank=bank, now=clock())
    bank.move(back.bank_reference, to=Status.RETURNED, return_code="account_closed")
    learn(bank, clock, payments[0])
    confirm_unpaid(bank=bank, now=clock())
    payments[0].refresh_from_db()
    return payments[0]


@pytest.fixture
def again(province, clock):
    """Ask for the reissue lists of August."""

    def ask(*, to_cash=()):
        return reissue(
            month=AUGUST, unit=province.units["97"], to_cash=to_cash, actor=province.staff["MAKER"], now=clock()
        )

    return ask


def learn(bank, clock, payment):
    """The bank rings once more for a payment that was posted."""
    payment.refresh_from_db()
    BankEvent.objects.create(
        event_id=f"evt_{payment.pk}_{clock()}",
        kind="returned",
        bank_reference=payment.bank_reference,
        sealed=b"",
        received_at=clock(),
    )
    fetch_states(bank=bank, now=clock())


def verify_again(payment):
    """A person looked, and the account is good again."""
    BankAccount.objects.filter(pk=payment.bank_account_id).update(status="VERIFIED", cause="VERIFY", reason="", note="")


class TestWhoIsPaidAgain:
    def test_nobody_before_the_account_is_corrected_or_cash_is_asked_for(self, province, returned, again, clock):
        with pytest.raises(NothingToReissue):
            again()

        rows = find_came_back(month=AUGUST, unit=province.units["97"], now=clock())
        assert [(row.payment_id, row.amount, row.waits_for) for row in rows] == [(returned.pk, 750_000, "ACCOUNT")]

    def test_through_the_account_once_it_is_verified_again(self, returned, again):
        verify_again(returned)

        made = again()

        new = Payment.objects.get(reissues=returned)
        assert (made.payments, made.amount, new.batch.channel) == (1, 750_000, "ACCOUNT")
        assert (new.bank_account_id, new.status, new.batch.sequence) == (returned.bank_account_id, "DRAFT", 1)
        assert new.end_to_end_id != returned.end_to_end_id
        assert Entitlement.objects.get(payment=new).cycle.month == AUGUST

    def test_in_hand_where_it_is_asked_for(self, returned, again):
        again(to_cash=[returned.pk])

        new = Payment.objects.get(reissues=returned)
        assert (new.batch.channel, new.bank_account, new.batch.funding_account) == ("CASH", None, None)

    def test_not_before_the_bank_confirmed_it_afresh(self, returned, again):
        Payment.objects.filter(pk=returned.pk).update(confirmed_at=None)

        with pytest.raises(NothingToReissue):
            again(to_cash=[returned.pk])

    def test_not_of_another_unit(self, province, returned, clock):
        with pytest.raises(NothingToReissue):
            reissue(
                month=AUGUST,
                unit=province.units["972"],
                to_cash=[returned.pk],
                actor=province.staff["MAKER"],
                now=clock(),
            )

    def test_nobody_who_died(self, province, returned, again, clock):
        province.identify(returned.beneficiary, deceased_on=AUGUST)

        with pytest.raises(NothingToReissue):
            again(to_cash=[returned.pk])

        (row,) = find_came_back(month=AUGUST, unit=province.units["97"], now=clock())
        assert row.waits_for == "DEATH"

    def test_nobody_whom_a_person_took_off_the_list(self, province, batch, bank, again, clock):
        stopped = batch.payments.order_by("pk")[0]
        province.take_off(stopped)

        with pytest.raises(NothingToReissue):
            again(to_cash=[stopped.pk])

    def test_not_in_a_closed_cycle(self, province, returned, again, clock):
        Cycle.objects.update(closed_at=clock(), closed_by=province.staff["CHECKER"])

        with pytest.raises(CycleIsClosed):
            again(to_cash=[returned.pk])


class TestOnce:
    def test_asking_twice_puts_nobody_on_two_lists(self, returned, again):
        again(to_cash=[returned.pk])

        with pytest.raises(NothingToReissue):
            again(to_cash=[returned.pk])

        assert Payment.objects.filter(beneficiary=returned.beneficiary).count() == 2

    def test_the_next_month_does_not_carry_what_is_on_a_reissue_list(self, province, returned, again):
        again(to_cash=[returned.pk])

        province.build(SEPTEMBER)

        september = Payment.objects.get(beneficiary=returned.beneficiary, batch__cycle__month=SEPTEMBER)
        assert september.amount == 750_000

    def test_what_the_next_month_carries_is_not_reissued(self, province, returned, again):
        province.build(SEPTEMBER)

        with pytest.raises(NothingToReissue):
            again(to_cash=[returned.pk])

    def test_the_database_refuses_a_second_reissue_and_another_link(self, returned, again):
        again(to_cash=[returned.pk])
        other = Payment.objects.exclude(pk=returned.pk).filter(reissues=None).get()

        with pytest.raises(IntegrityError), transaction.atomic():
            Payment.objects.filter(pk=other.pk).update(reissues=returned)
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentBatch.objects.filter(sequence=1).update(sequence=2)


class TestToTheEnd:
    def test_signed_sent_posted_and_the_month_has_one_answer_per_person(self, province, returned, again, bank, clock):
        verify_again(returned)
        ids = again().batch_ids
        submit(batch_ids=ids, actor=province.staff["MAKER"], now=clock())
        approve(batch_ids=ids, actor=province.staff["CHECKER"], now=clock())
        release(batch_ids=ids, actor=province.staff["RELEASER"], now=clock(), bank=bank)
        send_ready_payments(bank=bank, clock=clock)
        bank.post_all()
        fetch_states(bank=bank, now=clock())

        live = [state for state in bank.taken if state.status is Status.POSTED]
        proof = prove_cycle(month=AUGUST)
        assert (len(bank.taken), len(live)) == (3, 2)
        assert Payment.objects.get(reissues=returned).status == "POSTED"
        assert [(line.name, line.people, line.amount) for line in proof.lines] == [
            ("Đã trả qua tài khoản", 2, 1_500_000)
        ]
        assert all(check.holds for check in proof.checks[1:6])
