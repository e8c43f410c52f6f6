"""An agent dies when the list was released: what is not sent or handed over leaves the list, is paid to the person, and says why."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from banks.fake import FakeTransfers
from banks.iso20022.characters import Characters
from beneficiaries.models import BankAccount, Enrolment, PayeeRelation
from beneficiaries.services.receiving.payees import Paper, record_payee
from payments.models import FundingAccount, Payment, PaymentBatch, RemovalSlip
from payments.services.files.build import build_next_file
from payments.services.lists.conflicts import conflicts_of
from payments.services.lists.reissue import reissue
from payments.services.providers import hand_over
from payments.services.sending.send import send_ready_payments
from payments.services.signing.stop import stop_lost_accounts
from tests.payments.life import said, tell
from tests.payments.province import AUGUST, Clock, Province

AGENT, NUMBER = "Trần Thị Con", "097142000077"


@pytest.fixture
def person(province: Province) -> Enrolment:
    """Somebody whose daughter receives by a power of attorney; a neighbour stands on the same list."""
    enrolment = province.enrol()
    paper = Paper(
        number="12/CT", certified_by="UBND xã", valid_from=date(2024, 1, 1), valid_until=date(2028, 12, 31)
    )  # fmt: skip
    record_payee(
        beneficiary=enrolment.beneficiary, kind="AUTHORISED", full_name=AGENT, paper=paper,
        actor=province.staff["MAKER"], now=province.clock(), identity_number=NUMBER,
    )  # fmt: skip
    return enrolment


@pytest.fixture
def transfer(province: Province, person: Enrolment, bank: FakeTransfers) -> Payment:
    """Released, into the daughter's account."""
    province.open_account(province.enrol().beneficiary)
    province.open_account(person.beneficiary, holder_kind="AUTHORISED", holder_name=AGENT)
    return released(province, bank)


@pytest.fixture
def in_hand(province: Province, person: Enrolment, bank: FakeTransfers) -> Payment:
    """Released, in cash, in the daughter's name."""
    province.enrol()
    return released(province, bank)


def released(province: Province, bank: FakeTransfers) -> Payment:
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=bank)
    return Payment.objects.get(payee_name=AGENT, status="READY")


def the_agent_dies(province: Province, person: Enrolment) -> None:
    tell(province, said(person.beneficiary, NUMBER, full_name=AGENT.upper(), birth_year=1970))


def the_paper_ended(person: Enrolment) -> None:
    """What ends it where nobody has looked at the lists yet."""
    PayeeRelation.objects.filter(beneficiary=person.beneficiary).update(ended_on=AUGUST, end_reason="DECEASED")


class TestATransfer:
    def test_leaves_the_list_with_its_reason_and_is_paid_to_the_person(
        self, province: Province, person: Enrolment, transfer: Payment, bank: FakeTransfers, clock: Clock
    ) -> None:
        the_agent_dies(province, person)
        send_ready_payments(bank=bank, clock=clock)

        transfer.refresh_from_db()
        assert (transfer.status, transfer.confirmed_at is None) == ("CANCELLED", False)
        assert Payment.objects.exclude(pk=transfer.pk).get().status == "PROCESSING"
        slip = RemovalSlip.objects.get(payment=transfer)
        assert slip.ground == "CHANGED" and "đã mất" in slip.reason

        made = reissue(
            month=AUGUST, unit=province.units["97"], to_cash=[transfer.pk], actor=province.staff["MAKER"], now=clock()
        )
        (again,) = Payment.objects.filter(batch__in=made.batch_ids)
        assert (again.payee_name, again.batch.channel) == (person.beneficiary.full_name, "CASH")
        assert (again.amount, again.reissues) == (transfer.amount, transfer)

    def test_is_not_sent_in_the_minutes_before_the_list_is_looked_at(
        self, person: Enrolment, transfer: Payment, bank: FakeTransfers, clock: Clock
    ) -> None:
        the_paper_ended(person)
        send_ready_payments(bank=bank, clock=clock)

        transfer.refresh_from_db()
        assert transfer.status == "READY"
        assert (stop_lost_accounts(now=clock()), stop_lost_accounts(now=clock())) == (1, 0)

    def test_is_in_no_file_either(self, person: Enrolment, transfer: Payment, clock: Clock) -> None:
        FundingAccount.objects.update(sends_by="FILE")
        the_paper_ended(person)
        built = build_next_file(now=clock(), characters=Characters.LATIN)

        transfer.refresh_from_db()
        assert built is not None and transfer.file_id is None

    def test_of_an_agent_who_lives_no_plain_sql_makes_up_such_a_slip(self, transfer: Payment, clock: Clock) -> None:
        with pytest.raises(IntegrityError, match="taken off"), transaction.atomic():
            RemovalSlip.objects.create(payment=transfer, ground="CHANGED", reason="x", requested_at=clock())

    def test_into_an_account_of_another_who_receives_now_leaves_too(self, person: Enrolment, transfer: Payment, clock: Clock) -> None:  # fmt: skip
        BankAccount.objects.filter(pk=transfer.bank_account_id).update(name_verdict="DIFFERENT")

        assert stop_lost_accounts(now=clock()) == 1


class TestCash:
    def test_not_handed_over_leaves_the_list_and_the_neighbour_stays(
        self, province: Province, person: Enrolment, in_hand: Payment
    ) -> None:
        the_agent_dies(province, person)
        hand_over(batch_id=in_hand.batch_id, actor=province.staff["CHECKER"], now=province.clock())

        assert dict(Payment.objects.values_list("payee_name", "status"))[AGENT] == "CANCELLED"
        assert set(Payment.objects.values_list("status", flat=True)) == {"CANCELLED", "PROCESSING"}

    def test_is_not_handed_over_in_the_minutes_before(
        self, province: Province, person: Enrolment, in_hand: Payment
    ) -> None:
        the_paper_ended(person)
        hand_over(batch_id=in_hand.batch_id, actor=province.staff["CHECKER"], now=province.clock())

        in_hand.refresh_from_db()
        assert in_hand.status == "READY"

    def test_with_the_provider_is_said_to_the_clerk(
        self, province: Province, person: Enrolment, in_hand: Payment
    ) -> None:
        hand_over(batch_id=in_hand.batch_id, actor=province.staff["CHECKER"], now=province.clock())
        assert not conflicts_of(batch_ids=[in_hand.batch_id])
        the_agent_dies(province, person)

        (found,) = conflicts_of(batch_ids=[in_hand.batch_id])
        assert (found.kind, found.payment_id) == ("PAYEE_DIED", in_hand.pk)
        assert PaymentBatch.objects.get(pk=in_hand.batch_id).status == "RELEASED"
