"""What a person does about a payment that is held: never offered again without the bank's fresh answer, nor by one person alone."""

import pytest

from banks.errors import BankUnavailable
from banks.fake import FakeTransfers, Fault
from banks.transfers import Transfer
from beneficiaries.errors import NotSolvableLikeThis, SecondPersonNeeded, WrongCaseState
from beneficiaries.models import Case, Solution
from beneficiaries.services.cases.proposals import propose_solution
from payments.errors import (
    BankHoldsIt,
    BankListUnread,
    TooEarlyToConclude,
)
from payments.models import Payment
from payments.services.learning.case_solutions import offer_again
from payments.services.learning.cases import open_payment_cases
from payments.services.learning.unknowns import resolve_unknowns
from payments.services.sending.send import send_ready_payments
from payments.states import Cause
from staff.errors import NotAllowed
from tests.payments.province import Clock, Province


@pytest.fixture
def sent(province: Province, bank: FakeTransfers, clock: Clock) -> Payment:
    """Offered once; the bank did not answer, and a day went by in which nobody could ask."""
    (payment,) = province.pay_through_accounts(1, bank=bank)
    bank.fail_next(payment.end_to_end_id, Fault.LOST_BEFORE_TAKING)
    send_ready_payments(bank=bank, clock=clock)
    clock.advance(hours=30)
    return payment


@pytest.fixture
def held(province: Province, bank: FakeTransfers, clock: Clock) -> Payment:
    """The bank refused the order itself, a day ago."""
    (payment,) = province.pay_through_accounts(1, bank=bank)
    Payment.objects.filter(pk=payment.pk).update(hold_code="invalid_currency")
    clock.advance(hours=30)
    return payment


@pytest.fixture
def case(held: Payment, province: Province, clock: Clock) -> Case:
    """What was wrong is put right; the maker proposes to offer it again."""
    open_payment_cases(payment_ids=[held.pk], reason="ORDER_REFUSED", now=clock())
    return propose(Case.objects.get(), province=province, clock=clock)


def propose(case: Case, *, province: Province, clock: Clock) -> Case:
    return propose_solution(
        case_id=case.pk,
        solution=Solution.OFFER_AGAIN,
        proposal={"payment": case.subject},
        actor=province.staff["MAKER"],
        note="Ngân hàng trả lời chưa từng nhận.",
        document="",
        now=clock(),
    )


def again(case: Case, *, province: Province, bank: object, clock: Clock, role: str = "CHECKER") -> Case:
    return offer_again(case_id=case.pk, bank=bank, actor=province.staff[role], clock=clock)


class Silent(FakeTransfers):
    def list_since(self, **_: object):
        raise BankUnavailable


class TestOfferAgain:
    def test_pays_once_what_the_bank_never_took(
        self, case: Case, held: Payment, province: Province, bank: FakeTransfers, clock: Clock
    ) -> None:
        assert again(case, province=province, bank=bank, clock=clock).status == "SOLVED"
        held.refresh_from_db()
        assert (held.status, held.attempt, held.hold_code) == ("READY", 2, "")

        send_ready_payments(bank=bank, clock=clock)

        assert [state.attempt for state in bank.taken] == [2]

    def test_never_pays_twice_what_the_bank_holds_after_all(
        self, case: Case, held: Payment, province: Province, bank: FakeTransfers, clock: Clock
    ) -> None:
        """The list shows it under our id: it is not offered, and another case says so."""
        bank.send(_transfer_of(held), first_use=True)

        with pytest.raises(BankHoldsIt):
            again(case, province=province, bank=bank, clock=clock)

        held.refresh_from_db()
        assert (held.status, held.attempt, held.hold_code, len(bank.taken)) == ("READY", 1, "bank_contradicts", 1)

    def test_concludes_nothing_from_a_list_it_could_not_read(
        self, case: Case, held: Payment, province: Province, clock: Clock
    ) -> None:
        with pytest.raises(BankListUnread):
            again(case, province=province, bank=Silent(balances={}), clock=clock)
        held.refresh_from_db()
        assert (held.status, held.attempt) == ("READY", 1)

    def test_waits_for_the_banks_longest_processing_time(
        self, case: Case, held: Payment, province: Province, bank: FakeTransfers, clock: Clock
    ) -> None:
        Payment.objects.filter(pk=held.pk).update(lease_until=clock())

        with pytest.raises(TooEarlyToConclude):
            again(case, province=province, bank=bank, clock=clock)

    def test_needs_a_proposal_of_somebody_else_and_the_checker(
        self, case: Case, held: Payment, province: Province, bank: FakeTransfers, clock: Clock
    ) -> None:
        for role in ("MAKER", "RELEASER", "COMMUNE_OFFICER"):
            with pytest.raises(NotAllowed):
                again(case, province=province, bank=bank, clock=clock, role=role)
        Case.objects.filter(pk=case.pk).update(proposed_by=province.staff["CHECKER"])
        with pytest.raises(SecondPersonNeeded):
            again(case, province=province, bank=bank, clock=clock)
        Case.objects.filter(pk=case.pk).update(status="OPEN", proposed_by=None, solution="")
        with pytest.raises(WrongCaseState):
            again(case, province=province, bank=bank, clock=clock)

    def test_leaves_what_was_sent_to_the_end_of_its_enquiry(
        self, sent: Payment, province: Province, bank: FakeTransfers, clock: Clock
    ) -> None:
        open_payment_cases(payment_ids=[sent.pk], reason="OUTCOME_UNKNOWN", now=clock())
        with pytest.raises(NotSolvableLikeThis):
            propose(Case.objects.get(), province=province, clock=clock)

        Case.objects.update(reason="BANK_CONTRADICTS")
        proposed = propose(Case.objects.get(), province=province, clock=clock)
        with pytest.raises(NotSolvableLikeThis):
            again(proposed, province=province, bank=bank, clock=clock)

    def test_gives_back_what_the_bank_refused_as_an_order(
        self, province: Province, bank: FakeTransfers, clock: Clock
    ) -> None:
        (payment,) = province.pay_through_accounts(1, bank=bank)
        Payment.objects.filter(pk=payment.pk).update(hold_code="invalid_currency")
        open_payment_cases(payment_ids=[payment.pk], reason="ORDER_REFUSED", now=clock())
        clock.advance(hours=1)

        again(propose(Case.objects.get(), province=province, clock=clock), province=province, bank=bank, clock=clock)

        send_ready_payments(bank=bank, clock=clock)
        assert [state.end_to_end_id for state in bank.taken] == [payment.end_to_end_id]

    def test_never_offers_a_number_that_was_altered(
        self, province: Province, bank: FakeTransfers, clock: Clock
    ) -> None:
        (payment,) = province.pay_through_accounts(1, bank=bank)
        Payment.objects.filter(pk=payment.pk).update(hold_code="account_number_altered")
        open_payment_cases(payment_ids=[payment.pk], reason="ACCOUNT_NUMBER_ALTERED", now=clock())

        with pytest.raises(NotSolvableLikeThis):
            propose(Case.objects.get(), province=province, clock=clock)

    def test_does_nothing_when_the_payment_moved_meanwhile(
        self, case: Case, held: Payment, province: Province, bank: FakeTransfers, clock: Clock
    ) -> None:
        class Moves(FakeTransfers):
            def list_since(self, **given: object):
                Payment.objects.filter(pk=held.pk).apply(Cause.CLAIM, now=clock())
                return iter([])

        with pytest.raises(WrongCaseState):
            again(case, province=province, bank=Moves(balances={}), clock=clock)
        held.refresh_from_db()
        assert (held.status, held.attempt) == ("SENT", 1)


def _transfer_of(payment: Payment):
    return Transfer(
        end_to_end_id=payment.end_to_end_id,
        attempt=1,
        amount=payment.amount,
        financial_account=payment.batch.funding_account.bank_account_id,
        bank_bin="970405",
        account_number="5550000001",
        holder_name=payment.payee_name,
        description="Tro cap",
        payment_id=payment.pk,
    )


def test_a_sweeper_leaves_the_old_unknown_to_people(sent: Payment, bank: FakeTransfers, clock: Clock) -> None:
    resolve_unknowns(bank=bank, clock=clock)

    assert (Case.objects.get().reason, Case.objects.get().subject) == ("OUTCOME_UNKNOWN", sent.end_to_end_id)
