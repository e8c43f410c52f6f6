"""Lists that give no "Mã hồ sơ hưởng": the same people again are the same enrolments, and what is not certain is asked, never guessed."""

from typing import Any

import pytest

from beneficiaries.errors.files import ColumnsMissing
from beneficiaries.models import Beneficiary, Enrolment
from beneficiaries.services.intake.import_registry import Intake
from tests.beneficiaries.office_files import COLUMNS as ALL
from tests.beneficiaries.office_files import people, person, table
from tests.beneficiaries.offices import Offices

COLUMNS = {key: heading for key, heading in ALL.items() if key != "code"}


def receive(offices: Offices, *rows: dict[str, Any], columns: dict[str, str] = COLUMNS) -> Intake:
    return offices.receive(
        content=table([{k: v for k, v in row.items() if k in columns} for row in rows], columns=columns)
    )


def said(intake: Intake) -> set[str]:
    return {error.code for _, error in intake.remarks}


def test_are_taken_in_once_whole_in_parts_and_in_any_order(offices: Offices) -> None:
    three = people(3)
    assert receive(offices, *three[:2]).added == 2
    again = receive(offices, *reversed(three))
    assert (again.added, again.known, Enrolment.objects.count()) == (1, 2, 3)
    assert Enrolment.objects.values("code").distinct().count() == 3


def test_know_the_enrolments_that_came_with_a_code(offices: Offices) -> None:
    offices.receive(*people(3))
    assert (receive(offices, *people(3)).added, Enrolment.objects.count()) == (0, 3)


@pytest.mark.parametrize(("first", "then"), [("", "097042000001"), ("097042000001", "")])
def test_know_somebody_whose_number_came_or_was_left_out(offices: Offices, first: str, then: str) -> None:
    receive(offices, person(number=first))
    assert receive(offices, person(number=then)).added == 0


def test_know_somebody_renamed_by_the_number(offices: Offices) -> None:
    receive(offices, person())
    again = receive(offices, person(name="Nguyễn Văn Ân"))
    assert (again.added, again.changed) == (0, 1)


def test_with_another_number_beside_the_same_name_and_birth_date_ask(offices: Offices) -> None:
    receive(offices, person())
    again = receive(offices, person(number="097042000002"))
    assert (again.added, again.rejected) == (0, 1)
    assert "NUMBER_DIFFERS" in said(again)


def test_with_two_people_alike_ask_which(offices: Offices) -> None:
    """One name and year twice, told apart by numbers: a row without one could be either."""
    year = {"birth": "1942"}
    receive(offices, person(number="097042000001", **year), person(number="097042000002", **year))
    assert Enrolment.objects.count() == 2
    again = receive(offices, person(number="", **year))
    assert (again.added, "ROW_AMBIGUOUS" in said(again)) == (0, True)


def test_with_one_row_twice_take_it_once_and_say_so(offices: Offices) -> None:
    intake = receive(offices, person(number=""), person(number="", hamlet="THÔN 3"))
    assert (intake.added, intake.rejected, "ROW_REPEATED" in said(intake)) == (1, 1, True)


def test_keep_two_programmes_of_one_person_apart(offices: Offices) -> None:
    both = (person(), person(programme="NCC", category="TB-1"), person(programme="NCC", category="BB-1"))
    assert receive(offices, *both).added == 3
    assert (receive(offices, *both).added, Beneficiary.objects.count()) == (0, 1)


def test_codes_say_nothing_of_the_number(offices: Offices) -> None:
    receive(offices, person())
    code = Enrolment.objects.get().code
    assert code.startswith("97101-")
    assert "097042000001"[-6:] not in code


def test_a_heading_that_may_be_the_code_is_asked_about(offices: Offices) -> None:
    with pytest.raises(ColumnsMissing):
        receive(offices, person(), columns={"code": "Mã HS", **COLUMNS})
