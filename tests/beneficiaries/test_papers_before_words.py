"""What a word alone settles no more: a correction, whether somebody lives, a case that was taken from one, a funeral file that ended."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from beneficiaries.errors import CaseOfAnother, FuneralFileRefused, LifeWithoutPaper
from beneficiaries.errors.corrections import PaperNotSeen
from beneficiaries.models import (
    Case,
    Correction,
    CorrectionScan,
    FuneralFile,
    FuneralFileStep,
    LifeStatus,
)
from beneficiaries.services.cases.deciding import escalate_case, give_back_case, reject_case, settle_case, take_case
from beneficiaries.services.cases.duplicates import declare_not_the_same
from beneficiaries.services.cases.identities import identify_person
from beneficiaries.services.cases.proposals import propose_solution
from beneficiaries.services.cases.queue import work_of_today
from beneficiaries.services.corrections.confirm import confirm_correction
from beneficiaries.services.life_events.funeral import (
    DEATH_WITHDRAWN,
    GOES_ON,
    keep_funeral_files,
    record_funeral_status,
)
from staff.models import User
from tests.api.world import NOW, World, make_world
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import Offices, the_person
from tests.beneficiaries.test_case_decisions import AN, raise_about
from tests.beneficiaries.test_corrections import propose

Status = FuneralFileStep.Status


class TestACorrection:
    @pytest.fixture
    def proposed(self, offices: Offices) -> Correction:
        offices.receive(person(name="Nguyễn Văn Am"))
        return propose(offices, full_name="Nguyễn Văn An")

    @pytest.mark.parametrize("seen", ["", "   "])
    def test_is_not_in_force_before_anybody_saw_its_paper(self, offices: Offices, proposed, seen: str) -> None:
        with pytest.raises(PaperNotSeen):
            confirm_correction(correction_id=proposed.pk, actor=offices.maker, now=NOW, seen=seen)
        assert the_person().full_name == "Nguyễn Văn Am"

    def test_is_by_its_scan(self, offices: Offices, proposed: Correction) -> None:
        CorrectionScan.objects.create(
            correction=proposed, content_type="application/pdf", sealed=b"x", received_by=proposed.proposed_by, received_at=NOW
        )  # fmt: skip
        confirm_correction(correction_id=proposed.pk, actor=offices.maker, now=NOW)
        assert the_person().full_name == "Nguyễn Văn An"

    def test_is_by_an_original_the_second_person_names(self, offices: Offices, proposed: Correction) -> None:
        confirm_correction(
            correction_id=proposed.pk, actor=offices.maker, now=NOW, seen="Xem căn cước tại nhà, 14/06/2024"
        )
        assert Correction.objects.get().note == "Xem căn cước tại nhà, 14/06/2024"

    def test_is_not_by_any_other_hand(self, offices: Offices, proposed: Correction) -> None:
        with pytest.raises(IntegrityError, match="rests on a scan"), transaction.atomic():
            Correction.objects.update(status="IN_FORCE", decided_by=offices.maker, decided_at=NOW)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def officer(world: World) -> User:
    return world.staff["COMMUNE_OFFICER", "97101"]


class TestADeathInDoubt:
    @pytest.fixture
    def case(self, world: World) -> Case:
        raise_about(AN, reason="DEATH_IN_DOUBT")
        return Case.objects.get()

    @pytest.mark.parametrize("step", [settle_case, reject_case])
    def test_is_not_settled_by_a_clerks_word(self, case: Case, officer: User, step) -> None:
        with pytest.raises(LifeWithoutPaper):
            step(case_id=case.pk, actor=officer, note="Đã mất", document=" ", now=NOW)
        with pytest.raises(IntegrityError, match="settled by a paper"), transaction.atomic():
            Case.objects.update(status="SOLVED", decided_by=officer, decided_at=NOW)

    @pytest.mark.parametrize("step", [settle_case, reject_case])
    def test_is_by_the_paper_of_who_saw_the_person(self, case: Case, officer: User, step) -> None:
        assert step(case_id=case.pk, actor=officer, note="Còn sống", document="Biên bản 3/BB", now=NOW).document

    def test_is_by_the_death_that_was_told(self, case: Case, officer: User) -> None:
        LifeStatus.objects.create(beneficiary=case.beneficiary, deceased_on=date(2024, 7, 2), settled_at=NOW)
        done = settle_case(case_id=case.pk, actor=officer, note="Đã mất", document="", now=NOW)
        assert done.document == "Tin báo tử, mất ngày 02/07/2024"


# Whatever is answered, and whatever the case is about: each refuses before it looks further.
ANSWERS: list[tuple[Any, dict[str, Any]]] = [
    (settle_case, {"note": "Xong", "document": ""}),
    (reject_case, {"note": "Không có gì", "document": ""}),
    (escalate_case, {"proposal": "Đề nghị", "to": None}),
    (give_back_case, {"note": "Xã làm"}),
    (identify_person, {"number": "097042000001", "basis": "Thẻ căn cước"}),
    (declare_not_the_same, {"this_keeps_identity": True, "note": "Hai người"}),
    (propose_solution, {"solution": "SAME_PERSON", "proposal": {}, "note": "Một người", "document": ""}),
]


class TestACaseSomebodyTook:
    @pytest.mark.parametrize("step", [settle_case, reject_case])
    def test_is_decided_no_more_by_whom_it_was_taken_from(self, world: World, officer: User, step) -> None:
        raise_about(AN)
        case, colleague = Case.objects.get(), world.staff["MAKER", "97101"]
        for one in (officer, colleague):
            take_case(case_id=case.pk, actor=one, now=NOW)
        with pytest.raises(CaseOfAnother):
            step(case_id=case.pk, actor=officer, note="Không có gì", document="", now=NOW)
        with pytest.raises(CaseOfAnother):
            escalate_case(case_id=case.pk, actor=officer, proposal="Đề nghị", to=None, now=NOW)
        assert step(case_id=case.pk, actor=colleague, note="Xong", document="", now=NOW).decided_by == colleague

    @pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer[0].__name__)
    def test_has_no_answer_of_anybody_else(self, world: World, officer: User, answer) -> None:
        step, given = answer
        raise_about(AN)
        case, colleague = Case.objects.get(), world.staff["MAKER", "97101"]
        if step is give_back_case:
            escalate_case(case_id=case.pk, actor=colleague, proposal="Đề nghị", to=None, now=NOW)
        take_case(case_id=case.pk, actor=colleague, now=NOW)
        with pytest.raises(CaseOfAnother):
            step(case_id=case.pk, actor=officer, now=NOW, **given)
        assert Case.objects.get().owner == colleague

    def test_is_given_to_nobody_else_by_another_kind_of_answer(self, world: World, officer: User) -> None:
        raise_about(AN)
        case, colleague = Case.objects.get(), world.staff["MAKER", "97101"]
        take_case(case_id=case.pk, actor=colleague, now=NOW)
        with pytest.raises(CaseOfAnother):
            identify_person(case_id=case.pk, number="097042000001", basis="Thẻ căn cước", actor=officer, now=NOW)

    def test_is_everybodys_work_again_once_who_took_it_has_left(self, world: World, officer: User) -> None:
        raise_about(AN)
        case, colleague = Case.objects.get(), world.staff["MAKER", "97101"]
        take_case(case_id=case.pk, actor=colleague, now=NOW)
        assert not work_of_today(officer, now=NOW).exists()
        User.objects.filter(pk=colleague.pk).update(is_active=False)
        assert [one.pk for one in work_of_today(officer, now=NOW)] == [case.pk]

    def test_may_be_taken_back_first(self, world: World, officer: User) -> None:
        raise_about(AN)
        case = Case.objects.get()
        for one in (world.staff["MAKER", "97101"], officer):
            take_case(case_id=case.pk, actor=one, now=NOW)
        assert settle_case(case_id=case.pk, actor=officer, note="Xong", document="", now=NOW).status == "SOLVED"


class TestAFuneralFile:
    @pytest.fixture
    def file(self, offices: Offices) -> FuneralFile:
        offices.receive(person())
        keep_funeral_files(dead=[the_person().pk], alive=[], actor=offices.maker, now=NOW)
        return FuneralFile.objects.get()

    def step(self, file: FuneralFile, status: str, by: User) -> None:
        FuneralFileStep.objects.create(file=file, status=status, reason="thử", recorded_by=by, recorded_at=NOW)

    @pytest.mark.parametrize("before", list(Status))
    @pytest.mark.parametrize("after", list(Status))
    def test_goes_where_the_table_says_and_nowhere_else(self, offices: Offices, file, before: str, after: str) -> None:
        if before != Status.NOT_RECEIVED:
            self.step(file, before, offices.maker)
        told = {
            "file_id": file.pk,
            "status": after,
            "reason": "thử",
            "file_number": "",
            "actor": offices.maker,
            "now": NOW,
        }
        if after in GOES_ON[Status(before)]:
            record_funeral_status(**told)
            assert file.steps.order_by("pk").last().status == after
        else:
            with pytest.raises(FuneralFileRefused, match="không ghi lùi"):
                record_funeral_status(**told)
            assert file.steps.order_by("pk").last().status == before

    @pytest.mark.parametrize(
        ("before", "after"), [("SETTLED", "IN_PROGRESS"), ("IN_PROGRESS", "NOT_RECEIVED"), ("STOPPED", "SETTLED")]
    )
    def test_goes_back_by_no_other_hand(self, offices: Offices, file, before: str, after: str) -> None:
        self.step(file, before, offices.maker)
        with pytest.raises(IntegrityError, match="may not move"), transaction.atomic():
            self.step(file, after, offices.maker)

    def test_that_a_withdrawn_death_stopped_begins_again_with_the_next(self, offices: Offices, file) -> None:
        one = [the_person().pk]
        keep_funeral_files(dead=[], alive=one, actor=offices.maker, now=NOW)
        assert file.steps.order_by("pk").last().reason == DEATH_WITHDRAWN
        keep_funeral_files(dead=one, alive=[], actor=offices.maker, now=NOW)
        assert file.steps.order_by("pk").last().status == "NOT_RECEIVED"
