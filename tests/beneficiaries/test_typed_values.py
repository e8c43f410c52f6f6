"""What people type into cells: read when it has one meaning, refused when it has none or two."""

import unicodedata
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.parsers.values import (
    BirthDate,
    read_birth,
    read_coefficient,
    read_date,
    read_identity_number,
    read_month,
    read_paper_date,
    tidy_name,
)

DATES = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))


class TestDate:
    @pytest.mark.parametrize(
        "typed",
        ["05/09/1942", "5/9/1942", "05-09-1942", "5.9.1942", " 05 / 09 / 1942 ", "05091942", "1942-09-05",
         date(1942, 9, 5), datetime(1942, 9, 5, 8, 30)],  # noqa: DTZ001 - a cell has no zone
    )  # fmt: skip
    def test_is_read_in_every_usual_form_day_first(self, typed: str | date) -> None:
        assert read_date(typed) == date(1942, 9, 5)

    @pytest.mark.parametrize(
        "typed", ["", None, "31/02/1942", "00/01/1942", "9/1942", "05/09/42", "mồng 5", "5/9/1942/1", "1942", 15223.0]
    )
    def test_is_not_guessed(self, typed: str | float | None) -> None:
        assert read_date(typed) is None

    @pytest.mark.parametrize(
        ("typed", "day"),
        [("5/9/24", date(2024, 9, 5)), ("05-09-01", date(2001, 9, 5)), ("5.9.44", date(2044, 9, 5)), ("5/9/45", None), ("5/9/98", None),
         ("31/2/24", None), ("05/09/2024", date(2024, 9, 5))],
    )  # fmt: skip
    def test_of_a_decision_may_leave_the_century_out_where_only_one_is_left(self, typed: str, day: date | None) -> None:
        assert read_paper_date(typed) == day
        assert read_date(typed) == (day if len(typed) == 10 else None)

    @given(DATES)
    def test_comes_back_from_each_form_it_is_written_in(self, day: date) -> None:
        forms = [f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day.year}", f"{day:%d%m%Y}", day.isoformat(), day]
        assert {read_date(form) for form in forms} == {day}

    @given(st.text(max_size=12))
    def test_never_fails_on_any_text(self, text: str) -> None:
        assert read_date(text) is None or isinstance(read_date(text), date)


class TestBirth:
    @pytest.mark.parametrize("typed", ["1942", 1942, 1942.0])
    def test_may_be_a_year_alone(self, typed: str | float) -> None:
        assert read_birth(typed) == BirthDate(year=1942, full=None)

    @pytest.mark.parametrize(
        "typed", ["ngày … tháng … năm 1942", "ngày ... tháng ... năm 1942", "năm 1942", "Sinh năm 1942"]
    )
    def test_of_a_form_with_the_year_alone_filled_in_is_that_year(self, typed: str) -> None:
        assert read_birth(typed) == BirthDate(year=1942, full=None)

    @pytest.mark.parametrize(
        "typed",
        ["mồng 5 tháng 9 năm 1942", "mùng 5 tháng 9 năm 1942", "Ngày 05 tháng 09 năm 1942", "ngay 5 thang 9 nam 1942"],
    )
    def test_may_be_written_in_words(self, typed: str) -> None:
        forms = [typed, unicodedata.normalize("NFD", typed)]
        assert [read_birth(form) for form in forms] == [BirthDate(year=1942, full=date(1942, 9, 5))] * 2

    @pytest.mark.parametrize("typed", [5091942, 5091942.0, "5091942"])
    def test_gets_back_the_zero_a_number_lost(self, typed: str | float) -> None:
        assert read_birth(typed) == BirthDate(year=1942, full=date(1942, 9, 5))

    @pytest.mark.parametrize(
        "typed",
        [
            "1899",
            "05/09/1899",
            "ngày … tháng … năm 1899",
            "mồng 31 tháng 2 năm 1942",
            "194",
            "19420",
            "không rõ",
            None,
            "",
        ],
    )
    def test_is_left_open_when_it_is_no_birth_date(self, typed: str | None) -> None:
        assert read_birth(typed) is None


class TestMonth:
    @pytest.mark.parametrize(
        "typed", ["09/2024", "9/2024", "9-2024", "tháng 9/2024", "Tháng 09/2024", "15/09/2024", date(2024, 9, 15)]
    )
    def test_is_its_first_day(self, typed: str | date) -> None:
        assert read_month(typed) == date(2024, 9, 1)

    @pytest.mark.parametrize("typed", ["13/2024", "0/2024", "2024", "9/24", "quý 3", None])
    def test_is_not_guessed(self, typed: str | None) -> None:
        assert read_month(typed) is None


class TestIdentityNumber:
    @pytest.mark.parametrize(
        "typed",
        ["001042000001", "001 042 000 001", "001.042.000.001", "001042-000001", 1042000001, 1042000001.0, "1042000001"],
    )
    def test_is_its_twelve_digits_with_lost_zeros_put_back(self, typed: str | float) -> None:
        assert read_identity_number(typed) == "001042000001"

    def test_gets_back_a_single_lost_zero(self) -> None:
        assert read_identity_number(97042000001) == "097042000001"

    def test_of_an_old_card_keeps_its_nine_digits(self) -> None:
        assert read_identity_number("012345678") == "012345678"

    @pytest.mark.parametrize(
        "typed",
        ["1.23E+11", "1,23E+11", "12345678", "1234567890123", "09704200000l", "٠٩٧٠٤٢٠٠٠٠٠١", "không có", "", None],
    )
    def test_is_none_when_it_is_no_number_of_a_person(self, typed: str | None) -> None:
        assert read_identity_number(typed) is None

    @pytest.mark.parametrize("typed", [12345678.9, 1042000001.5])
    def test_is_never_made_from_a_fraction(self, typed: float) -> None:
        assert read_identity_number(typed) is None

    @given(st.integers(0, 10**12 - 1))
    def test_is_read_alike_as_text_and_as_a_number_while_ten_digits_are_left(self, number: int) -> None:
        text = f"{number:012d}"
        expected = text if len(str(number)) >= 10 else read_identity_number(str(number))
        assert read_identity_number(float(number)) == expected
        assert read_identity_number(text) == text


class TestCoefficient:
    @pytest.mark.parametrize("typed", ["1,5", "1.5", 1.5, " 1,50 "])
    def test_is_read_with_comma_and_point(self, typed: str | float) -> None:
        assert read_coefficient(typed) == Decimal("1.5")

    def test_of_a_formula_is_what_the_clerk_sees(self) -> None:
        assert read_coefficient(0.1 + 0.2) == Decimal("0.3")

    @pytest.mark.parametrize(
        "typed", ["0", "-1", "", None, "một", "1.5.2", "NaN", "Infinity", 100, "1e1", "1_5", "１.５"]
    )
    def test_is_none_when_it_is_no_coefficient(self, typed: str | int | None) -> None:
        assert read_coefficient(typed) is None

    @pytest.mark.parametrize("typed", ["0,001", "1,555", 0.001])
    def test_finer_than_the_decree_is_refused_not_rounded(self, typed: str | float) -> None:
        assert read_coefficient(typed) is None


class TestName:
    @given(st.text(max_size=30))
    def test_tidied_twice_is_tidied_once(self, name: str) -> None:
        assert tidy_name(tidy_name(name)) == tidy_name(name)

    def test_keeps_its_letters_and_loses_only_spare_spaces(self) -> None:
        assert tidy_name("  NGUYỄN   Văn\tÐức ") == "NGUYỄN Văn Ðức"
