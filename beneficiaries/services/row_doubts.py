"""What of one row can hardly be: digits of the number that fit neither sex nor year of birth, days that have not come. Said, and taken in all the same."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from beneficiaries.linkage.numbers import Doubt, doubts_of
from beneficiaries.parsers.registry import RegistryEntry

PERSONAL_DIGITS = 12
WHOLE = Doubt(1, PERSONAL_DIGITS, "")


def note_doubts(entries: Sequence[RegistryEntry], *, today: date) -> None:
    """Add remarks to rows with their doubts; the sentences hold no value of the row, because remarks are kept beside it unsealed."""
    for entry in entries:
        if entry.number and len(entry.number) == PERSONAL_DIGITS:
            _note_digits(entry, entry.number)
        if entry.birth is not None and (entry.birth.year > today.year or (entry.birth.full or today) > today):
            entry.wrong("birth", "BIRTH_IN_FUTURE", "Ngày sinh ở sau ngày hôm nay; mời kiểm tra theo giấy tờ.")
        if entry.decision_date is not None and entry.decision_date > today:
            entry.wrong(
                "decision_date",
                "DECISION_IN_FUTURE",
                "Ngày quyết định ở sau ngày hôm nay; trước ngày đó chưa chi trả được, mời kiểm tra lại ngày.",
            )


def _note_digits(entry: RegistryEntry, number: str) -> None:
    doubts = list(
        doubts_of(
            number,
            birth_year=entry.birth.year if entry.birth else None,
            sex=entry.sex,
            extra_codes=settings.EXTRA_REGISTRATION_CODES,
        )
    )
    if not doubts:
        return
    places = sorted({(doubt.first, doubt.last) for doubt in doubts})
    if places == [(WHOLE.first, WHOLE.last)]:
        sentence = "Các chữ số của số định danh giống nhau: số điền cho có; mời ghi theo thẻ căn cước."
    else:
        sentence = (
            f"{'; '.join(map(_where, places))}; mời so với thẻ căn cước và ngày sinh, giới tính đã ghi. "
            "Người hưởng vẫn được chi trả."
        )
    entry.wrong("number", "NUMBER_DOUBTFUL", sentence)


def _where(place: tuple[int, int]) -> str:
    first, last = place
    if first == 1:
        return "Ba số đầu của số định danh không phải mã tỉnh hay mã nước nào"
    digit = f"Số thứ {first}" if first == last else f"Số thứ {first} và thứ {last}"
    return f"{digit} của số định danh không hợp với {'giới tính hoặc thế kỷ sinh' if first == 4 else 'năm sinh'}"
