"""What of one row can hardly be: digits of the number that fit neither sex nor year of birth, days that have not come. Said, and taken in all the same."""

import re
from collections.abc import Sequence
from datetime import date

from django.conf import settings

from beneficiaries.linkage.dates import NOT_A_DAY, UNSURE_CENTURY, Precision, read_written_date
from beneficiaries.linkage.numbers import Doubt, doubts_of
from beneficiaries.models.enrolments import EARLIEST_DAY
from beneficiaries.parsers.registry import RegistryEntry
from beneficiaries.parsers.values import EARLIEST_BIRTH_YEAR, BirthDate, text_of

PERSONAL_DIGITS = 12
UNREADABLE = "BIRTH_UNREADABLE"
ONE_READING = (
    "Ngày sinh viết tắt hoặc đảo chỗ ngày, tháng; chỉ đọc được một cách và đã đọc theo cách ấy, mời so với giấy tờ."
)
YEAR_ALONE = "Chưa có đủ ngày, tháng sinh, chỉ dùng được năm sinh; mời bổ sung ngày, tháng sinh theo giấy tờ."
NO_SUCH_DAY = "Ngày, tháng sinh ghi ở đây không có trong lịch, chỉ dùng được năm sinh; mời ghi đúng ngày, tháng sinh theo giấy tờ."
YEAR_IN_DOUBT = (
    "Năm sinh có dấu hỏi, chưa dùng được; mời xem giấy tờ rồi ghi năm sinh không kèm dấu hỏi, hoặc ngày/tháng/năm."
)
LATEST_START, LATEST_PAID = (
    1,
    2,
)  # months from this one: a decision of this month begins with the next at the latest; Tết pays two together
STARTS_LATE = (
    "Tháng bắt đầu hưởng còn xa: trước tháng ấy người này chưa được chi trả; mời kiểm tra lại tháng theo quyết định."
)
PAID_AHEAD = "Tháng đã chi trả đến còn ở xa phía trước: cho đến hết tháng ấy người này không được chi trả; mời kiểm tra lại tháng."
TOO_EARLY = (
    f"Ngày quyết định trước ngày {EARLIEST_DAY:%d/%m/%Y}, khi chưa có cơ quan nào ra quyết định; quyết định chưa được ghi, "
    "hồ sơ chưa chi trả được cho đến khi bổ sung; mời xem lại năm."
)
BEHIND_A_NAME = "Ô họ tên có ghi thêm chữ sau họ tên; đã đọc riêng họ tên, mời so lại và ghi phần thêm vào cột của nó (thôn, ghi chú)."
WORDS_OF_A_NAME = 2
_PLACE = re.compile(r"(?:thôn|thon|xóm|xom|ấp|ap|khóm|khom|tổ|tdp|kp|khu|buôn|bản|làng|đội)\b", re.IGNORECASE)
# Behind a comma anything; without one only a hamlet with its number: other words may be the name.
_BEHIND_A_NAME = re.compile(
    r"(?P<name>[^,;]+?)\s*(?:[,;]\s*(?P<words>\w.*)"
    r"|(?:\s[-–—])?\s(?P<place>(?:thôn|thon|xóm|xom|ấp|khóm|khom|tổ(?: dân phố)?|tdp|kp|khu phố|buôn|bản|đội)\s*\d+\w?))",
    re.IGNORECASE,
)
_DOUBTED_YEAR = re.compile(r"(?:19|20)\d\d\s*[?？]+|[?？]+\s*(?:19|20)\d\d")
WHOLE = Doubt(1, PERSONAL_DIGITS, "")


def read_written_births(entries: Sequence[RegistryEntry], *, today: date) -> None:
    """Births the form's reader gave up ("9/1942", "31/06/1942", "5/9/42"): the day where only one can be meant, else the year alone, and said so.

    Whose century is in doubt stays unread. What the row says (`canonical`) is as it was: the same file again is the same file.
    """
    for entry in entries:
        if entry.birth is not None or not any(error.code == UNREADABLE for error in entry.errors):
            continue
        read = read_written_date(entry.raw.get("birth"), latest=today)
        if read is None and _DOUBTED_YEAR.fullmatch(text_of(entry.raw.get("birth"))):
            entry.errors = [error for error in entry.errors if error.code != UNREADABLE]
            entry.wrong("birth", UNREADABLE, YEAR_IN_DOUBT)
        if read is None or read.year < EARLIEST_BIRTH_YEAR or read.doubt == UNSURE_CENTURY:
            continue
        full = read.full if read.precision is Precision.DAY else None
        entry.birth = BirthDate(year=read.year, full=full)
        entry.errors = [error for error in entry.errors if error.code != UNREADABLE]
        sentence = NO_SUCH_DAY if read.doubt in NOT_A_DAY else YEAR_ALONE
        entry.wrong("birth", *(("BIRTH_READ_OTHERWISE", ONE_READING) if full else ("BIRTH_YEAR_ONLY", sentence)))


def read_names_with_places(entries: Sequence[RegistryEntry]) -> None:
    """A hamlet or a word typed behind the name ("Nguyễn Văn An, thôn 3") is no part of it: the name stands alone, the hamlet goes where none was said.

    Said beside the row, so that somebody looks; the cell is kept as it was, and `canonical` too: the same file again is the same file.
    """
    for entry in entries:
        found = _BEHIND_A_NAME.fullmatch(entry.name)
        if found is None or len(found["name"].split()) < WORDS_OF_A_NAME:
            continue
        behind = (found["place"] or found["words"]).strip()
        place = _PLACE.match(behind) is not None
        entry.name = found["name"]
        if place and not entry.hamlet:
            entry.hamlet = behind[:1].upper() + behind[1:]
        entry.wrong("name", "NAME_WITH_PLACE" if place else "NAME_WITH_REMARK", BEHIND_A_NAME)


def note_doubts(entries: Sequence[RegistryEntry], *, today: date) -> None:
    """Add remarks to rows with their doubts; the sentences hold no value of the row, because remarks are kept beside it unsealed."""
    for entry in entries:
        if entry.number and len(entry.number) == PERSONAL_DIGITS:
            _note_digits(entry, entry.number)
        if entry.birth is not None and (entry.birth.year > today.year or (entry.birth.full or today) > today):
            entry.wrong("birth", "BIRTH_IN_FUTURE", "Ngày sinh ở sau ngày hôm nay; mời kiểm tra theo giấy tờ.")
        if entry.starts is not None and _months_ahead(entry.starts, today) > LATEST_START:
            entry.wrong("starts", "STARTS_LATE", STARTS_LATE)
        if entry.paid_through is not None and _months_ahead(entry.paid_through, today) > LATEST_PAID:
            entry.wrong("paid_through", "PAID_AHEAD", PAID_AHEAD)
        if entry.decision_date is not None and entry.decision_date < EARLIEST_DAY:
            entry.wrong("decision_date", "DECISION_TOO_EARLY", TOO_EARLY)
            entry.decision_date = None
        if entry.decision_date is not None and entry.decision_date > today:
            entry.wrong(
                "decision_date",
                "DECISION_IN_FUTURE",
                "Ngày quyết định ở sau ngày hôm nay; trước ngày đó chưa chi trả được, mời kiểm tra lại ngày.",
            )


def _months_ahead(month: date, today: date) -> int:
    return (month.year - today.year) * 12 + month.month - today.month


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
