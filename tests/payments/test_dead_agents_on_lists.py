"""An agent's death known after a list was made: no money goes out in the dead one's name, and the person it is for is paid all the same."""

from datetime import date

import pytest

from beneficiaries.models import Enrolment, PayeeRelation
from beneficiaries.services.receiving.payees import Paper, record_payee
from payments.errors import ListHasConflicts
from payments.models import Payment, PaymentBatch, RemovalSlip
from payments.services.lists.conflicts import conflicts_of
from payments.services.lists.reissue import reissue
from payments.services.lists.replace_lost import replace_lost
from payments.services.signing.sign import approve, release, submit
from tests.payments.life import said, tell
from tests.payments.province import AUGUST, Province

AGENT, NUMBER = "Trần Thị Con", "097142000077"


@pytest.fixture
def person(province: Province) -> Enrolment:
    """Somebody whose daughter collects by a power of attorney; a neighbour stands on the same list."""
    province.enrol()
    enrolment = province.enrol()
    paper = Paper(
        number="12/CT", certified_by="UBND xã", valid_from=date(2024, 1, 1), valid_until=date(2028, 12, 31)
    )  # fmt: skip
    record_payee(
        beneficiary=enrolment.beneficiary, kind="AUTHORISED", full_name=AGENT, paper=paper,
        actor=province.staff["MAKER"], now=province.clock(), identity_number=NUMBER,
    )  # fmt: skip
    return enrolment


def the_agent_dies(province: Province, person: Enrolment) -> None:
    tell(province, said(person.beneficiary, NUMBER, full_name=AGENT.upper(), birth_year=1970))


def named(status: str = "DRAFT") -> set[str]:
    return set(Payment.objects.filter(status=status).values_list("payee_name", flat=True))


def test_a_list_made_right_after_names_the_person(province: Province, person: Enrolment) -> None:
    the_agent_dies(province, person)
    province.build(AUGUST)

    assert AGENT not in named()
    assert person.beneficiary.full_name in named()


def test_a_list_in_draft_is_not_signed_and_one_step_mends_it(province: Province, person: Enrolment) -> None:
    province.build(AUGUST)
    assert AGENT in named()
    batch = PaymentBatch.objects.get()
    assert not conflicts_of(batch_ids=[batch.pk])
    the_agent_dies(province, person)

    (found,) = conflicts_of(batch_ids=[batch.pk])
    with pytest.raises(ListHasConflicts):
        submit(batch_ids=[batch.pk], actor=province.staff["MAKER"], now=province.clock())
    made = replace_lost(batch_id=batch.pk, actor=province.staff["MAKER"], now=province.clock())

    assert (found.kind, found.hard) == ("PAYEE_DIED", True)
    (again,) = Payment.objects.filter(batch__in=made.batch_ids)
    assert (again.payee_name, again.batch.channel) == (person.beneficiary.full_name, "CASH")
    assert AGENT not in named() and not conflicts_of(batch_ids=[batch.pk])


def test_a_signed_list_leaves_without_the_dead_agent(province: Province, person: Enrolment, bank) -> None:
    province.build(AUGUST)
    batch = PaymentBatch.objects.get()
    submit(batch_ids=[batch.pk], actor=province.staff["MAKER"], now=province.clock())
    approve(batch_ids=[batch.pk], actor=province.staff["CHECKER"], now=province.clock())
    the_agent_dies(province, person)

    release(batch_ids=[batch.pk], actor=province.staff["RELEASER"], now=province.clock(), bank=bank)

    assert (AGENT in named("READY"), named("CANCELLED")) == (False, {AGENT})
    assert RemovalSlip.objects.get().ground == "CHANGED"
    off = Payment.objects.get(status="CANCELLED")
    made = reissue(
        month=AUGUST, unit=province.units["97"], to_cash=[off.pk], actor=province.staff["MAKER"], now=province.clock()
    )
    (again,) = Payment.objects.filter(batch__in=made.batch_ids)
    assert (again.payee_name, again.amount) == (person.beneficiary.full_name, off.amount)


def test_a_transfer_into_the_dead_agents_account_becomes_money_in_hand(province: Province, person: Enrolment) -> None:
    province.open_account(person.beneficiary, holder_kind="AUTHORISED", holder_name=AGENT)
    province.build(AUGUST)
    batch = PaymentBatch.objects.get(channel="ACCOUNT")
    the_agent_dies(province, person)

    made = replace_lost(batch_id=batch.pk, actor=province.staff["MAKER"], now=province.clock())

    (again,) = Payment.objects.filter(batch__in=made.batch_ids)
    assert (again.payee_name, again.bank_account_id) == (person.beneficiary.full_name, None)


def test_another_standing_paper_of_that_name_lets_the_list_be(province: Province, person: Enrolment) -> None:
    province.build(AUGUST)
    the_agent_dies(province, person)
    dead = PayeeRelation.objects.get()
    PayeeRelation.objects.create(
        beneficiary=dead.beneficiary, kind="GUARDIAN", full_name=AGENT, name_key=dead.name_key,
        valid_from=date(2024, 1, 1), recorded_by=province.staff["MAKER"], recorded_at=province.clock(),
    )  # fmt: skip

    assert "PAYEE_DIED" not in [one.kind for one in conflicts_of(batch_ids=[PaymentBatch.objects.get().pk])]
