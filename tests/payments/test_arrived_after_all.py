"""What a letter says to have arrived ties out: in the proof, in the report, on nobody's list of the unpaid; and what ends it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from banks.files_fake import FakeFiles
from payments.models import FundingAccount, Payment
from payments.services.files import send_files
from payments.services.learning.confirm import confirm_unpaid
from payments.services.learning.contradictions import contradict
from payments.services.learning.learn import fetch_states
from payments.services.sending.send import send_ready_payments
from payments.states import Cause
from reconciliation.models import Discrepancy
from reconciliation.reports.rolls.unpaid import unpaid_roll
from reconciliation.services.months.prove import prove_cycle
from tests.payments.province import AUGUST
from tests.payments.test_findings import ARRIVED
from tests.payments.test_findings import Office as Letters
from tests.payments.test_shown_debited import Office


@pytest.fixture
def office(province, bank, clock) -> Office:
    """750,000 đ with the bank, which has not said yet what became of it."""
    payments = province.pay_through_accounts(2, bank=bank)
    send_ready_payments(bank=bank, clock=clock)
    fetch_states(bank=bank, now=clock())
    payments[0].refresh_from_db()
    return Office(province, bank, clock, payments[0])


def arrive(office: Office) -> None:
    letters = Letters(office.province, office.clock, None, office.payment)
    letters.put(outcome=ARRIVED)
    letters.confirm()
    office.payment.refresh_from_db()


class TestFigures:
    @pytest.mark.parametrize("debited_first", [True, False])
    def test_proof_and_lists_say_paid(self, office, debited_first):
        steps = [lambda: office.statement(-750_000), office.fail]
        for step in steps if debited_first else reversed(steps):
            step()
        unit = office.province.units["97"]
        before = unpaid_roll(unit=unit, month=AUGUST, now=office.clock())
        arrive(office)
        office.statement()

        proof = prove_cycle(month=AUGUST)
        account = [line for line in proof.differences if "TK-971" in line and "phủ đến" not in line]
        assert (office.payment.status, account) == ("POSTED", [])
        assert not Discrepancy.objects.filter(status="OPEN").exists()
        assert {line.name: line.people for line in proof.lines}["Đã trả qua tài khoản"] == 1
        after = unpaid_roll(unit=unit, month=AUGUST, now=office.clock())
        assert len(before.cells) - len(after.cells) == 1


class TestWhatEndsIt:
    def test_no_bank_that_changes_its_mind_once_more(self, office, bank, clock):
        """It failed, was paid again on another list, and arrived after all by the letter: what would pay it twice is never set free."""
        office.fail()
        assert confirm_unpaid(bank=bank, now=clock()) == 1
        office.again()
        contradict(payment_ids=[office.payment.pk], reason="BANK_CONTRADICTS", now=clock())
        arrive(office)

        assert (office.payment.status, confirm_unpaid(bank=bank, now=clock())) == ("FAILED", 0)
        with pytest.raises(IntegrityError, match="found that it arrived"), transaction.atomic():
            Payment.objects.filter(pk=office.payment.pk).update(confirmed_at=clock())

    def test_the_bank_s_own_return_and_the_person_is_paid_again(self, province, bank, clock):
        files = FakeFiles(now=clock)
        FundingAccount.objects.update(sends_by="FILE")
        payments = province.pay_through_accounts(2, bank=bank)
        send_files(bank=files, clock=clock)
        files.report(reject=frozenset({payments[0].end_to_end_id}))
        send_files(bank=files, clock=clock)
        letters = Letters(province, clock, files, payments[0])
        letters.told()
        letters.put(outcome=ARRIVED)
        letters.confirm()
        Payment.objects.filter(pk=payments[0].pk).apply(
            Cause.BANK_RETURNED, now=clock(), returned_on=date(2024, 8, 9), return_code="account_closed"
        )

        assert letters.freed() == 1


@pytest.mark.parametrize("held_for", ["account_key_missing", "account_number_altered", "removal_slip"])
def test_what_is_held_for_more_than_a_contradiction_stays_held_for_it(province, bank, clock, held_for):
    """Once the contradiction is answered, the payment would go out to a number nobody can open, or past its slip."""
    (payment,) = province.pay_through_accounts(1, bank=bank)
    Payment.objects.filter(pk=payment.pk).update(hold_code=held_for)

    contradict(payment_ids=[payment.pk], reason="BANK_CONTRADICTS", now=clock())

    assert Payment.objects.get().hold_code == held_for
