"""Residents found while a clerk types: at most five, with their evidence, never outside the scope, never without a trace."""

import pytest
from django.db import Error, connection, transaction

from beneficiaries.models import CandidateLookup, IdentityRecord
from beneficiaries.services.identity.candidates import SHOWN, Candidate, Typed, find_candidates
from staff.errors import NotAllowed
from tests.beneficiaries.offices import ELSEWHERE, HOME, NOW, Offices


def look(offices: Offices, *, at: str = HOME, by: str = HOME, **typed: str) -> list[Candidate]:
    return find_candidates(
        typed=Typed(**typed), unit=offices.units[at], purpose="NEW_FILE", actor=offices.officers[by], now=NOW
    )


def resident(nth: int, name: str, birth: str = "05/09/1942", **changes: str) -> dict[str, str]:
    return {"so_dinh_danh": f"0970420{nth:05d}", "ho_ten": name, "ngay_sinh": birth, **changes}


@pytest.fixture
def town(offices: Offices) -> Offices:
    offices.know_residents(
        resident(1, "Nguyễn Văn An"),
        resident(2, "Nguyễn Văn Ân", "06/09/1942"),
        resident(3, "Nguyễn Văn An", "05/09/1950"),
        resident(4, "Nguyễn Thị Hoà", "09/05/1942"),
        resident(5, "Nguyễn Văn An", ma_xa=ELSEWHERE),
        resident(6, "Nguyễn Văn Anh", ngay_mat="01/02/2020"),
        *(resident(10 + nth, "Trần Văn Đông", f"{nth + 1:02d}/03/1960") for nth in range(9)),
    )
    return offices


class TestWhoIsShown:
    def test_the_likeliest_first_with_what_speaks_for_it(self, town: Offices) -> None:
        found = look(town, name="nguyen van an", birth="5/9/1942")

        assert (found[0].full_name, found[0].evidence) == (
            "Nguyễn Văn An",
            ["họ tên trùng, khác dấu", "ngày sinh trùng"],
        )
        assert [one.full_name for one in found[1:]] == ["Nguyễn Văn Anh", "Nguyễn Văn Ân"]

    def test_by_number_alone_once_it_is_whole(self, town: Offices) -> None:
        found = look(town, number="097042 000 004")

        assert [(one.full_name, one.evidence) for one in found] == [("Nguyễn Thị Hoà", ["số định danh trùng"])]
        assert look(town, number="097042 000 0") == []

    @pytest.mark.parametrize(
        ("typed", "evidence"),
        [({"name": "Bà Ng.T. Hòa", "birth": "1942"}, "họ tên khớp với tên viết tắt"),
         ({"name": "Hòa Nguyễn Thị", "birth": "1942"}, "họ tên trùng, khác thứ tự"),
         ({"name": "NguyễnThịHòa", "birth": "5/9/1942"}, "ngày sinh trùng khi đổi chỗ ngày và tháng"),
         ({"name": "Nguyễn Thị Hòa", "birth": "1943"}, "năm sinh lệch 1 năm"), ({"name": "nguyen thi", "birth": "1942"}, "họ tên bắt đầu giống")],
    )  # fmt: skip
    def test_however_it_is_typed(self, typed: dict[str, str], evidence: str, town: Offices) -> None:
        found = look(town, **typed)

        assert found[0].full_name == "Nguyễn Thị Hoà"
        assert evidence in found[0].evidence

    def test_by_a_surname_that_reads_like_a_title(self, town: Offices) -> None:
        IdentityRecord.objects.filter(full_name="Nguyễn Thị Hoà").update(
            full_name="Chu Ngọc Lan", name_key="chungoclan"
        )
        assert [one.full_name for one in look(town, name="CHU NGOC LAN")][:1] == ["Chu Ngọc Lan"]

    def test_that_a_resident_is_dead_is_said(self, town: Offices) -> None:
        found = look(town, name="Nguyễn Văn Anh", birth="1942")

        assert found[0].evidence[-1] == "dữ liệu dân cư ghi đã mất ngày 01/02/2020"

    def test_never_more_than_five(self, town: Offices) -> None:
        assert len(look(town, name="Trần Văn Đông")) == SHOWN

    @pytest.mark.parametrize(
        "typed",
        [{}, {"name": "Ng"}, {"birth": "1942"}, {"number": "097042"}, {"name": "%%%%"}, {"name": "Lê Thị Không"}],
    )
    def test_nobody_for_too_little(self, typed: dict[str, str], town: Offices) -> None:
        assert look(town, **typed) == []


class TestScope:
    def test_nobody_of_another_commune_is_found_even_by_number(self, town: Offices) -> None:
        assert look(town, number="097042000005") == []
        assert {one.unit_id for one in look(town, name="Nguyễn Văn An")} == {town.units[HOME].pk}

    def test_whether_somebody_elsewhere_has_a_number_is_not_told(self, town: Offices) -> None:
        known, unknown = "097042000005", "097042000999"  # of the other commune; of nobody
        assert [one.evidence for one in look(town, name="Nguyễn Văn An", number=known)] == [
            one.evidence for one in look(town, name="Nguyễn Văn An", number=unknown)
        ]

    def test_another_commune_can_not_be_asked(self, town: Offices) -> None:
        with pytest.raises(NotAllowed):
            look(town, at=ELSEWHERE, name="Nguyễn Văn An")

    def test_the_province_sees_both(self, town: Offices) -> None:
        assert len({one.unit_id for one in look(town, at="97", by="97", name="Nguyễn Văn An")}) == 2


class TestTrace:
    def test_says_who_why_and_whom_but_not_what_was_typed(self, town: Offices) -> None:
        found = look(town, name="Nguyễn Văn An", birth="1942")

        kept = CandidateLookup.objects.get()
        assert (kept.actor, kept.purpose, kept.shown) == (
            town.officers[HOME],
            "NEW_FILE",
            [one.identity_id for one in found],
        )
        assert {field.name for field in CandidateLookup._meta.get_fields()} == {
            "id",
            "actor",
            "unit",
            "purpose",
            "looked_at",
            "shown",
        }

    def test_is_left_even_when_nobody_was_found(self, town: Offices) -> None:
        look(town, name="Lê Thị Không")

        assert CandidateLookup.objects.get().shown == []

    @pytest.mark.parametrize(
        "statement",
        ["DELETE FROM beneficiaries_candidatelookup", "UPDATE beneficiaries_candidatelookup SET shown = '{}'"],
    )
    def test_stays(self, statement: str, town: Offices) -> None:
        look(town, name="Nguyễn Văn An")

        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_shows_no_number_anywhere(self, town: Offices) -> None:
        found = look(town, name="Nguyễn Văn An", number="097042000001")

        assert "097042000001" not in repr(found) + repr(Typed(number="097042000001"))
