"""Dates in every form offices write, with what is really known of them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.linkage.dates import Precision, read_written_date

TODAY = date(2026, 11, 22)
DATES = st.dates(date(1901, 1, 1), TODAY)


@pytest.mark.parametrize(
    "written",
    ["5/9/1942", "05-09-1942", "05.09.1942", "5.9.42", "05091942", "5091942", 5091942.0, "050942", "1942-09-05", "19420905", 15589, "15589",
     "ngày 5 tháng 9 năm 1942", "Ngày 05 tháng 09 năm 1942", date(1942, 9, 5), datetime(1942, 9, 5), " 5 / 9 / 1942 ",  # noqa: DTZ001
     "mồng 5 tháng 9 năm 1942", "ngày mùng 5 tháng 9 năm 1942", "Mùng 5 tháng 9 năm 1942", "5 tháng 9 năm 1942", "ngay mong 5 thang 9 nam 1942",
     "5/9/1942 (theo khai sinh)"],
)  # fmt: skip
def test_every_form_of_one_day_reads_alike(written: object) -> None:
    read = read_written_date(written, latest=TODAY)

    assert read is not None
    assert (read.full, read.precision) == (date(1942, 9, 5), Precision.DAY)


@pytest.mark.parametrize(
    ("written", "precision", "year", "month"),
    [("1942", Precision.YEAR, 1942, None), ("Sinh năm 1942", Precision.YEAR, 1942, None), ("khoảng 1942", Precision.YEAR, 1942, None),
     (1942.0, Precision.YEAR, 1942, None), ("00/00/1942", Precision.YEAR, 1942, None),
     ("ngày … tháng … năm 1942", Precision.YEAR, 1942, None), ("ngày ... tháng 9 năm 1942", Precision.MONTH, 1942, 9), ("9/1942", Precision.MONTH, 1942, 9),
     ("091942", Precision.MONTH, 1942, 9), ("tháng 9 năm 1942", Precision.MONTH, 1942, 9), ("00/09/1942", Precision.MONTH, 1942, 9),
     ("01/01/1942", Precision.DEFAULTED, 1942, 1), ("31/02/1942", Precision.YEAR, 1942, None), ("13/1942", Precision.YEAR, 1942, None)],
)  # fmt: skip
def test_no_more_is_claimed_than_was_written(
    written: object, precision: Precision, year: int, month: int | None
) -> None:
    read = read_written_date(written, latest=TODAY)

    assert read is not None
    assert (read.precision, read.year, read.month) == (precision, year, month)


@pytest.mark.parametrize(
    "nothing", ["", None, "không rõ", "1234", "5/9/2030", "abc", "12345678901", True, "1/2/3/4", "23/11/2026"]
)
def test_what_is_no_date_of_a_life_is_none(nothing: object) -> None:
    assert read_written_date(nothing, latest=TODAY) is None


def test_the_other_date_it_may_mean_is_named() -> None:
    read = read_written_date("5/9/1942", latest=TODAY)

    assert read is not None
    assert read.swapped == date(1942, 5, 9)


def test_what_leaves_no_choice_is_put_right_and_said() -> None:
    read = read_written_date("9/25/1942", latest=TODAY)

    assert read is not None
    assert (read.full, read.swapped) == (date(1942, 9, 25), None)
    assert "đảo" in read.doubt


def test_a_short_year_that_may_be_of_either_century_is_doubtful() -> None:
    young, old = (read_written_date(text, latest=TODAY) for text in ("5/9/20", "5/9/42"))

    assert young is not None and old is not None
    assert (young.year, bool(young.doubt), old.year, old.doubt) == (2020, True, 1942, "")


@given(DATES)
def test_day_first_month_first_and_iso_agree(day: date) -> None:
    forms = [
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d%m%Y}",
        f"{day:%Y-%m-%d}",
        f"ngày {day.day} tháng {day.month} năm {day.year}",
    ]

    assert {read.full for form in forms if (read := read_written_date(form, latest=TODAY))} == {day}


@given(DATES)
def test_swapping_twice_is_the_same_date(day: date) -> None:
    read = read_written_date(f"{day:%d/%m/%Y}", latest=date(2100, 1, 1))

    assert read is not None
    if read.swapped:
        again = read_written_date(f"{read.swapped:%d/%m/%Y}", latest=date(2100, 1, 1))
        assert again is not None
        assert again.swapped == day


@given(st.one_of(st.text(max_size=20), st.integers(), st.floats(allow_nan=True)))
def test_nothing_breaks_it(value: object) -> None:
    read = read_written_date(value, latest=TODAY)

    assert read is None or 1850 <= read.year <= TODAY.year
