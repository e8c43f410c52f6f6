"""Inspectors' questions: a planted finding is found, a clean file is not named."""

from datetime import date

import pytest

from beneficiaries.models import Decision, Enrolment, IdentityNumber, IdentityRecord
from reconciliation.reports.rolls.questions import QUESTIONS, answer
from tests.reports.world import AUGUST, JULY, NOW, QUARTER, World


def found(world: World, question: str) -> list[object]:
    world.play()
    return [row[1] for row in answer(question=question, unit=world.province, now=NOW, **QUARTER).cells]


def clean(world: World, **more: object) -> Enrolment:
    enrolment = world.person(**more)
    Decision.objects.create(enrolment=enrolment, kind="GRANT", number="1", signed_on=JULY, effective_month=JULY)
    world.pay(enrolment, JULY)
    return enrolment


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_clean_file_is_named_by_no_question(question: str, world: World):
    clean(world)

    assert found(world, question) == []


def test_a_month_after_the_month_of_death_is_found_and_the_month_itself_is_not(world: World):
    dead = clean(world)
    number = IdentityNumber.objects.create(digest=b"1", sealed=b"s")
    record = IdentityRecord.objects.create(
        number=number, full_name="A", name_key="a", sex="MALE", unit=world.communes[0], deceased_on=date(2024, 7, 31)
    )
    dead.beneficiary.identity = record
    dead.beneficiary.save()
    assert found(world, "paid-after-death") == []
    world.batches.clear()
    other = world.enrol(dead.beneficiary, starts=JULY)
    world.pay(other, AUGUST)

    assert found(world, "paid-after-death") == [other.code]


def test_one_person_paid_in_two_communes_is_one_line(world: World):
    first, second = clean(world), clean(world, commune=1)
    second.beneficiary.same_as = first.beneficiary
    second.beneficiary.save()

    assert len(found(world, "two-places")) == 1


def test_paid_without_decision_and_cash_unclaimed_for_two_months_are_found(world: World):
    without = world.person()
    world.pay(without, JULY)
    absent = world.person()
    for month in (JULY, AUGUST):
        world.pay(absent, month, status="FAILED")

    assert found(world, "paid-without-decision") == [without.code]
    assert found(world, "unclaimed") == [absent.code]


def test_what_cannot_be_answered_says_so(world: World):
    assert "chưa nhận dữ liệu" in answer(question="in-prison", unit=world.province, now=NOW, **QUARTER).notes[0]
