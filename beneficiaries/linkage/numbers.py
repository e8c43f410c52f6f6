"""Identification numbers as people type them: repaired where that is certain, and which digit is doubtful where it is not.

A personal number has no check digit. Digits 1-3: province or country of birth registration (codes before 2025, for life); 4: century and sex;
5-6: year of birth; 7-12: random. Source: Decree 137/2015/NĐ-CP art. 13, Circular 59/2021/TT-BCA. No sentence here holds a number (I14).
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from staff.national_units import national_units

COUNTRY_CODES = frozenset(f"{code:03d}" for code in range(100, 400))  # born abroad; which country never matters here
_LETTERS_FOR_DIGITS = str.maketrans({"O": "0", "o": "0", "Q": "0", "l": "1", "I": "1", "i": "1", "|": "1"})
_SEPARATORS = re.compile(r"[\s.\-_'\u2019]")
_EXPONENT = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,2})", re.IGNORECASE)
_SEX_WORDS = {"MALE": "nam", "FEMALE": "nữ"}


class NumberKind(StrEnum):
    """What a number is by its shape."""

    PERSONAL = "PERSONAL"
    OLD_CARD = "OLD_CARD"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Which digits are doubtful (counted from 1, both ends included), and why, in a clerk's words."""

    first: int
    last: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """`digits` after certain repairs (12 or 9), or "" when it is no number; `repairs` says what was put right."""

    original: str = field(repr=False)
    digits: str = field(repr=False)
    kind: NumberKind
    repairs: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@cache
def registration_codes() -> frozenset[str]:
    """Codes of the 63 provinces before 1 July 2025 and of countries; an installation may know more of them."""
    return frozenset(f"0{code}" for code in national_units().former_provinces) | COUNTRY_CODES


def read_number(
    value: object,
    *,
    birth_year: int | None = None,
    sex: str | None = None,
    extra_codes: Collection[str] = (),
) -> ReadNumber:
    """Read one number and hold it against birth year and sex (MALE, FEMALE) where they are known."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value or "").strip()
    digits, repairs, doubts = _digits_of(text)
    if len(digits) in (10, 11):
        digits = digits.zfill(12)
        repairs.append("Thêm lại số 0 ở đầu (bảng tính đã bỏ mất).")
    elif len(digits) == 8:
        digits = digits.zfill(9)
        doubts.append(Doubt(1, 1, "Số chứng minh nhân dân chỉ có 8 chữ số, có thể mất số 0 ở đầu."))
    kind = {12: NumberKind.PERSONAL, 9: NumberKind.OLD_CARD}.get(len(digits), NumberKind.NONE)
    if kind is NumberKind.NONE:
        if text and not doubts:
            doubts.append(Doubt(1, len(digits) or 1, _not_a_number(digits)))
        return ReadNumber(text, "", kind, tuple(repairs), tuple(doubts))
    if kind is NumberKind.PERSONAL:
        doubts.extend(doubts_of(digits, birth_year=birth_year, sex=sex, extra_codes=extra_codes))
    elif len(set(digits)) == 1:
        doubts.append(Doubt(1, 9, "Chín chữ số giống nhau: số điền cho có."))
    return ReadNumber(text, digits, kind, tuple(repairs), tuple(doubts))


def doubts_of(
    digits: str, *, birth_year: int | None = None, sex: str | None = None, extra_codes: Collection[str] = ()
) -> Iterator[Doubt]:
    """What of a number of 12 digits can't be, or does not agree with birth year and sex; the first doubtful digit first."""
    if len(set(digits)) == 1 or (len(set(digits[6:])) == 1 and digits[6] == "0"):
        yield Doubt(1, 12, "Các chữ số giống nhau: số điền cho có.")
        return
    if digits[:3] not in registration_codes() and digits[:3] not in extra_codes:
        yield Doubt(1, 3, "Ba số đầu không phải mã tỉnh hay mã nước nào; mời xem lại số thứ nhất đến thứ ba.")
    if sex in _SEX_WORDS and _sex_of(digits) != sex:
        yield Doubt(4, 4, f"Số thứ tư là của {_SEX_WORDS[_sex_of(digits)]}, hồ sơ ghi {_SEX_WORDS[sex]}.")
    if birth_year is not None:
        yield from _year_doubts(digits, birth_year=birth_year)


def _year_doubts(digits: str, *, birth_year: int) -> Iterator[Doubt]:
    # Whoever was born before 1900 has a number of the first century there is.
    century, year = (max(birth_year, 1900) - 1900) // 100, f"{birth_year % 100:02d}"
    if int(digits[3]) // 2 != century:
        yield Doubt(
            4,
            4,
            f"Số thứ tư là của người sinh từ năm {1900 + 100 * (int(digits[3]) // 2)}, hồ sơ ghi sinh năm {birth_year}.",
        )
    if digits[4:6] == year:
        return
    if digits[4:6] == year[::-1]:
        yield Doubt(5, 6, f"Số thứ năm và thứ sáu đảo chỗ so với năm sinh {birth_year}.")
    elif digits[4] != year[0] and digits[5] != year[1]:
        yield Doubt(5, 6, f"Số thứ năm, thứ sáu khác năm sinh {birth_year}: có thể là số của người khác.")
    else:
        at = 5 if digits[4] != year[0] else 6
        yield Doubt(at, at, f"Số thứ {'năm' if at == 5 else 'sáu'} khác năm sinh {birth_year}.")


def _sex_of(digits: str) -> str:
    return "FEMALE" if int(digits[3]) % 2 else "MALE"


def _digits_of(text: str) -> tuple[str, list[str], list[Doubt]]:
    repairs: list[str] = []
    if found := _EXPONENT.fullmatch(text.replace(" ", "")):
        mantissa, places = found[1] + (found[2] or ""), int(found[3]) + 1
        if len(mantissa) < places:  # Excel shows six of twelve digits: the rest is gone
            return (
                "",
                [],
                [
                    Doubt(
                        min(len(mantissa) + 1, 12),
                        12,
                        "Excel đã làm tròn số này, các chữ số sau đã mất; mời nhập lại số ở dạng chữ.",
                    )
                ],
            )
        return mantissa, ["Đổi lại từ dạng số mũ của Excel."], []
    bare = _SEPARATORS.sub("", text)
    digits = bare.translate(_LETTERS_FOR_DIGITS)
    if not (digits.isascii() and digits.isdigit()):
        at = next((nth for nth, letter in enumerate(digits, start=1) if not (letter.isascii() and letter.isdigit())), 1)
        return "", [], [Doubt(at, at, f"Ký tự thứ {at} không phải chữ số.")] if bare else []
    if digits != bare:
        if sum(letter.isdigit() for letter in bare) < len(bare) // 3:
            return "", [], [Doubt(1, 1, "Đây là chữ, không phải số.")]
        repairs.append("Đổi chữ O, I, l thành số 0, 1.")
    return digits, repairs, []


def _not_a_number(digits: str) -> str:
    if len(digits) < 12:
        return f"Chỉ có {len(digits)} chữ số; số định danh có 12, chứng minh nhân dân cũ có 9."
    return f"Có {len(digits)} chữ số, thừa {len(digits) - 12}."
