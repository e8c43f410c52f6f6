"""No money leaves in the name of a guardian, parent or carer known to be dead, however a list spells it, nor into their account (ADR 102)."""

from datetime import date

import pytest

from banks.fake import FakeTransfers
from beneficiaries.linkage.names import name_key
from beneficiaries.models import Enrolment, LifeStatus, PayeeRelation
from beneficiaries.services.numbers import keep_identity_numbers
from beneficiaries.services.receiving.payees import Paper, end_payee, record_payee
from payments.models import Payment, PaymentBatch, RemovalSlip
from payments.services.life import answer
from payments.services.lists.conflicts import conflicts_of
from payments.services.lists.replace_lost import replace_lost
from payments.services.sending.send import send_ready_payments
from payments.services.signing.stop import stop_lost_accounts
from tests.payments.life import said, tell
from tests.payments.province import AUGUST, Clock, Province

PAYEE, NUMBER = "Trần Thị Hòa", "097142000077"
SPELT = "TRẦN THỊ HOÀ"
KINDS = ["GUARDIAN", "PARENT", "CARER"]


def received_by(province: Province, kind: str) -> Enrolment:
    """Somebody for whom somebody else receives; a neighbour stands on the same list."""
    province.enrol()
    enrolment = province.enrol()
    record_payee(
        beneficiary=enrolment.beneficiary, kind=kind, full_name=PAYEE, paper=Paper(number="12/TL", valid_from=date(2024, 1, 1)),
        actor=province.staff["MAKER"], now=province.clock(), identity_number=NUMBER,
    )  # fmt: skip
    return enrolment


def the_payee_dies(province: Province, person: Enrolment) -> None:
    tell(province, said(person.beneficiary, NUMBER, full_name=PAYEE.upper(), birth_year=1970))


def names(*statuses: str) -> set[str]:
    return set(Payment.objects.filter(status__in=statuses).values_list("payee_name", flat=True))


@pytest.mark.parametrize("kind", KINDS)
class TestWhoeverReceives:
    def test_is_on_no_list_made_after(self, province: Province, kind: str) -> None:
        person = received_by(province, kind)
        the_payee_dies(province, person)
        province.build(AUGUST)

        assert PAYEE not in names("DRAFT")
        assert person.beneficiary.full_name in names("DRAFT")

    def test_leaves_a_list_in_draft_by_one_step(self, province: Province, kind: str) -> None:
        person = received_by(province, kind)
        province.open_account(person.beneficiary, holder_kind=kind, holder_name=PAYEE)
        province.build(AUGUST)
        (batch,) = PaymentBatch.objects.filter(payments__payee_name=PAYEE)
        the_payee_dies(province, person)

        kinds = {one.kind for one in conflicts_of(batch_ids=[batch.pk]) if one.hard}
        made = replace_lost(batch_id=batch.pk, actor=province.staff["MAKER"], now=province.clock())

        (again,) = Payment.objects.filter(batch__in=made.batch_ids)
        assert (kinds, again.payee_name, again.bank_account_id) == ({"PAYEE_DIED"}, person.beneficiary.full_name, None)

    def test_of_a_released_list_is_not_sent(
        self, province: Province, bank: FakeTransfers, clock: Clock, kind: str
    ) -> None:
        person = received_by(province, kind)
        province.open_account(person.beneficiary, holder_kind=kind, holder_name=PAYEE)
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        the_payee_dies(province, person)
        send_ready_payments(bank=bank, clock=clock)

        assert PAYEE not in names("READY", "SENT", "PROCESSING", "POSTED")
        assert "đã mất" in RemovalSlip.objects.get(payment__payee_name=PAYEE).reason


class TestOfAReleasedList:
    @pytest.fixture
    def released(self, province: Province, bank: FakeTransfers) -> Payment:
        person = received_by(province, "GUARDIAN")
        Enrolment.objects.filter(pk=person.pk).update(payee_name=SPELT)
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        return Payment.objects.get(payee_name=SPELT)

    def test_another_spelling_is_the_same_payee(self, province: Province, released: Payment) -> None:
        the_payee_dies(province, Enrolment.objects.get(beneficiary=released.beneficiary_id))

        released.refresh_from_db()
        assert released.status == "CANCELLED"

    def test_a_clerk_who_ends_it_for_the_payees_death_is_believed(self, province: Province, released: Payment) -> None:
        relation = PayeeRelation.objects.get()
        end_payee(relation=relation, reason="DECEASED", on=AUGUST, actor=province.staff["MAKER"], now=province.clock())

        assert stop_lost_accounts(now=province.clock()) == 1

    def test_one_let_go_because_the_person_died_may_collect_what_was_due_before(
        self, province: Province, released: Payment
    ) -> None:
        LifeStatus.objects.create(
            beneficiary_id=released.beneficiary_id, deceased_on=date(2024, 8, 20), settled_at=province.clock()
        )
        relation = PayeeRelation.objects.get()
        end_payee(relation=relation, reason="DECEASED", on=AUGUST, actor=province.staff["MAKER"], now=province.clock())

        assert stop_lost_accounts(now=province.clock()) == 0

    def test_whose_own_death_somebody_confirmed_is_not_paid(self, province: Province, released: Payment) -> None:
        """The guardian has an allowance too: a hospital's notice of their death is confirmed by a person."""
        guardian = province.person(
            number_id=keep_identity_numbers([NUMBER])[NUMBER], full_name=PAYEE, name_key=name_key(PAYEE)
        )
        province.enrol(guardian)
        tell(province, said(guardian, NUMBER, source="HOSPITAL"))
        released.refresh_from_db()
        assert released.status == "READY"
        answer(
            beneficiary_id=guardian.pk, answer="CONFIRM", note="gia đình xác nhận", actor=province.staff["MAKER"], now=province.clock()
        )  # fmt: skip

        released.refresh_from_db()
        assert released.status == "CANCELLED"


def test_into_an_account_of_the_dead_nothing_goes_though_the_list_names_the_person(
    province: Province, bank: FakeTransfers
) -> None:
    person = received_by(province, "GUARDIAN")
    province.open_account(person.beneficiary, holder_kind="GUARDIAN", holder_name=SPELT)
    Enrolment.objects.filter(pk=person.pk).update(payee_kind="OWN", payee_name="")
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=bank)
    payment = Payment.objects.get(bank_account__holder_kind="GUARDIAN")
    the_payee_dies(province, person)

    payment.refresh_from_db()
    assert (payment.payee_name, payment.status) == (person.beneficiary.full_name, "CANCELLED")
