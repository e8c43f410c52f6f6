"""Read a person's name as an office wrote it: honorifics and remarks set apart, joined words cut, abbreviations opened. Nothing is lost."""

import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, product
from unicodedata import normalize

from beneficiaries.linkage.names import name_key, sort_key
from beneficiaries.linkage.spelling import tidy
from beneficiaries.linkage.syllables import SURNAMES, split_joined

# With marks, for Châu and Chu are surnames. So is Ông (Ông Ích Khiêm): titles count only before a surname and another word.
HONORIFICS = frozenset(["ông", "bà", "cụ", "em", "cháu", "anh", "chị", "cô", "chú", "bác", "mẹ", "bố", "bé", "ôngbà"])
_WITHOUT_MARKS = frozenset(map(name_key, HONORIFICS))
# Surnames too, but behind what may be a surname itself they nearly always stand in the middle: CHAU THI HOA, Ông Văn Tài.
_MIDDLE_WORDS = frozenset({"thi", "van"})
_NO_SURNAMES = frozenset(title for title in HONORIFICS - {"ông"} if not title.isascii())
# No Vietnamese syllables: they stand for themselves.
_HIGHLAND = frozenset(["ka", "kator", "cha", "chamalea", "pi", "pinang"])
_BRACKETED = re.compile(r"[(\[{].*?(?:[)\]}]|$)")
_REMARK = re.compile(r"\s*(?:[(\[{].*?(?:[)\]}]|$)|\s[-–—/]\s.*$|[-–—,;:]\s*$|\s\d+\s*$)")
_ABBREVIATION = re.compile(r"([^\W\d_]{1,3})\.")
_PLAIN = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")  # nothing to set apart: nine names of ten
_VOWELLESS = re.compile(r"[bcdđghklmnpqrstvx]+")
_SEPARATORS = re.compile(r"[\s_]+")
_SLASHED_TITLE = re.compile(r"^(?:ông\s*/\s*bà|ong\s*/\s*ba)\s*:?\s*", re.IGNORECASE)
# Titles of honour, in full or short: "Mẹ VNAH", "Bà mẹ Việt Nam anh hùng".
_HONOUR = re.compile(
    r"^(?:(?:b[aà]\s+)?m[eẹ]\s+(?:vnah|(?:vn|vi[eệ]t\s*nam)\s+anh\s+h[uù]ng)|bmvnah)\b\s*[:.,\-–]?\s*(?=[^\W\d_])",
    re.IGNORECASE,
)
MAX_READINGS = 12

# What an abbreviation stands for, the likeliest first; by place: a surname comes first, a middle word later.
_SURNAME_OF = {
    "ng": ("Nguyễn", "Ngô"),
    "n": ("Nguyễn", "Ngô", "Ninh"),
    "tr": ("Trần", "Trương", "Trịnh"),
    "t": ("Trần", "Trương", "Tô", "Tạ"),
    "ph": ("Phạm", "Phan", "Phùng"),
    "p": ("Phạm", "Phan", "Phùng"),
    "l": ("Lê", "Lý", "Lương", "Lâm"),
    "h": ("Hoàng", "Huỳnh", "Hồ", "Hà"),
    "đ": ("Đặng", "Đỗ", "Đinh", "Đoàn"),
    "d": ("Dương", "Đặng", "Đỗ", "Đinh"),
    "v": ("Vũ", "Võ", "Vương"),
    "b": ("Bùi", "Bạch"),
    "th": ("Thái", "Thạch"),
    "c": ("Cao", "Châu", "Chu"),
    "m": ("Mai", "Mạc"),
    "q": ("Quách",),
    "ch": ("Châu", "Chu"),
}
_MIDDLE_OF = {
    "t": ("Thị", "Thanh"),
    "th": ("Thị", "Thanh", "Thế"),
    "v": ("Văn", "Viết"),
    "vn": ("Văn",),
    "đ": ("Đức", "Đình"),
    "d": ("Đức", "Đình", "Duy"),
    "h": ("Hữu", "Hồng", "Hoàng"),
    "n": ("Ngọc", "Như"),
    "ng": ("Ngọc", "Nguyên"),
    "x": ("Xuân",),
    "q": ("Quang", "Quốc"),
    "m": ("Minh", "Mạnh"),
    "tr": ("Trọng", "Trung"),
    "k": ("Kim",),
    "b": ("Bá", "Bảo"),
    "l": ("Lệ",),
    "c": ("Công",),
    "ph": ("Phương", "Phước"),
}


@dataclass(frozen=True, slots=True)
class PersonName:
    """`words` in one spelling, an abbreviated one ending in a point; `title` and `remark` as they were set apart; `original` as written."""

    original: str
    words: tuple[str, ...]
    title: str = ""
    remark: str = ""

    @property
    def text(self) -> str:
        """The name alone: "Nguyễn Văn An"."""
        return " ".join(self.words)

    @property
    def key(self) -> str:
        """Letters only, as `name_key`."""
        return name_key(self.text)

    @property
    def tokens(self) -> tuple[str, ...]:
        """Folded words; H'Hen and H Hen give the same two."""
        return tuple(folded for word in self.words for part in word.split("'") if (folded := name_key(part)))

    @property
    def sort_key(self) -> str:
        """As lists sort."""
        return sort_key(self.text)

    @property
    def is_abbreviated(self) -> bool:
        """Whether a word was written short."""
        return any(word.endswith(".") for word in self.words)


def read_name(text: str) -> PersonName:
    """Read one name. Every letter of `text` is in `words`, `title` or `remark`, in some spelling."""
    plain = tidy(text)
    if honoured := _HONOUR.match(plain):
        read = read_name(plain[honoured.end() :])
        title = " ".join(part for part in (plain[: honoured.end()].rstrip(" :.,-–"), read.title) if part)
        return PersonName(text, read.words, title, read.remark)
    if _PLAIN.fullmatch(plain):
        words = _pointed([part for word in plain.split() for part in split_joined(word)])
        titles = _titles_of(words)
        return PersonName(text, tuple(words[titles:]), " ".join(words[:titles]))
    titled = _SLASHED_TITLE.match(plain)
    title, plain = (plain[: titled.end()].strip(), plain[titled.end() :]) if titled else ("", plain)
    remarks = [found[0].strip() for found in _REMARK.finditer(plain)]
    bare = _REMARK.sub(" ", plain).strip()
    if not name_key(bare):  # all in brackets: better a name with brackets than none
        bare, remarks = plain.strip("()[]{} "), []
    words = [
        part
        for piece in _SEPARATORS.split(_ABBREVIATION.sub(r"\1. ", bare))
        for word in [piece.strip(',;:-–—*"')]
        if word
        for part in _words_in(word)
    ]
    words = _pointed(words)
    if not title and (titles := _titles_of(words)):
        title, words = " ".join(words[:titles]), words[titles:]
    return PersonName(
        original=text,
        words=tuple(words),
        title=title.rstrip(".: "),
        remark=" ".join(remark.strip("()[]{}-–—,;:/ ") for remark in remarks).strip(),
    )


def readings(name: PersonName) -> tuple[str, ...]:
    """Full names an abbreviated one may stand for, at most `MAX_READINGS`, the likeliest first; a full name stands for itself.

    An abbreviation nobody can open stays as it is: such a reading equals no full name.
    """
    choices = [_opened(word, first=position == 0) for position, word in enumerate(name.words)]
    return tuple(" ".join(words) for words in islice(product(*choices), MAX_READINGS))


def bare_names(names: Iterable[str], *, who_bears: Callable[[set[str]], Container[str]]) -> dict[str, str]:
    """Those of `names` with something written around them ("Bà Lê Thị Tư", "Ka Brẽu (mẹ liệt sĩ)"), and the name alone.

    `who_bears` tells which of the keys asked somebody bears. What is borne as it stands is a name: CHU NGOC LAN is Chu Ngọc Lan, no uncle of
    Ngọc Lan's, and Anh Nguyễn Văn is Nguyễn Văn Anh.
    """
    around = {name: read for name in names if (read := read_name(name)).title or read.remark}
    asked = {name: _as_it_stands(name, read) for name, read in around.items() if _is_whole(read.words)}
    borne = who_bears({key for keys in asked.values() for key in keys}) if asked else ()
    return {name: around[name].text for name, keys in asked.items() if not any(key in borne for key in keys)}


def _as_it_stands(name: str, read: PersonName) -> set[str]:
    """Keys of what was written as one name, in this order or with its first word last; what stands in brackets never is."""
    bare = _BRACKETED.sub(" ", name)
    turned = {name_key(f"{read.text} {read.title}")} if len(read.words) == 2 else set()
    return {name_key(bare), *turned} - {read.key}


def _is_whole(words: Sequence[str]) -> bool:
    """Whether these may be all of a name: two words, or one of the highlands (H'Hen)."""
    return len(words) > 1 or any("'" in word for word in words)


def _opened(word: str, *, first: bool) -> tuple[str, ...]:
    if not word.endswith("."):
        return (word,)
    short = word[:-1].lower()
    return (_SURNAME_OF if first else _MIDDLE_OF).get(short, (word,))


def _pointed(words: list[str]) -> list[str]:
    """A point behind what can be no syllable: "Ng Thị Hoa" is "Ng. Thị Hoa". One letter is short only behind a surname: H and Y begin highland names."""
    if len(words) < 2:
        return words
    short = [_is_short(word, first=nth == 0) for nth, word in enumerate(words[:-1])]
    if len(words[0]) > 1 and (short[0] or name_key(words[0]) in SURNAMES):
        short = [
            one or (nth > 0 and len(words[nth]) == 1 and words[nth].lower() in _MIDDLE_OF)
            for nth, one in enumerate(short)
        ]
    return [f"{word}." if one else word for word, one in zip(words, [*short, False], strict=True)]


def _is_short(word: str, *, first: bool) -> bool:
    return (
        len(word) > 1
        and word.lower() in (_SURNAME_OF if first else _MIDDLE_OF)
        and _VOWELLESS.fullmatch(word.lower()) is not None
    )


def _words_in(word: str) -> tuple[str, ...]:
    return (word,) if word.endswith(".") or "'" in word else split_joined(word)


def _titles_of(words: list[str]) -> int:
    """How many of the first words are titles (Cụ bà Lê Thị Tư: two): as many as leave a surname and another word."""
    most = 0
    while _is_whole(words[most + 1 :]) and _may_be_title(words[most:]):
        most += 1
    return next((count for count in range(most, 0, -1) if _is_name_behind(words[count - 1 :])), 0)


def _may_be_title(words: list[str]) -> bool:
    if _without_marks(words):  # nobody can tell chu from chú
        return words[0].lower() in _WITHOUT_MARKS
    return normalize("NFC", words[0]).lower() in HONORIFICS


def _is_name_behind(words: list[str]) -> bool:
    following = name_key(words[1])
    if normalize("NFC", words[1]).lower() in _NO_SURNAMES:
        return False
    if following in _MIDDLE_WORDS and (_without_marks(words) or name_key(words[0]) == "ong"):
        return False
    return (
        following in SURNAMES
        or following in _HIGHLAND
        or words[1].endswith(".")
        or words[1][:2].upper() in ("H'", "K'", "Y'")
    )


def _without_marks(words: list[str]) -> bool:
    return all(map(str.isascii, words))
