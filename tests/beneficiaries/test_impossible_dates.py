"""Days that are in no calendar: the clerk reads what is wrong with which cell and what to write, not that something is missing."""

from datetime import date

import pytest

from beneficiaries.models import Decision
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import Offices, the_person


def remarks(offices: Offices, **cells: object) -> dict[str, str]:
    """What is said about one row, by code."""
    taken = offices.receive(person(**cells))
    return {error.code: error.sentence for _, error in taken.remarks}


@pytest.mark.parametrize(
    ("birth", "says", "year"),
    [
        ("40/11/1950", "không có trong lịch", 1950),
        ("31/02/1950", "không có trong lịch", 1950),
        ("29/2/1951", "không có trong lịch", 1951),
        ("13/13/1950", "không có trong lịch", 1950),
        ("00/00/1950", "Chưa có đủ ngày, tháng sinh", 1950),
        ("0/5/1950", "Chưa có đủ ngày, tháng sinh", 1950),
        ("1950?", "có dấu hỏi", None),
        ("không rõ", "Không đọc được ngày sinh", None),
    ],
)
def test_a_birth_says_what_is_wrong_and_what_to_write(
    offices: Offices, birth: str, says: str, year: int | None
) -> None:
    said = remarks(offices, birth=birth)

    (sentence,) = [text for code, text in said.items() if code.startswith("BIRTH")]
    assert says in sentence and "mời" in sentence
    assert (the_person().birth_year, the_person().birth_date) == (year, None)


@pytest.mark.parametrize("signed", ["40/11/2023", "31/02/2015", "00/00/2015", "2015?", "08/2015"])
def test_a_day_of_a_decision_that_can_not_be_is_not_called_missing(offices: Offices, signed: str) -> None:
    said = remarks(offices, decision_date=signed)

    assert "không có trong lịch" in said["DECISION_DATE_UNREADABLE"] and "DECISION_MISSING" not in said
    assert not Decision.objects.exists()


def test_a_decisions_year_of_two_digits_is_read_where_it_is_certain(offices: Offices) -> None:
    assert "DECISION_DATE_UNREADABLE" not in remarks(offices, decision_date="15/3/23")
    assert Decision.objects.get().signed_on == date(2023, 3, 15)


def test_a_decision_without_number_is_said_beside_its_day(offices: Offices) -> None:
    said = remarks(offices, decision_date="40/11/2023", decision_number=None)

    assert {"DECISION_DATE_UNREADABLE", "DECISION_MISSING"} <= said.keys()


@pytest.mark.parametrize(
    ("until", "code"), [("40/06/2025", "PAYEE_UNTIL_UNREADABLE"), (None, "AUTHORISATION_WITHOUT_TERM")]
)
def test_the_end_of_a_power_of_attorney(offices: Offices, until: str | None, code: str) -> None:
    said = remarks(offices, payee_name="Võ Văn Năm", payee_relation="Người được ủy quyền", payee_until=until)

    assert [one for one in said if one.startswith(("PAYEE", "AUTHORISATION"))] == [code]
