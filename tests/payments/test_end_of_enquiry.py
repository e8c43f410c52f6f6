"""What nobody could learn is ended by people: two of them, in two roles, with the bank's paper; and its money never goes twice (ADR 30)."""

import io

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from PIL import Image

from banks.errors import BankUnavailable
from banks.fake import FakeTransfers, Fault
from banks.transfers import Transfer
from beneficiaries.models import BankAccount, Case, Solution
from beneficiaries.services.cases.proposals import propose_solution
from payments.errors import (
    BankHoldsIt,
    NothingToReissue,
    OutcomeNotUnknown,
    UnreadablePaper,
)
from payments.errors.outcomes import (
    EnquiryNotYours,
    LetterMissing,
)
from payments.models import BankEvent, BankLetter, Enquiry, Payment, Succession
from payments.services.learning import case_solutions
from payments.services.learning import end_enquiry as end_of_enquiry
from payments.services.learning.confirm import confirm_afresh, confirm_unpaid
from payments.services.learning.end_enquiry import (
    answer_enquiry,
    end_enquiry,
    read_letter,
    take_enquiry,
    unknown_outcomes,
)
from payments.services.learning.learn import fetch_states
from payments.services.learning.unknowns import resolve_unknowns
from payments.services.lists.reissue import reissue
from payments.services.providers.hand_over import hand_over
from payments.services.providers.lines import lines_of
from payments.services.providers.points import PointFinder
from payments.services.sending.send import send_ready_payments
from payments.services.sending.succession import FRESH, hold_successors
from payments.services.signing.papers import read_upload
from payments.services.signing.sign import approve, release, submit
from staff.errors import NotAllowed
from staff.models import Role, User
from tests.payments.province import AUGUST, BANK_BIN, SEPTEMBER

LETTER_NUMBER = "123/NHNN ngày 07/08/2024"


def paper(shade: int = 200) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (8, 8), shade).save(stream, "PNG")
    return stream.getvalue()


def transfer_of(payment: Payment) -> Transfer:
    """The order as it went out first."""
    return Transfer(
        end_to_end_id=payment.end_to_end_id,
        attempt=1,
        amount=payment.amount,
        financial_account=payment.batch.funding_account.bank_account_id,
        bank_bin=BANK_BIN,
        account_number="5550000001",
        holder_name=payment.payee_name,
        description="Tro cap",
        payment_id=payment.pk,
    )


@pytest.fixture
def unknown(province, bank, clock) -> Payment:
    """One payment the bank never answered for, two days ago, and never had."""
    payment = province.pay_through_accounts(1, bank=bank)[0]
    bank.fail_next(payment.end_to_end_id, Fault.LOST_BEFORE_TAKING)
    send_ready_payments(bank=bank, clock=clock)
    clock.advance(hours=49)
    return payment


class Desk:
    """What people do about one unknown outcome."""

    def __init__(self, province, bank, clock, payment) -> None:
        self.province, self.bank, self.clock, self.payment = province, bank, clock, payment

    def take(self, *, by: str = "CHECKER") -> Enquiry:
        return take_enquiry(payment_id=self.payment.pk, actor=self.province.staff[by], now=self.clock())

    def answer(self, content: bytes = b"", *, by: str = "CHECKER") -> Enquiry:
        return answer_enquiry(
            payment_id=self.payment.pk,
            content=content or paper(),
            document=LETTER_NUMBER,
            actor=self.province.staff[by],
            now=self.clock(),
        )

    def end(self, *, by: str = "RELEASER", actor: User | None = None) -> bool:
        ends = actor or self.province.staff[by]
        return end_enquiry(payment_id=self.payment.pk, actor=ends, now=self.clock(), bank=self.bank)

    def all(self) -> None:
        self.take()
        self.answer()
        assert self.end()

    def reissue(self) -> Payment:
        """On a list of its own, signed by three, while the bank confirms that it left nothing."""
        confirm_unpaid(bank=self.bank, now=self.clock())
        new = self.draft()
        staff, given = self.province.staff, {"batch_ids": [new.batch_id], "now": self.clock()}
        submit(actor=staff["MAKER"], **given)
        approve(actor=staff["CHECKER"], **given)
        release(actor=staff["RELEASER"], bank=self.bank, **given)
        return new

    def draft(self, *, to_cash=()) -> Payment:
        made = reissue(
            month=AUGUST,
            unit=self.province.units["97"],
            to_cash=to_cash,
            actor=self.province.staff["MAKER"],
            now=self.clock(),
        )
        return Payment.objects.get(batch__in=made.batch_ids)

    def bank_had_it_after_all(self, *, rings: bool = True) -> None:
        outcome = self.bank.send(transfer_of(self.payment), first_use=True)
        if rings:
            BankEvent.objects.create(
                event_id="evt_late",
                kind="created",
                bank_reference=outcome.state.bank_reference,
                sealed=b"",
                received_at=self.clock(),
            )


@pytest.fixture
def desk(province, bank, clock, unknown) -> Desk:
    return Desk(province, bank, clock, unknown)


def status_of(payment: Payment) -> tuple[str, str, int]:
    payment.refresh_from_db()
    return payment.status, payment.hold_code, payment.attempt


class TestWhoEndsIt:
    def test_an_old_unknown_waits_with_an_owner(self, province, desk, unknown, clock):
        desk.take()

        (row,) = unknown_outcomes(unit=province.units["97"], now=clock())
        assert (row.pk, row.enquiries.get().owner.role) == (unknown.pk, "CHECKER")
        with pytest.raises(EnquiryNotYours):
            desk.take(by="RELEASER")

    def test_two_people_in_two_roles_by_the_banks_paper(self, desk, unknown, clock):
        resolve_unknowns(bank=desk.bank, clock=clock)  # raises the case
        desk.all()

        enquiry = Enquiry.objects.get()
        unknown.refresh_from_db()
        assert (unknown.status, unknown.cause, unknown.attempt) == ("CANCELLED", "NEVER_HAD", 1)
        assert (enquiry.outcome, enquiry.document, enquiry.asked_at) == ("ABSENT", LETTER_NUMBER, clock())
        assert (enquiry.owner_role, enquiry.decided_role) == ("CHECKER", "RELEASER")
        assert Case.objects.get().status == "SOLVED"

    def test_who_ends_it_reads_the_paper(self, province, desk, unknown):
        desk.take()
        with pytest.raises(LetterMissing):
            read_letter(payment_id=unknown.pk, actor=province.staff["RELEASER"], now=province.clock())
        desk.answer()

        assert read_letter(payment_id=unknown.pk, actor=province.staff["RELEASER"], now=province.clock()) == (
            paper(),
            "image/png",
        )
        with pytest.raises(NotAllowed):
            read_letter(payment_id=unknown.pk, actor=province.staff["MAKER"], now=province.clock())

    def test_not_without_the_paper(self, desk):
        desk.take()

        with pytest.raises(LetterMissing):
            desk.end()

    def test_not_with_something_that_is_no_paper(self, desk):
        desk.take()

        with pytest.raises(UnreadablePaper):
            desk.answer(b"never had it")

    def test_the_paper_is_read_while_nothing_is_held(self, desk, monkeypatch):
        desk.take()
        held = []

        def read(content):
            held.append(len(connection.savepoint_ids))
            return read_upload(content)

        monkeypatch.setattr(end_of_enquiry, "read_upload", read)
        outside = len(connection.savepoint_ids)
        desk.answer()

        assert held == [outside]

    def test_not_without_an_owner(self, desk):
        with pytest.raises(EnquiryNotYours):
            desk.end()

    def test_only_its_owner_brings_the_paper(self, desk):
        desk.take()

        with pytest.raises(EnquiryNotYours):
            desk.answer(by="RELEASER")

    def test_its_owner_does_not_end_it(self, desk):
        desk.take()
        desk.answer()

        with pytest.raises(EnquiryNotYours):
            desk.end(by="CHECKER")

    def test_nor_does_somebody_else_in_the_same_role(self, province, desk):
        desk.take()
        desk.answer()
        other = User.objects.create(
            username="kt2", full_name="Kế Toán Hai", role=Role.CHECKER, unit=province.units["97"]
        )

        with pytest.raises(EnquiryNotYours):
            desk.end(actor=other)

    def test_one_letter_answers_for_many_and_a_wrong_one_is_replaced(self, desk):
        desk.take()
        desk.answer(paper(1))
        desk.answer(paper(2))
        desk.answer(paper(2))

        assert BankLetter.objects.count() == 2
        assert Enquiry.objects.get().letter == BankLetter.objects.latest("pk")

    def test_not_before_nobody_can_still_bring_the_order(self, desk, clock):
        desk.take()
        desk.answer()
        clock.advance(hours=-2)

        with pytest.raises(OutcomeNotUnknown):
            desk.end()

    def test_a_known_outcome_is_not_taken(self, province, bank, clock):
        payment = province.pay_through_accounts(1, bank=bank)[0]
        send_ready_payments(bank=bank, clock=clock)
        clock.advance(hours=49)

        with pytest.raises(OutcomeNotUnknown):
            Desk(province, bank, clock, payment).take()

    def test_what_the_banks_list_shows_is_applied_instead(self, desk, unknown, bank):
        desk.take()
        desk.answer()
        desk.bank_had_it_after_all(rings=False)

        assert not desk.end()

        assert status_of(unknown) == ("PROCESSING", "", 1)
        assert len(bank.taken) == 1

    def test_concludes_nothing_from_a_list_it_could_not_read(self, province, clock, unknown):
        desk = Desk(province, Silent(balances={}), clock, unknown)
        desk.take()
        desk.answer()

        with pytest.raises(BankUnavailable):
            desk.end()
        assert status_of(unknown) == ("SENT", "", 1)


class Silent(FakeTransfers):
    def list_since(self, **_: object):
        raise BankUnavailable


def refused_by(statement: str, *given: object) -> str:
    """The name of the rule by which the database refuses a statement of the application's role."""
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, given)
    return error.value.__cause__.diag.constraint_name


class TestTheDatabase:
    END = "UPDATE payments_enquiry SET outcome = 'ABSENT', asked_at = answered_at, decided_by_id = %s, decided_role = %s, decided_at = now()"

    def test_refuses_one_person_one_role_and_a_role_not_had(self, province, desk):
        desk.take()
        desk.answer()
        owner, other = province.staff["CHECKER"], province.staff["RELEASER"]

        assert refused_by(self.END, owner.pk, "CHECKER").startswith("enquiry_decided_")
        assert refused_by(self.END, owner.pk, "RELEASER") == "enquiry_decider_has_the_role"
        assert refused_by(self.END, other.pk, "CHECKER") == "enquiry_decider_has_the_role"
        User.objects.filter(pk=other.pk).update(role="CHECKER")
        assert refused_by(self.END, other.pk, "CHECKER") == "enquiry_decided_in_another_role"

    def test_refuses_an_end_without_paper_or_with_one_brought_by_who_ends_it(self, province, desk):
        desk.take()
        other = province.staff["RELEASER"]
        assert refused_by(self.END, other.pk, "RELEASER") == "enquiry_decided_with_the_banks_answer"
        desk.answer()

        assert refused_by(f"{self.END}, document = '2'", other.pk, "RELEASER") == "enquiry_letter_was_on_file"

    def test_refuses_to_change_what_was_decided_or_asked(self, desk):
        desk.take()
        assert refused_by("UPDATE payments_enquiry SET attempt = 2") == "enquiry_is_never_redirected"
        desk.answer()
        desk.end()

        assert refused_by("UPDATE payments_enquiry SET document = 'khác'") == "enquiry_is_decided_once"

    def test_refuses_to_end_a_payment_without_its_enquiry(self, unknown):
        ends = "UPDATE payments_payment SET status = 'CANCELLED', cause = 'NEVER_HAD'"

        assert refused_by(ends) == "payment_ends_with_its_enquiry"

    def test_refuses_to_use_a_key_again(self, unknown):
        Payment.objects.update(attempt=2)

        assert refused_by("UPDATE payments_payment SET attempt = 1") == "payment_attempt_only_grows"

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM payments_enquiry",
            "DELETE FROM payments_bankletter",
            "UPDATE payments_bankletter SET media_type = 'x'",
            "DELETE FROM payments_succession",
            "INSERT INTO payments_succession (predecessor_id, successor_id) VALUES (1, 2)",
        ],
    )
    def test_forgets_nothing(self, db, statement):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_keeps_the_history_of_an_enquiry(self, desk):
        desk.all()

        with connection.cursor() as cursor:
            cursor.execute("SELECT operation FROM staff_historyrow WHERE relation = 'payments_enquiry' ORDER BY id")
            assert [operation for (operation,) in cursor.fetchall()] == ["I", "U", "U"]


class TestTheMoney:
    def test_never_goes_out_again_as_the_same_payment(self, desk, unknown, bank, clock):
        desk.all()
        clock.advance(hours=1)
        send_ready_payments(bank=bank, clock=clock)
        resolve_unknowns(bank=bank, clock=clock)

        assert (bank.taken, unknown.pk in Payment.objects.filter(status="CANCELLED").values_list("pk", flat=True)) == (
            [],
            True,
        )

    def test_goes_once_on_a_list_signed_by_three(self, desk, unknown, bank, clock):
        desk.all()
        new = desk.reissue()

        send_ready_payments(bank=bank, clock=clock)

        assert [state.end_to_end_id for state in bank.taken] == [new.end_to_end_id]
        assert Succession.objects.get().predecessor == unknown

    def test_does_not_lose_its_trail_by_way_of_no_payment_at_all(self, desk, bank, clock):
        desk.all()
        confirm_unpaid(bank=bank, now=clock())

        assert refused_by("UPDATE payments_entitlement SET payment_id = NULL") == "entitlement_leaves_for_another"

    def test_not_before_the_bank_was_asked_once_more(self, desk):
        desk.all()

        with pytest.raises(NothingToReissue):
            desk.draft()

    def test_not_when_the_second_reading_shows_the_order(self, desk, unknown, clock):
        desk.all()
        desk.bank_had_it_after_all(rings=False)

        assert confirm_unpaid(bank=desk.bank, now=clock()) == 0
        with pytest.raises(NothingToReissue):
            desk.draft()
        assert Case.objects.get(reason="BANK_CONTRADICTS").subject == unknown.end_to_end_id

    def test_a_late_ring_holds_the_payment_that_replaces_it(self, desk, unknown, bank, clock):
        desk.all()
        new = desk.reissue()
        desk.bank_had_it_after_all()

        fetch_states(bank=bank, now=clock())
        send_ready_payments(bank=bank, clock=clock)

        assert status_of(new) == ("READY", "bank_contradicts", 1)
        assert [state.end_to_end_id for state in bank.taken] == [unknown.end_to_end_id]
        told = Case.objects.filter(reason="BANK_CONTRADICTS").values_list("subject", flat=True)
        assert set(told) == {unknown.end_to_end_id, new.end_to_end_id}

    def test_a_late_ring_holds_it_in_draft_too(self, desk, bank, clock):
        desk.all()
        confirm_unpaid(bank=bank, now=clock())
        new = desk.draft()
        desk.bank_had_it_after_all()

        fetch_states(bank=bank, now=clock())

        assert status_of(new) == ("DRAFT", "bank_contradicts", 1)

    def test_a_lost_ring_holds_it_too_because_the_list_is_read_again_before_it_goes(self, desk, unknown, bank, clock):
        desk.all()
        new = desk.reissue()
        desk.bank_had_it_after_all(rings=False)
        clock.advance(seconds=FRESH.seconds + 1)

        send_ready_payments(bank=bank, clock=clock)
        assert status_of(new) == ("READY", "", 1)  # it waits for a fresh reading
        confirm_afresh(bank=bank, now=clock())
        send_ready_payments(bank=bank, clock=clock)

        assert status_of(new) == ("READY", "bank_contradicts", 1)
        assert [state.end_to_end_id for state in bank.taken] == [unknown.end_to_end_id]

    def test_waits_while_the_list_cannot_be_read_and_goes_when_it_can(self, desk, bank, clock):
        desk.all()
        new = desk.reissue()
        clock.advance(seconds=FRESH.seconds + 1)

        confirm_afresh(bank=Silent(balances={}), now=clock())
        send_ready_payments(bank=bank, clock=clock)
        assert bank.taken == []
        confirm_afresh(bank=bank, now=clock())
        send_ready_payments(bank=bank, clock=clock)

        assert [state.end_to_end_id for state in bank.taken] == [new.end_to_end_id]

    def test_the_database_lets_nothing_out_whose_predecessor_is_in_doubt(self, desk, unknown):
        desk.all()
        new = desk.reissue()
        Payment.objects.filter(pk=unknown.pk).update(confirmed_at=None)
        claim = "UPDATE payments_payment SET status = 'SENT', cause = 'CLAIM' WHERE id = %s"

        assert refused_by(claim, new.pk) == "successor_waits_for_what_it_replaces"

    def test_a_doubt_that_came_between_is_found_and_stops_nobody_else(self, desk, unknown, province, bank, clock):
        """Built while the doubt was written down: nobody held it yet."""
        desk.all()
        new = desk.reissue()
        Payment.objects.filter(pk=unknown.pk).update(confirmed_at=None)

        send_ready_payments(bank=bank, clock=clock)
        hold_successors(now=clock())

        assert (bank.taken, status_of(new)) == ([], ("READY", "bank_contradicts", 1))

    def test_a_held_one_is_not_offered_while_the_doubt_lasts(self, desk, bank, clock):
        desk.all()
        new = desk.reissue()
        desk.bank_had_it_after_all()
        fetch_states(bank=bank, now=clock())
        case = Case.objects.get(subject=new.end_to_end_id)
        propose_solution(
            case_id=case.pk,
            solution=Solution.OFFER_AGAIN,
            proposal={"payment": case.subject},
            actor=desk.province.staff["MAKER"],
            note="Đã hỏi lại.",
            document="",
            now=clock(),
        )
        clock.advance(hours=1)

        with pytest.raises(BankHoldsIt):
            case_solutions.offer_again(case_id=case.pk, bank=bank, actor=desk.province.staff["CHECKER"], clock=clock)

    def test_the_second_replacement_waits_for_the_first_order_too(self, desk, unknown, bank, clock):
        desk.all()
        second = desk.reissue()
        desk.province.take_off(second)
        clock.advance(hours=1)
        confirm_unpaid(bank=bank, now=clock())
        desk.province.build(SEPTEMBER)
        third = Payment.objects.get(batch__cycle__month=SEPTEMBER)
        assert set(Succession.objects.filter(successor=third).values_list("predecessor", flat=True)) == {
            unknown.pk,
            second.pk,
        }

        desk.bank_had_it_after_all()
        fetch_states(bank=bank, now=clock())

        assert status_of(third) == ("DRAFT", "bank_contradicts", 1)

    def test_nobody_hands_it_out_in_cash_while_it_is_in_doubt(self, desk, unknown, province, clock):
        desk.all()
        confirm_unpaid(bank=desk.bank, now=clock())
        BankAccount.objects.update(status="OPENED", cause="MONEY_BACK", reason="RETURNED", last_credited_month=None)
        new = desk.draft(to_cash=[unknown.pk])
        staff, given = province.staff, {"batch_ids": [new.batch_id], "now": clock()}
        submit(actor=staff["MAKER"], **given)
        approve(actor=staff["CHECKER"], **given)
        release(actor=staff["RELEASER"], bank=desk.bank, **given)
        Payment.objects.filter(pk=unknown.pk).update(confirmed_at=None)

        hand_over(batch_id=new.batch_id, actor=staff["CHECKER"], now=clock())

        assert (status_of(new), lines_of(new.batch, points=PointFinder(None))) == (("READY", "", 1), [])
