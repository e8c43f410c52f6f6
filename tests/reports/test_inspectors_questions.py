"""Inspectors' questions: a planted finding is found, a clean file is not named."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from beneficiaries.linkage.names import name_key
from beneficiaries.models import (
    AgeChange,
    BankAccount,
    Beneficiary,
    Decision,
    Enrolment,
    IdentityNumber,
    IdentityRecord,
    LifeStatus,
    PayeeRelation,
)
from beneficiaries.services.numbers import last_four_of
from payments.models import Payment
from reconciliation.reports.rolls.question_data import data_for
from reconciliation.reports.rolls.questions import QUESTIONS, answer
from staff.models import PaperReading, Role, User
from tests.reports.world import AUGUST, JULY, LIVES, NOW, QUARTER, World


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


def test_a_death_the_registry_told_of_is_found_and_one_it_took_back_is_not(world: World):
    dead, alive = clean(world), clean(world)
    number = IdentityNumber.objects.create(digest=b"1", sealed=b"s")
    record = IdentityRecord.objects.create(
        number=number, full_name="A", name_key="a", sex="MALE", unit=world.communes[0], deceased_on=date(2024, 6, 30)
    )
    alive.beneficiary.identity = record
    alive.beneficiary.save()
    LifeStatus.objects.create(beneficiary=dead.beneficiary, deceased_on=date(2024, 6, 30), settled_at=NOW)
    LifeStatus.objects.create(beneficiary=alive.beneficiary, not_deceased_on=date(2024, 6, 30), settled_at=NOW)

    assert found(world, "paid-after-death") == [dead.code]


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


def test_an_agent_with_the_name_of_a_member_of_staff_of_the_same_place_is_found(world: World):
    officer = User.objects.create(username="ct", full_name="Lê Thị Hòa", role="COMMUNE_OFFICER", unit=world.communes[0])
    here, elsewhere = clean(world), clean(world, commune=1)
    for enrolment, name in ((here, "LÊ THỊ HOÀ"), (elsewhere, "Lê Thị Hòa")):
        PayeeRelation.objects.create(
            beneficiary=enrolment.beneficiary, kind="AUTHORISED", full_name=name, name_key=name_key(name), paper_number="7/UQ",
            certified_by="UBND xã", valid_from=JULY, valid_until=date(2024, 12, 31), recorded_by=officer, recorded_at=NOW,
        )  # fmt: skip

    assert found(world, "staff-agent") == [here.code]


def test_a_month_after_an_age_was_reached_is_found_and_the_month_itself_is_not(world: World):
    AgeChange.objects.create(category=world.plain, age=16)
    past = clean(world, born=date(2008, 6, 15))
    clean(world, born=date(2008, 7, 15))

    assert found(world, "age-passed") == [past.code]


def test_what_changed_between_submission_and_credit_is_found_and_what_changed_before_or_after_is_not(world: World):
    people = [clean(world) for _ in range(3)]
    payments = [world.pay(each, AUGUST, account=world.account(each.beneficiary)) for each in people]
    before, between, after = (Enrolment.objects.filter(pk=each.pk) for each in people)
    before.update(coefficient=2)
    world.fates.clear()
    world.play()
    between.update(coefficient=2)
    for payment in payments:
        for cause in LIVES["ACCOUNT", "POSTED"]:
            Payment.objects.filter(pk=payment.pk).apply(cause, now=NOW)
        Payment.objects.filter(pk=payment.pk).update(credited_on=date(2024, 8, 5))
    after.update(coefficient=2)

    assert found(world, "changed-after-signing") == [people[1].code]


def test_an_account_changed_within_thirty_days_is_found_and_a_first_one_or_an_older_change_is_not(world: World):
    changed, first, long_ago = (clean(world) for _ in range(3))
    for each, was, since in (
        (changed, datetime(2024, 1, 5, tzinfo=UTC), datetime(2024, 7, 20, tzinfo=UTC)),
        (first, None, datetime(2024, 7, 20, tzinfo=UTC)),
        (long_ago, datetime(2024, 1, 5, tzinfo=UTC), datetime(2024, 7, 5, tzinfo=UTC)),
    ):
        if was:
            world.account(
                each.beneficiary, status="CLOSED", status_at=was, reason="CLOSED_BY_BANK", closed_on=since.date()
            )
        world.pay(each, AUGUST, account=world.account(each.beneficiary, status_at=since))
    world.play()

    assert found(world, "account-changed-late") == [changed.code]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_says_what_it_rests_on(question: str, world: World):
    notes = answer(question=question, unit=world.province, now=NOW, **QUARTER).notes

    assert [note for note in notes if note.startswith("Nguồn: ")], notes


class TestWhatIsMissing:
    def test_are_payments_nobody_knows_the_end_of(self, world: World):
        world.pay(world.person(), JULY, status="PROCESSING")
        world.play()

        (missing,) = data_for("shared-account", unit=world.province, **QUARTER).missing
        assert missing.startswith("1 khoản chi của các tháng trong kỳ chưa biết kết quả")
        assert data_for("shared-account", unit=world.communes[1], **QUARTER).missing == ()
        assert data_for("unclaimed", unit=world.province, **QUARTER).missing[0].startswith("1 khoản tiền mặt")

    def test_are_people_the_population_data_do_not_know(self, world: World):
        clean(world)
        for question in ("paid-after-death", "two-places", "two-programmes"):
            (missing,) = data_for(question, unit=world.province, **QUARTER).missing
            assert missing.startswith("1 người chưa đối chiếu khớp"), question

    def test_are_ages_and_birth_years(self, world: World):
        clean(world)
        assert [one.split(",")[0] for one in data_for("age-passed", unit=world.province, **QUARTER).missing] == [
            "Chưa khai tuổi nào phải chuyển nhóm",
            "1 người không rõ năm sinh nên không kiểm tra được.",
        ]

    def test_are_the_days_before_there_was_a_history(self, world: World):
        clean(world)
        for question in ("account-changed-late", "changed-after-signing"):
            missing = data_for(question, unit=world.province, **QUARTER).missing
            assert [one for one in missing if one.startswith("Nhật ký hệ thống chỉ có từ ngày")], question


ASK = ("answer_inspectors", "--unit", "97", "--from", "2024-07-01", "--to", "2024-09-30")


def test_by_command_too_who_asked_is_written_down(world: World, tmp_path: Path):
    clean(world)
    world.play()
    asker = User.objects.create(username="thanhtra", full_name="Đoàn thanh tra", role=Role.AUDITOR, unit=world.province)

    call_command(*ASK, "--folder", str(tmp_path), "--actor", asker.username, stdout=StringIO())

    assert list(PaperReading.objects.values_list("kind", "paper_id", "read_by")) == [("ANSWER", world.province.pk, asker.pk)]  # fmt: skip
    assert len(list(tmp_path.glob("*.pdf"))) == len(QUESTIONS)


def test_who_may_not_see_persons_is_told_nothing(world: World, tmp_path: Path):
    leader = User.objects.create(username="lanhdao", full_name="A", role=Role.LEADER, unit=world.province)

    with pytest.raises(CommandError):
        call_command(*ASK, "--folder", str(tmp_path / "x"), "--actor", leader.username)
    assert not (tmp_path / "x").exists() and not PaperReading.objects.exists()


class TestAnAccountOfSeveral:
    def share(self, world: World, first: Enrolment, *others: Enrolment) -> BankAccount:
        own = world.account(first.beneficiary)
        for other in others:
            BankAccount.objects.create(
                beneficiary=other.beneficiary, number=own.number, bank_bin=own.bank_bin, source="BANK", status="VERIFIED",
                opened_on=own.opened_on, holder_kind="GUARDIAN",
            )  # fmt: skip
        return own

    def test_names_everybody_on_it_whoever_was_paid_and_tells_accounts_apart(self, world: World):
        """Also who was not paid into it this time: the question is whose money may be taken from it."""
        paid, waiting, third, fourth = (world.person() for _ in range(4))
        one, two = self.share(world, paid, waiting), self.share(world, third, fourth)
        world.pay(paid, JULY, account=one)
        world.pay(third, JULY, account=two)
        world.play()

        cells = answer(question="shared-account", unit=world.province, now=NOW, **QUARTER).cells

        # By account, then by code as text: HS1000 stands before HS999.
        assert [row[1] for row in cells] == [*sorted([paid.code, waiting.code]), *sorted([third.code, fourth.code])]
        assert {row[1]: row[4] for row in cells} == {
            paid.code: 500_000, waiting.code: 0, third.code: 500_000, fourth.code: 0,
        }  # fmt: skip
        said = [str(row[5]) for row in cells]
        fours = [last_four_of(own) for own in (one, one, two, two)]
        assert [text.partition(";")[0] for text in said] == [f"Tài khoản …{four}, 2 người chung" for four in fours]
        assert "của chính chủ" in said[0] and "không được chi" not in said[0]
        assert "ghi là của người giám hộ" in said[1] and "kỳ này không được chi vào tài khoản này" in said[1]

    def test_counts_two_files_of_one_person_as_one(self, world: World):
        first, second = world.person(), world.person()
        own = self.share(world, first, second)
        world.pay(first, JULY, account=own)
        Beneficiary.objects.filter(pk=second.beneficiary_id).update(same_as=first.beneficiary)

        assert found(world, "shared-account") == []

    def test_does_not_name_who_is_out_of_reach_but_says_there_is_somebody(self, world: World):
        here, there = world.person(), world.person(commune=1)
        world.pay(here, JULY, account=self.share(world, here, there))
        world.play()

        (row,) = answer(question="shared-account", unit=world.communes[0], now=NOW, **QUARTER).cells

        assert row[1] == here.code and "2 người chung, 1 người ở địa bàn khác" in str(row[5])
