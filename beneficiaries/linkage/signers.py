"""Who signed, as offices write it: "Nguyễn Văn An, Chủ tịch UBND xã", "Chủ tịch Nguyễn Văn An", or a title and nobody's name."""

import re
from collections.abc import Sequence
from unicodedata import normalize

from beneficiaries.linkage.names import name_key
from beneficiaries.linkage.syllables import SURNAMES

MOST_OF_A_SIGNER = 100
WORDS_OF_A_NAME = 2
# Before a title; alone they may be somebody's surname (Phó Đức Phương, Quyền Văn Minh).
_BEFORE_A_TITLE = frozenset(["kt", "tm", "tl", "tuq", "q", "quyen", "pho", "cap", "phutrach"])
_SIGNED_FOR = frozenset(["KT", "TM", "TL", "TUQ"])
_TITLES = tuple(
    tuple(map(name_key, title.split()))
    for title in (
        "Chủ tịch", "Giám đốc", "Tổng Giám đốc", "Bộ trưởng", "Thứ trưởng", "Cục trưởng", "Chi cục trưởng", "Vụ trưởng", "Trưởng phòng",
        "Trưởng ban", "Trưởng thôn", "Trưởng Công an", "Thủ trưởng", "Thủ tướng", "Chánh Văn phòng", "Chánh Thanh tra", "Bí thư", "Chủ nhiệm",
        "Hiệu trưởng", "Viện trưởng", "Đội trưởng", "Tư lệnh", "Chính ủy", "Tỉnh đội trưởng", "CT", "PCT", "GĐ", "PGĐ",
    )
)  # fmt: skip
_OFFICES = tuple(
    tuple(map(name_key, office.split()))
    for office in (
        "UBND", "UBHC", "HĐND", "Ủy ban", "Hội đồng", "Hội", "Sở", "Phòng", "Ban", "Bộ", "Cục", "Chi cục", "Trung tâm", "Văn phòng", "Công an",
        "BHXH", "xã", "phường", "thị trấn", "thị xã", "huyện", "quận", "tỉnh", "thành phố", "TP", "đặc khu", "lâm thời", "các cấp", "cấp",
    )
)  # fmt: skip
_NOBODY = re.compile(
    r"(?:UBND|UBHC|HĐND|[uủ][yỷ] ban|hội đồng|sở|xã|phường|thị trấn|thị xã|huyện|quận|tỉnh|thành phố|đặc khu|đã ký|ký thay|chưa rõ|không rõ)\b",
    re.IGNORECASE,
)
_DIVIDERS = re.compile(r"[,;:()\n]|\s[-–—/]\s")
_COMMON = SURNAMES & frozenset(
    [
        "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong", "ly", "truong",
        "dinh", "trinh", "doan", "dao", "luong", "luu", "mai", "lam", "cao", "ha", "ta", "quach", "phung", "thach", "chau", "to", "la",
    ]
)  # fmt: skip


def names_a_person(signer: str) -> bool:
    """Whether it holds somebody's name, at least two words, and not a title or an office alone."""
    return any(_name_in(part) for part in _parts(signer))


def is_a_title(signer: str) -> bool:
    """Whether it says an office or a title but not whose: "Phó Chủ tịch UBND xã"."""
    return not names_a_person(signer) and any(_title_of(part.split()) or _NOBODY.match(part) for part in _parts(signer))


def signer_as_kept(signer: str) -> str:
    """Name, then title, kept apart by a comma: "Chủ tịch Nguyễn Văn An" is "Nguyễn Văn An, Chủ tịch". What is apart already stays as it is."""
    said = " ".join(normalize("NFC", signer).split())
    parts = _parts(said)
    name = _name_in(parts[0]) if parts else ""
    if not name or name == parts[0] or not parts[0].endswith(name):
        return said
    title = parts[0].removesuffix(name).strip()
    return f"{name}, {title[:1].upper()}{title[1:]}{said[len(parts[0]) :]}"[:MOST_OF_A_SIGNER]


def _parts(signer: str) -> list[str]:
    return [part for part in (" ".join(part.split()) for part in _DIVIDERS.split(normalize("NFC", signer))) if part]


def _name_in(part: str) -> str:
    """The name that stands in an undivided part of what was written; empty when there is none."""
    words = part.split()
    titles = _title_of(words)
    rest = words[titles:]
    if not titles:
        return part if _is_long_enough(rest) and not _NOBODY.match(part) else ""
    if not _begins_with(rest, _OFFICES):
        return " ".join(rest) if _is_long_enough(rest) and name_key(rest[0]) in SURNAMES else ""
    # "Chủ tịch UBND xã Tân An Nguyễn Văn Bình": a name behind the name of a place, which may be a person's itself (phường Lê Lợi).
    for at in range(_last_office(rest) + 1, len(rest) - WORDS_OF_A_NAME):
        if name_key(rest[at]) in _COMMON:
            return " ".join(rest[at:])
    return ""


def _title_of(words: Sequence[str]) -> int:
    """How many words at the beginning are a title; "Phó" and "Quyền" alone are none."""
    at = 0
    while at < len(words) and (name_key(words[at]) in _BEFORE_A_TITLE or words[at].strip(".") in _SIGNED_FOR):
        at += 1
    if found := _begins_with(words[at:], _TITLES):
        return at + found + _title_of(words[at + found :])  # "KT. CHỦ TỊCH PHÓ CHỦ TỊCH", as a stamp has it
    signed_for = bool(words) and words[0].strip(".") in _SIGNED_FOR
    return at if signed_for else 0


def _begins_with(words: Sequence[str], known: tuple[tuple[str, ...], ...]) -> int:
    """How many words the longest of `known` takes at the beginning."""
    keys = tuple(name_key(word) for word in words[:4])
    return max((len(one) for one in known if keys[: len(one)] == one), default=0)


def _last_office(rest: Sequence[str]) -> int:
    """Where the first word of the place's own name stands, behind "UBND xã"."""
    at = 0
    while found := _begins_with(rest[at:], _OFFICES) or int(
        at > 0 and at < len(rest) and name_key(rest[at]) in ("nhan", "dan")
    ):
        at += found
    return at


def _is_long_enough(words: Sequence[str]) -> bool:
    return sum(any(letter.isalpha() for letter in word) for word in words) >= WORDS_OF_A_NAME
