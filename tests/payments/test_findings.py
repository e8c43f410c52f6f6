"""Two things said of a payment nobody can ask about afresh: free only by a letter, two people in two roles, and silence since (ADR 35)."""

import io
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone
from PIL import Image

from banks.files_fake import FakeFiles
from banks.transfers import Status
from beneficiaries.models import Case, Solution
from beneficiaries.services.cases.proposals import propose_solution
from payments.errors import ContradictionUnanswered, DayImpossible, NothingToReissue
from payments.errors.outcomes import (
    FindingMissing,
    FindingNeedsAnother,
    LeftSomething,
    NotContradicted,
    ToldAgainSince,
)
from payments.models import Contradiction, Finding, FundingAccount, JournalEntry, Payment, PaymentBatch
from payments.services.answers import Outcome, own_answers
from payments.services.files import send_files
from payments.services.files.confirm import confirm_unpaid_in_files
from payments.services.learning import findings
from payments.services.learning.case_solutions import offer_again
from payments.services.learning.confirm import confirm_unpaid
from payments.services.learning.contradictions import note_contradictions
from payments.services.learning.findings import confirm_finding, contradicted_payments, put_finding, read_finding
from payments.services.learning.learn import fetch_states
from payments.services.lists.reissue import reissue
from payments.services.providers import hand_over, take_results
from payments.services.sending.send import send_ready_payments
from payments.services.signing.papers import read_upload
from payments.states import Cause
from staff.errors import NotAllowed, constraint_of
from staff.models import PaperReading
from tests.payments.province import AUGUST, SEPTEMBER
from tests.payments.test_cash_lists import collected, not_collected, workbook

STREAM = io.BytesIO()
Image.new("L", (8, 8), 200).save(STREAM, "PNG")
PNG = STREAM.getvalue()
STREAM = io.BytesIO()
Image.new("L", (8, 8), 60).save(STREAM, "PNG")
PNG_OF_ARRIVAL = STREAM.getvalue()
NOTHING, ARRIVED = Finding.Outcome.LEFT_NOTHING, Finding.Outcome.ARRIVED


class Office:
    """A payment that went in a file and failed, and the people who see to it."""

    def __init__(self, province, clock, files, payment):
        self.province, self.clock, self.files, self.payment = province, clock, files, payment

    def told(self) -> None:
        note_contradictions(payment_ids=[self.payment.pk], reason="BANK_CONTRADICTS", now=self.clock())
        Payment.objects.filter(pk=self.payment.pk).update(confirmed_at=None)

    # The same letter never says both.
    LETTERS = {NOTHING: PNG, ARRIVED: PNG_OF_ARRIVAL}

    def put(self, *, by: str = "CHECKER", outcome: Finding.Outcome = NOTHING, on: date | None = None) -> Finding:
        self.clock.advance(seconds=1)
        actor = self.province.staff[by]
        given = {
            "content": self.LETTERS[outcome],
            "document": "12/NH ngày 06/8/2024",
            "actor": actor,
            "now": self.clock(),
            "arrived_on": on,
        }
        return put_finding(payment_id=self.payment.pk, outcome=outcome, **given)

    def confirm(self, *, by: str = "RELEASER") -> Finding:
        self.clock.advance(seconds=1)
        return confirm_finding(payment_id=self.payment.pk, actor=self.province.staff[by], now=self.clock())

    def freed(self) -> int:
        self.clock.advance(minutes=5)
        return confirm_unpaid_in_files(bank=self.files, now=self.clock())

    def waiting(self) -> list[int]:
        return [payment.pk for payment in contradicted_payments(unit=self.province.units["97"])]


@pytest.fixture
def files(clock):
    return FakeFiles(now=clock)


@pytest.fixture
def office(province, bank, clock, files):
    FundingAccount.objects.update(sends_by="FILE")
    payments = province.pay_through_accounts(2, bank=bank)
    send_files(bank=files, clock=clock)
    files.report(reject=frozenset({payments[0].end_to_end_id}))
    send_files(bank=files, clock=clock)
    payments[0].refresh_from_db()
    clock.advance(minutes=5)
    return Office(province, clock, files, payments[0])


class TestWhatSetsItFree:
    def test_a_letter_confirmed_by_another_in_another_role_and_one_more_reading(self, office):
        office.told()
        before = office.freed(), office.waiting()
        office.put()
        unconfirmed = office.freed()
        office.confirm()

        assert (before, unconfirmed, office.freed()) == ((0, [office.payment.pk]), 0, 1)
        assert (office.waiting(), Case.objects.get(kind="PAYMENT").status) == ([], "SOLVED")

    def test_the_letter_is_read_while_nothing_is_held(self, office, monkeypatch):
        office.told()
        held = []

        def read(content):
            held.append(len(connection.savepoint_ids))
            return read_upload(content)

        monkeypatch.setattr(findings, "read_upload", read)
        outside = len(connection.savepoint_ids)
        office.put()

        assert held == [outside]

    def test_not_what_arrived(self, office):
        office.told()
        office.put(outcome=ARRIVED)
        office.confirm()

        assert (office.freed(), office.waiting(), Case.objects.get(kind="PAYMENT").status) == (0, [], "SOLVED")

    def test_not_a_letter_older_than_the_last_word(self, office):
        """The bank insists: what people found out before it said so again counts no more, though the case stays the same."""
        office.told()
        office.put()
        office.clock.advance(minutes=1)
        office.told()
        with pytest.raises(ToldAgainSince):
            office.confirm()
        office.put()
        office.confirm()
        office.clock.advance(minutes=1)
        office.told()

        assert (office.freed(), office.waiting()) == (0, [office.payment.pk])

    def test_not_a_letter_put_on_file_while_the_bank_was_being_read(self, office):
        """A reading takes minutes and tells under the time it began: what it says came after the letter all the same."""
        office.told()
        began = office.clock()
        office.put()
        office.confirm()
        note_contradictions(payment_ids=[office.payment.pk], reason="BANK_CONTRADICTS", now=began)

        assert (office.freed(), office.waiting()) == (0, [office.payment.pk])

    def test_a_bank_that_insists_after_the_case_was_rejected_is_heard(self, office, province):
        """The same evidence raises no case again; the contradiction stands all the same."""
        office.told()
        Case.objects.update(
            status="REJECTED", decided_by=province.staff["CHECKER"], decided_at=office.clock(), note="Nhầm."
        )
        office.told()

        assert (office.freed(), office.waiting()) == (0, [office.payment.pk])


class TestWhoMay:
    def test_not_one_person_nor_one_role(self, office, province):
        office.told()
        with pytest.raises(FindingMissing):
            office.confirm()
        office.put()
        with pytest.raises(FindingNeedsAnother):
            office.confirm(by="CHECKER")
        with pytest.raises(NotAllowed):
            office.confirm(by="MAKER")
        with pytest.raises(NotAllowed):
            office.put(by="COMMUNE_OFFICER")

        assert office.freed() == 0

    def test_only_of_what_was_contradicted(self, office):
        with pytest.raises(NotContradicted):
            office.put()

    def test_what_stands_as_paid_did_not_leave_nothing(self, office):
        office.payment = Payment.objects.exclude(pk=office.payment.pk).get()
        office.told()

        with pytest.raises(LeftSomething):
            office.put()

    def test_the_second_person_reads_the_letter(self, office, province):
        office.told()
        office.put()

        reader = province.staff["RELEASER"]
        content, media_type = read_finding(payment_id=office.payment.pk, actor=reader, now=office.clock())

        assert (content, media_type) == (PNG, "image/png")
        letter = Finding.objects.get().letter_id
        assert list(PaperReading.objects.values_list("kind", "paper_id", "read_by")) == [("LETTER", letter, reader.pk)]


class TestTheDatabaseHoldsIt:
    """As the application's own role, whatever its code does."""

    def test_nothing_confirms_the_payment_but_a_finding(self, office):
        office.told()
        with pytest.raises(IntegrityError, match="two things"), transaction.atomic():
            Payment.objects.filter(pk=office.payment.pk).update(confirmed_at=office.clock())

    @pytest.mark.parametrize(
        ("found_at", "rule"),
        [
            (timezone.now() + timedelta(days=1), "finding_is_of_no_time_to_come"),
            (datetime(2024, 8, 1, tzinfo=UTC), "finding_is_of_the_present_attempt"),
        ],
    )
    def test_a_finding_is_of_its_time(self, office, found_at, rule):
        """Of a time to come, everything that is told until then would seem to have been told before it; of an earlier attempt, it is of that."""
        office.told()
        Payment.objects.filter(pk=office.payment.pk).update(first_used_at=office.clock())
        office.clock.now = found_at
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            office.put()
        assert constraint_of(refused.value) == rule

    @pytest.mark.parametrize(
        "changes",
        [
            {"confirmed_by": "CHECKER", "confirmed_role": "RELEASER"},
            {"confirmed_by": "CHECKER", "confirmed_role": "CHECKER"},
            {"confirmed_by": "MAKER", "confirmed_role": "RELEASER"},
        ],
    )
    def test_roles_are_those_of_the_people(self, office, province, changes):
        office.told()
        found = office.put()
        given = changes | {"confirmed_by": province.staff[changes["confirmed_by"]], "confirmed_at": office.clock()}
        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.filter(pk=found.pk).update(**given)

    @pytest.mark.parametrize(
        "sql",
        [
            "DELETE FROM payments_finding",
            "DELETE FROM payments_contradiction",
            "UPDATE payments_contradiction SET told_at = told_at - interval '1 day'",
            "UPDATE payments_finding SET found_at = found_at + interval '1 day'",
            "UPDATE payments_finding SET outcome = 'ARRIVED'",
        ],
    )
    def test_what_was_said_is_never_unsaid(self, office, sql):
        office.told()
        office.put()
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


class TestAFileRefusedThatPaid:
    def test_is_not_sent_again_because_our_bank_s_list_does_not_show_it(self, province, bank, clock, files):
        """The bank refused the whole file and booked an order of it all the same; its list of orders knows nothing of files."""
        FundingAccount.objects.update(sends_by="FILE")
        (payment,) = province.pay_through_accounts(1, bank=bank)
        send_files(bank=files, clock=clock)
        files.report(whole="RJCT")
        send_files(bank=files, clock=clock)
        note_contradictions(payment_ids=[payment.pk], reason="BANK_CONTRADICTS", now=clock())
        Payment.objects.filter(pk=payment.pk).update(hold_code="bank_contradicts")
        clock.advance(hours=30)
        case = propose_solution(
            case_id=Case.objects.get(reason="BANK_CONTRADICTS").pk,
            solution=Solution.OFFER_AGAIN,
            proposal={"payment": payment.end_to_end_id},
            actor=province.staff["MAKER"],
            note="Đã hỏi ngân hàng.",
            document="",
            now=clock(),
        )

        def again():
            return offer_again(case_id=case.pk, bank=bank, actor=province.staff["CHECKER"], clock=clock)

        with pytest.raises(ContradictionUnanswered):
            again()
        office = Office(province, clock, files, payment)
        office.put()
        office.confirm()
        assert again().status == "SOLVED"


class TestWhatArrived:
    """It stands as paid from then on: for the person, the next list, a reissue, the books. One month has one answer."""

    @pytest.fixture
    def arrived(self, office):
        office.told()
        office.put(outcome=ARRIVED, on=date(2024, 8, 5))
        office.confirm()
        office.payment.refresh_from_db()
        return office

    def test_the_person_is_told_that_it_was_paid_and_when(self, arrived):
        (answer,) = own_answers(beneficiary=arrived.payment.beneficiary, now=arrived.clock())

        assert (answer.outcome, answer.paid_on, answer.amount) == (Outcome.PAID, date(2024, 8, 5), 750_000)
        assert (arrived.payment.status, arrived.payment.cause, arrived.payment.hold_code) == (
            "POSTED",
            "FOUND_ARRIVED",
            "",
        )

    def test_neither_a_reissue_nor_the_next_month_pays_it_again(self, arrived, province):
        arrived.freed()
        with pytest.raises(NothingToReissue):
            reissue(
                month=AUGUST, unit=province.units["97"], to_cash=[arrived.payment.pk], actor=province.staff["MAKER"],
                now=arrived.clock(),
            )  # fmt: skip
        province.build(SEPTEMBER)

        months = Payment.objects.filter(beneficiary=arrived.payment.beneficiary).values_list("amount", flat=True)
        assert sorted(months) == [750_000, 750_000]

    def test_a_bank_that_insists_is_heard_but_does_not_undo_it(self, arrived):
        arrived.clock.advance(minutes=1)
        arrived.told()

        arrived.payment.refresh_from_db()
        assert (arrived.waiting(), arrived.payment.status) == ([arrived.payment.pk], "POSTED")

    def test_a_day_that_can_not_be_is_refused(self, office):
        office.told()
        for outcome, on in ((ARRIVED, date(2030, 1, 1)), (ARRIVED, date(2000, 1, 1)), (NOTHING, date(2024, 8, 5))):
            with pytest.raises(DayImpossible):
                office.put(outcome=outcome, on=on)

    def test_what_another_payment_carries_already_stays_what_it_was(self, office, province):
        """It was confirmed and carried on before the bank said the opposite: two payments of one month are for a recovery, never hidden."""
        assert office.freed() == 1
        province.build(SEPTEMBER)
        office.told()
        office.put(outcome=ARRIVED)
        office.confirm()

        office.payment.refresh_from_db()
        assert (office.payment.status, office.payment.entitlements.count()) == ("FAILED", 0)

    @pytest.mark.parametrize("found", [False, True])
    def test_plain_sql_makes_nothing_arrive(self, office, found):
        office.told()
        if found:
            office.put(outcome=ARRIVED)
        with pytest.raises(IntegrityError, match="two people read"), transaction.atomic():
            Payment.objects.filter(pk=office.payment.pk).apply(Cause.FOUND_ARRIVED, now=office.clock())

    def test_of_a_bank_that_can_be_asked_afresh_too(self, province, bank, clock):
        """It said FAILED, then POSTED: no fresh answer moves a payment that has ended, a letter does."""
        (payment,) = province.pay_through_accounts(1, bank=bank)
        send_ready_payments(bank=bank, clock=clock)
        bank.move(bank.taken[0].bank_reference, to=Status.FAILED)
        fetch_states(bank=bank, now=clock())
        bank.move(bank.taken[0].bank_reference, to=Status.POSTED)
        assert confirm_unpaid(bank=bank, now=clock()) == 0
        office = Office(province, clock, None, payment)
        assert office.waiting() == [payment.pk]
        with pytest.raises(NotContradicted):
            office.put()
        office.put(outcome=ARRIVED)
        office.confirm()

        payment.refresh_from_db()
        assert (payment.status, payment.credited_on) == ("POSTED", clock().date())
        assert (office.waiting(), Case.objects.get(kind="PAYMENT").status) == ([], "SOLVED")

    def test_of_what_was_to_be_collected_is_booked(self, province, bank, clock):
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
        assert payment.status == "FAILED"
        office = Office(province, clock, None, payment)
        office.put(outcome=ARRIVED, on=clock().date() - timedelta(days=1))
        office.confirm()

        entry = JournalEntry.objects.get(source__startswith="provider-paid")
        assert (entry.booked_on, entry.batch) == (clock().date() - timedelta(days=1), batch)


class TestTakenOff:
    def test_a_payment_under_whose_id_the_bank_shows_something_is_not_confirmed_by_being_taken_off(
        self, province, bank, clock, released
    ):
        payment = released.payments.first()
        note_contradictions(payment_ids=[payment.pk], reason="BANK_CONTRADICTS", now=clock())

        province.take_off(payment)

        payment.refresh_from_db()
        assert (payment.status, payment.confirmed_at) == ("CANCELLED", None)


class TestAnyOrderOfEvents:
    @pytest.mark.parametrize("seed", range(12))
    def test_it_is_free_only_if_the_last_word_is_that_of_two_people(self, office, seed):
        """The rule said again in the plainest way: nothing told since the letter that two people in two roles read."""
        dice = random.Random(seed)
        told_at = found = confirmed = None
        for _ in range(14):
            step = dice.choice(["told", "put", "put arrived", "confirm", "alone", "free", "later"])
            try:
                if step == "told":
                    office.told()
                    told_at = office.clock()
                elif step.startswith("put"):
                    found = office.put(outcome=ARRIVED if step == "put arrived" else NOTHING)
                elif step == "confirm":
                    confirmed = office.confirm()
                elif step == "alone":
                    office.confirm(by="CHECKER")
                elif step == "later":
                    office.clock.advance(seconds=dice.randrange(200))
                else:
                    freed = office.freed()
                    may = told_at is None or (
                        confirmed is not None and confirmed.outcome == NOTHING and confirmed.found_at > told_at
                    )
                    office.payment.refresh_from_db()
                    assert (office.payment.confirmed_at is not None) == may, (seed, freed)
            except (NotContradicted, FindingMissing, FindingNeedsAnother, ToldAgainSince, LeftSomething):
                continue
        assert found is None or Contradiction.objects.exists()
