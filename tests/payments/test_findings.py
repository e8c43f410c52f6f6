"""Two things said of a payment nobody can ask about afresh: free only by a letter, two people in two roles, and silence since (ADR 35)."""

import io
import random

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from PIL import Image

from banks.files_fake import FakeFiles
from beneficiaries.models import Case, Solution
from beneficiaries.services.cases.proposals import propose_solution
from payments.errors import (
    ContradictionUnanswered,
)
from payments.errors.outcomes import (
    FindingMissing,
    FindingNeedsAnother,
    LeftSomething,
    NotContradicted,
    ToldAgainSince,
)
from payments.models import Contradiction, Finding, FundingAccount, Payment
from payments.services.case_solutions import offer_again
from payments.services.contradictions import note_contradictions
from payments.services.files import send_files
from payments.services.files.confirm import confirm_unpaid_in_files
from payments.services.findings import confirm_finding, contradicted_payments, put_finding, read_finding
from staff.errors import NotAllowed
from staff.models import PaperReading

STREAM = io.BytesIO()
Image.new("L", (8, 8), 200).save(STREAM, "PNG")
PNG = STREAM.getvalue()
NOTHING, ARRIVED = Finding.Outcome.LEFT_NOTHING, Finding.Outcome.ARRIVED


class Office:
    """A payment that went in a file and failed, and the people who see to it."""

    def __init__(self, province, clock, files, payment):
        self.province, self.clock, self.files, self.payment = province, clock, files, payment

    def told(self) -> None:
        note_contradictions(payment_ids=[self.payment.pk], reason="BANK_CONTRADICTS", now=self.clock())
        Payment.objects.filter(pk=self.payment.pk).update(confirmed_at=None)

    def put(self, *, by: str = "CHECKER", outcome: Finding.Outcome = NOTHING) -> Finding:
        self.clock.advance(seconds=1)
        actor = self.province.staff[by]
        given = {"content": PNG, "document": "12/NH ngày 06/8/2024", "actor": actor, "now": self.clock()}
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
        assert (office.waiting(), Case.objects.get().status) == ([], "SOLVED")

    def test_not_what_arrived(self, office):
        office.told()
        office.put(outcome=ARRIVED)
        office.confirm()

        assert (office.freed(), office.waiting(), Case.objects.get().status) == (0, [], "SOLVED")

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
