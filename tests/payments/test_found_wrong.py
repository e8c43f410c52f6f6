"""What two people found to have arrived, and did not: taken back by two people with another letter, and then paid once (ADR 48)."""

import io

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from banks.files_fake import FakeFiles
from banks.transfers import Status
from payments.errors.outcomes import (
    FindingMissing,
    FindingNeedsAnother,
    NotContradicted,
    SameLetterAgain,
    ShownDebited,
)
from payments.models import Contradiction, Finding, FundingAccount, JournalEntry, Payment, PaymentBatch, Posting
from payments.services.answers import Outcome, own_answers
from payments.services.files import send_files
from payments.services.learning.confirm import confirm_unpaid
from payments.services.learning.findings import put_finding
from payments.services.learning.learn import fetch_states
from payments.services.lists.reissue import reissue
from payments.services.providers import hand_over, take_results
from payments.services.sending.send import send_ready_payments
from payments.states import Cause
from tests.payments.province import AUGUST
from tests.payments.test_cash_lists import collected, not_collected, workbook
from tests.payments.test_findings import ARRIVED, NOTHING, PNG_OF_ARRIVAL, Office
from tests.payments.test_shown_debited import Office as Statements

STREAM = io.BytesIO()
Image.new("L", (8, 8), 90).save(STREAM, "PNG")
OTHER_LETTER = STREAM.getvalue()


class Letters(Office):
    """The office of findings, with a second letter."""

    def put_back(self, *, by: str = "CHECKER", content: bytes = OTHER_LETTER) -> Finding:
        self.clock.advance(seconds=1)
        actor = self.province.staff[by]
        return put_finding(
            payment_id=self.payment.pk, outcome=NOTHING, content=content, document="30/NH ngày 20/8/2024", actor=actor,
            now=self.clock(),
        )  # fmt: skip

    def take_back(self) -> None:
        self.put_back()
        self.confirm()
        self.payment.refresh_from_db()


@pytest.fixture
def arrived(province, bank, clock) -> Letters:
    """A payment in a file that the bank rejected, contradicted, and found to have arrived."""
    files = FakeFiles(now=clock)
    FundingAccount.objects.update(sends_by="FILE")
    payments = province.pay_through_accounts(2, bank=bank)
    send_files(bank=files, clock=clock)
    files.report(reject=frozenset({payments[0].end_to_end_id}))
    send_files(bank=files, clock=clock)
    clock.advance(minutes=5)
    letters = Letters(province, clock, files, payments[0])
    letters.told()
    letters.put(outcome=ARRIVED)
    letters.confirm()
    letters.payment.refresh_from_db()
    return letters


@pytest.fixture
def asked(province, bank, clock) -> Letters:
    """The same of a bank that can be asked: it said FAILED, then POSTED, and a letter said that it arrived."""
    (payment,) = province.pay_through_accounts(1, bank=bank)
    send_ready_payments(bank=bank, clock=clock)
    bank.move(bank.taken[0].bank_reference, to=Status.FAILED)
    fetch_states(bank=bank, now=clock())
    bank.move(bank.taken[0].bank_reference, to=Status.POSTED)
    assert confirm_unpaid(bank=bank, now=clock()) == 0
    letters = Letters(province, clock, None, payment)
    letters.put(outcome=ARRIVED)
    letters.confirm()
    payment.refresh_from_db()
    assert payment.status == "POSTED"
    return letters


class TestTakenBack:
    def test_by_another_letter_and_the_person_is_paid_once_more_on_a_new_list(self, arrived, province):
        arrived.put_back()
        assert arrived.waiting() == [arrived.payment.pk]
        arrived.confirm()
        arrived.payment.refresh_from_db()
        (answer,) = own_answers(beneficiary=arrived.payment.beneficiary, now=arrived.clock())
        assert (arrived.payment.status, arrived.payment.cause, arrived.payment.credited_on) == (
            "FAILED",
            "FOUND_WRONG",
            None,
        )
        assert (answer.outcome == Outcome.PAID, arrived.waiting()) == (False, [])

        assert arrived.freed() == 1
        given = {
            "month": AUGUST,
            "unit": province.units["97"],
            "actor": province.staff["MAKER"],
            "now": arrived.clock(),
        }
        made = reissue(to_cash=[arrived.payment.pk], **given)
        assert (made.payments, made.amount) == (1, 750_000)

    def test_where_the_bank_can_be_asked_its_fresh_answer_decides(self, asked, bank):
        asked.take_back()
        assert (asked.payment.status, asked.payment.confirmed_at) == ("FAILED", None)
        assert (
            confirm_unpaid(bank=bank, now=asked.clock()) == 0
        )  # it still says POSTED, which is a question for people once more
        assert asked.waiting() == [asked.payment.pk]

    def test_what_the_provider_was_booked_to_have_paid_is_booked_back(self, province, bank, clock):
        province.enrol()
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        batch = PaymentBatch.objects.get()
        clock.advance(days=20)
        hand_over(batch_id=batch.pk, actor=province.staff["CHECKER"], now=clock())
        payment = Payment.objects.get()
        for row in (not_collected(payment), collected(payment)):
            take_results(content=workbook(row), batch_id=batch.pk, actor=province.staff["CHECKER"], now=clock())
            payment.refresh_from_db()
        letters = Letters(province, clock, None, payment)
        letters.put(outcome=ARRIVED)
        letters.confirm()
        letters.take_back()

        entries = JournalEntry.objects.filter(source__startswith="provider-paid").order_by("pk")
        sums = [Posting.objects.get(entry=one, account__kind="PAID_CASH").amount for one in entries]
        assert (sums, letters.payment.status, letters.payment.confirmed_at is not None) == (
            [750_000, -750_000],
            "FAILED",
            True,
        )


class TestNotTakenBack:
    def test_by_the_same_letter_by_one_person_or_by_one_role(self, arrived):
        with pytest.raises(SameLetterAgain):
            arrived.put_back(content=PNG_OF_ARRIVAL)
        arrived.put_back()
        with pytest.raises(FindingNeedsAnother):
            arrived.confirm(by="CHECKER")
        arrived.payment.refresh_from_db()
        assert arrived.payment.status == "POSTED"

    def test_while_a_statement_shows_that_it_left(self, asked, province, bank):
        office = Statements(province, bank, asked.clock, asked.payment)
        office.statement(-750_000)
        asked.put_back()
        with pytest.raises(ShownDebited):
            asked.confirm()
        asked.payment.refresh_from_db()
        assert (asked.payment.status, Contradiction.objects.get().debited_on) == ("POSTED", None)

    def test_when_it_was_the_bank_that_said_paid(self, province, bank, clock):
        (payment,) = province.pay_through_accounts(1, bank=bank)
        send_ready_payments(bank=bank, clock=clock)
        bank.move(bank.taken[0].bank_reference, to=Status.POSTED)
        fetch_states(bank=bank, now=clock())
        letters = Letters(province, clock, None, payment)
        with pytest.raises(NotContradicted):
            letters.put_back()
        with pytest.raises(IntegrityError, match="another letter"), transaction.atomic():
            Payment.objects.filter(pk=payment.pk).apply(Cause.FOUND_WRONG, now=clock())

    @pytest.mark.parametrize("found", [False, True])
    def test_by_plain_sql(self, arrived, found):
        if found:
            arrived.put_back()
        with pytest.raises(IntegrityError, match="another letter"), transaction.atomic():
            Payment.objects.filter(pk=arrived.payment.pk).apply(Cause.FOUND_WRONG, now=arrived.clock())

    def test_by_a_letter_that_waited_when_two_people_decided_by_a_newer_one(self, arrived):
        arrived.put_back()
        arrived.put(outcome=ARRIVED)
        arrived.confirm()
        assert arrived.waiting() == []
        with pytest.raises(FindingMissing):
            arrived.confirm()

        arrived.take_back()
        assert arrived.payment.cause == "FOUND_WRONG"

    def test_by_another_cause_than_the_one_it_moved_by(self, province, bank, clock):
        """Nor does a cause set free what a statement shows: no state is explained anew afterwards."""
        (payment,) = province.pay_through_accounts(1, bank=bank)
        send_ready_payments(bank=bank, clock=clock)
        bank.move(bank.taken[0].bank_reference, to=Status.POSTED)
        fetch_states(bank=bank, now=clock())
        for cause in ("FOUND_ARRIVED", "STOP"):
            with pytest.raises(IntegrityError, match="comes with the state"), transaction.atomic():
                Payment.objects.filter(pk=payment.pk).update(cause=cause)

    def test_and_an_older_letter_does_not_make_it_arrive_again(self, arrived):
        arrived.take_back()
        with pytest.raises(IntegrityError, match="two people read"), transaction.atomic():
            Payment.objects.filter(pk=arrived.payment.pk).apply(Cause.FOUND_ARRIVED, now=arrived.clock())
