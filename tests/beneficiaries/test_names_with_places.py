"""A hamlet typed behind a name is no part of the name: the name stands alone, the hamlet is kept, and the row says that somebody should look."""

import pytest

from beneficiaries.models import Beneficiary
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import Offices


@pytest.mark.parametrize(
    ("typed", "name", "code"),
    [
        ("Nguyễn Văn An, thôn 3", "Nguyễn Văn An", "NAME_WITH_PLACE"),
        ("Nguyễn Văn An - Thôn 3", "Nguyễn Văn An", "NAME_WITH_PLACE"),
        ("Nguyễn Văn An tổ dân phố 5", "Nguyễn Văn An", "NAME_WITH_PLACE"),
        ("Nguyễn Văn An, con ông Tư", "Nguyễn Văn An", "NAME_WITH_REMARK"),
        ("Nguyễn Văn Bản", "Nguyễn Văn Bản", ""),
        ("Trần Thị Thôn", "Trần Thị Thôn", ""),
        ("An, Nguyễn Văn", "An, Nguyễn Văn", ""),
        ("H'Hen Niê", "H'Hen Niê", ""),
    ],
)
def test_of_a_list_is_read_apart_and_said(offices: Offices, typed: str, name: str, code: str) -> None:
    intake = offices.receive(person(name=typed))
    said = {error.code for _, error in intake.remarks if error.code.startswith("NAME_WITH")}
    assert (Beneficiary.objects.get().full_name, said) == (name, {code} - {""})


def test_gives_the_hamlet_where_none_is_said_and_takes_none_away(offices: Offices) -> None:
    offices.receive(
        person(name="Nguyễn Văn An, thôn 7", hamlet=""),
        person(code="97101-000002", number="097042000002", name="Lê Văn Hai, thôn 7", hamlet="Thôn 3"),
    )
    assert dict(Beneficiary.objects.values_list("full_name", "hamlet")) == {
        "Nguyễn Văn An": "Thôn 7", "Lê Văn Hai": "Thôn 3",
    }  # fmt: skip


def test_is_the_same_list_again(offices: Offices) -> None:
    offices.receive(person(name="Nguyễn Văn An, thôn 3"))
    again = offices.receive(person(name="Nguyễn Văn An, thôn 3"))
    assert again.repeated or (again.added, again.changed) == (0, 0)
