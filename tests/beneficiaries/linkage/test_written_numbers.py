"""Identification numbers: what is certain is repaired, and which digit is doubtful is said without saying the number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vn_ident import is_valid_cccd, parse_cccd
from vn_ident.tables import PROVINCE_NAMES

from beneficiaries.linkage.numbers import NumberKind, read_number, registration_codes
from staff.national_units import national_units

RIGHT = "001042123456"
PROVINCES = sorted(f"0{code}" for code in national_units().former_provinces)


def doubtful(value: object, *, birth_year: int | None = 1942, sex: str | None = "MALE") -> list[tuple[int, int]]:
    return [(doubt.first, doubt.last) for doubt in read_number(value, birth_year=birth_year, sex=sex).doubts]


@pytest.mark.parametrize(
    "written",
    [
        RIGHT,
        "001 042 123 456",
        "001.042.123-456",
        "OO1042123456",
        "00l042123456",
        "1042123456",
        "01042123456",
        1042123456.0,
        "1.042123456E+9",
    ],
)
def test_every_way_of_writing_one_number_reads_alike(written: object) -> None:
    read = read_number(written, birth_year=1942, sex="MALE")

    assert (read.digits, read.kind, read.doubts) == (RIGHT, NumberKind.PERSONAL, ())
    assert bool(read.repairs) == (re.sub(r"\D", "", str(written)) != RIGHT)


@pytest.mark.parametrize(
    ("number", "places"),
    [("003042123456", [(1, 3)]), ("001142123456", [(4, 4)]), ("001242123456", [(4, 4)]), ("001024123456", [(5, 6)]), ("001052123456", [(5, 5)]),
     ("001043123456", [(6, 6)]), ("001077123456", [(5, 6)]), ("003152123456", [(1, 3), (4, 4), (5, 5)]), ("111111111111", [(1, 12)]),
     ("301042123456", [])],
)  # fmt: skip
def test_the_doubtful_digit_is_named(number: str, places: list[tuple[int, int]]) -> None:
    assert doubtful(number) == places


@pytest.mark.parametrize(
    ("written", "kind"),
    [("123456789", NumberKind.OLD_CARD), ("12345678", NumberKind.OLD_CARD), ("1.23E+11", NumberKind.NONE), ("1.23E11", NumberKind.NONE),
     ("chưa có", NumberKind.NONE), ("0010421234567", NumberKind.NONE), ("1234567", NumberKind.NONE), ("", NumberKind.NONE), (None, NumberKind.NONE)],
)  # fmt: skip
def test_what_it_is_by_its_shape(written: object, kind: NumberKind) -> None:
    read = read_number(written)

    assert read.kind is kind
    assert bool(read.digits) == (kind is not NumberKind.NONE)
    assert written in ("", None, "123456789") or read.doubts


def test_a_code_of_its_own_may_be_known_to_an_installation() -> None:
    assert read_number("097042123456", birth_year=1942, sex="MALE", extra_codes={"097"}).doubts == ()


def test_old_province_codes_stay_for_life() -> None:
    assert {code for code in registration_codes() if code.startswith("0")} == set(PROVINCE_NAMES)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_agrees_with_an_independent_reading(digits: str) -> None:
    other = parse_cccd(digits) if is_valid_cccd(digits) else None
    sex = {"male": "MALE", "female": "FEMALE"}[other.gender] if other else None
    read = read_number(digits, birth_year=other.birth_year if other else None, sex=sex)

    assert (
        (other is None) == any(doubt.first == 1 and doubt.last == 3 for doubt in read.doubts)
        or digits[0] in "123"
        or len(set(digits[6:])) == 1
    )


@given(
    st.one_of(st.text(max_size=20), st.floats(), st.integers(min_value=0)),
    st.integers(1850, 2090),
    st.sampled_from(["MALE", "FEMALE"]),
)
def test_no_sentence_holds_the_number(value: object, year: int, sex: str) -> None:
    read = read_number(value, birth_year=year, sex=sex)
    said = " ".join((*read.repairs, *(doubt.sentence for doubt in read.doubts)))

    assert read.digits == "" or read.digits not in said
    assert not re.search(r"\d{5}", said)
    assert read.digits == "" or read.digits not in repr(read)
