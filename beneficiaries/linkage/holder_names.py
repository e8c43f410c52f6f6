"""Is the holder's name at the bank the name we expect? Banks print capitals without marks, cut long names and shorten middle ones.

Only letters that are all the same in the same order count as the same name; what a person would call "nearly the same" is for a person to
look at, and another given name is another person. Scores are for sorting a queue, never for deciding.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import zip_longest

from rapidfuzz.distance import DamerauLevenshtein

from beneficiaries.linkage.names import name_key

SAME, REVIEW, DIFFERENT, UNCHECKED = "SAME", "REVIEW", "DIFFERENT", "UNCHECKED"
SHORTEST_CUT = 16  # banks cut at 20 letters or later; a shorter beginning of a name is no cut name
_SEPARATORS = re.compile(r"[\s.,\-/]+")
_BRACKETED = re.compile(r"[(\[{].*?(?:[)\]}]|$)")
_TITLES = frozenset({"ong", "ba", "anh", "chi", "mr", "mrs", "ms"})


@dataclass(frozen=True)
class NameCheck:
    """`score` 0-100, a verdict (SAME, REVIEW, DIFFERENT; UNCHECKED without a name), and why, in sentences without the names themselves."""

    verdict: str
    score: int
    reasons: tuple[str, ...]


def compare_holder(at_bank: str, expected: str) -> NameCheck:
    """Compare the name as the bank writes it with the name as we know it."""
    if not name_key(at_bank) or not name_key(expected):
        return NameCheck(UNCHECKED, 0, ("Ngân hàng chưa cho biết tên chủ tài khoản.",))
    if name_key(at_bank) == name_key(expected):
        return NameCheck(SAME, 100, ("Tên trùng khớp (không xét dấu, chữ hoa, khoảng cách).",))
    bare_bank, bare_ours = _BRACKETED.sub(" ", at_bank), _BRACKETED.sub(" ", expected)
    if name_key(bare_bank) and name_key(bare_ours):  # all in brackets: better a name with brackets than none
        if name_key(bare_bank) == name_key(bare_ours):
            return NameCheck(REVIEW, 95, ("Chỉ khác phần ghi thêm trong ngoặc.",))
        at_bank, expected = bare_bank, bare_ours
    bank, ours = _tokens(at_bank), _tokens(expected)
    if bank == ours:
        return NameCheck(REVIEW, 96, ("Chỉ khác danh xưng.",))
    if sorted(bank) == sorted(ours):
        return NameCheck(REVIEW, 92, ("Đủ các chữ trong tên nhưng khác thứ tự.",))
    joined_bank, joined_ours = "".join(bank), "".join(ours)
    if len(joined_bank) >= SHORTEST_CUT and joined_ours.startswith(joined_bank):
        return NameCheck(REVIEW, 90, ("Ngân hàng in tên bị cắt ngắn.",))
    if not bank or not ours:
        return NameCheck(DIFFERENT, 0, ("Tên khác.",))
    return _by_parts(bank, ours)


def _by_parts(bank: list[str], ours: list[str]) -> NameCheck:
    if bank[-1] != ours[-1]:
        if _one_slip(bank[-1], ours[-1]) and bank[:-1] == ours[:-1] and len(ours[-1]) > 3:
            return NameCheck(REVIEW, 70, ("Tên gọi lệch một chữ cái.",))
        return NameCheck(DIFFERENT, _likeness(bank, ours), ("Tên gọi khác.",))
    if _shortened(bank[:-1], ours[:-1]):
        return NameCheck(REVIEW, 85, ("Họ hoặc chữ đệm viết tắt.",))
    if bank[0] != ours[0] and not _one_slip(bank[0], ours[0]):
        return NameCheck(DIFFERENT, _likeness(bank, ours), ("Họ khác.",))
    middle_bank, middle_ours = bank[1:-1], ours[1:-1]
    if bank[0] == ours[0] and (_within(middle_bank, middle_ours) or _within(middle_ours, middle_bank)):
        return NameCheck(REVIEW, 80, ("Thiếu hoặc thừa chữ đệm.",))
    if len(bank) == len(ours) and all(a == b or _one_slip(a, b) for a, b in zip(bank, ours, strict=True)):
        return NameCheck(REVIEW, 75, ("Họ hoặc chữ đệm lệch một chữ cái.",))
    return NameCheck(DIFFERENT, _likeness(bank, ours), ("Họ và tên gọi giống, chữ đệm khác.",))


def _tokens(name: str) -> list[str]:
    words = [name_key(word) for word in _SEPARATORS.split(unicodedata.normalize("NFC", name))]
    words = [word for word in words if word]
    return words[1:] if len(words) > 2 and words[0] in _TITLES else words


def _shortened(bank: list[str], ours: list[str]) -> bool:
    """`ng t` for `nguyen thi`: every word of the bank begins ours, word by word."""
    pairs = list(zip_longest(bank, ours, fillvalue=""))
    return bool(pairs) and all(b and o.startswith(b) for b, o in pairs)


def _within(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return len(few) < len(many) and all(word in rest for word in few)


def _one_slip(one: str, other: str) -> bool:
    return min(len(one), len(other)) > 2 and DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1


def _likeness(bank: list[str], ours: list[str]) -> int:
    return min(60, round(60 * DamerauLevenshtein.normalized_similarity(" ".join(bank), " ".join(ours))))
