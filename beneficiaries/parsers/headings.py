"""Which column is which: headings recognised by meaning, on one row or on two merged ones, or by a mapping somebody saved.

A heading counts as recognised when it is a known wording, in any case, marks and order of words. One that only resembles a known wording is proposed,
never taken: a person confirms it once, and the mapping is kept for the source. What stands under the name of somebody else (a payee, a guardian,
a household head), or of another decision than the granting one, is never read as the person's own.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.fuzz import token_set_ratio

from beneficiaries.parsers.encodings import to_unicode
from beneficiaries.parsers.spreadsheets import Cell, Row

HEADING_WITHIN_ROWS = 15
RESEMBLES = 75  # of 100
LONGEST_HEADING = 200  # letters of a heading that are kept and compared with a saved mapping
SHORTEST_LIKENESS = 3  # letters; "HS" stands in too many headings to be like one
# Whose a column is: what tells who the person is (birth, sex, number), their name, what grants (code, decision), the payee.
PERSON, PERSONS_NAME, GRANT, PAYEE = "person", "person's name", "grant", "payee"
_SOMEBODY_ELSE = (
    "nhan thay", "nhan ho", "nhan tien", "giam ho", "uy quyen", "dai dien", "chu ho", "cham soc", "nuoi duong", "cha", "me", "vo", "chong",
    "thoi huong", "tam dung", "dung huong",
)  # fmt: skip
# Only for proposals: of a paper's issue, of the past, of another decision.
_NEVER_LIKE = ("ngay cap", "noi cap", "cu", "thoi huong", "tam dung", "dung huong")
_FILLERS = frozenset({"va", "cua", "theo", "neu", "co", "ghi", "ro"})


@dataclass(frozen=True)
class Wording:
    """A column's heading as we print it, other wordings for it, whether a table can do without, and whose it is (`PERSON` and so on, "" of nobody)."""

    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = True
    whose: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading of the file: its position (from 0), its text, the column it stands for, and whether that is certain."""

    position: int
    text: str
    key: str | None
    certain: bool


@dataclass(frozen=True)
class HeadingRow:
    """The heading found: `first` to `last` row (from 0) and what stands in each column."""

    first: int
    last: int
    headings: tuple[Heading, ...]

    @property
    def positions(self) -> dict[str, int]:
        """Our column key → position, for what is certain; the leftmost wins."""
        found: dict[str, int] = {}
        for heading in self.headings:
            if heading.key and heading.certain:
                found.setdefault(heading.key, heading.position)
        return found

    @property
    def fingerprint(self) -> str:
        """By which the same source is known again: its headings, whatever stands below."""
        return hashlib.sha256("|".join(fold_heading(heading.text) for heading in self.headings).encode()).hexdigest()[
            :32
        ]


def fold_heading(text: str) -> str:
    """A heading without marks, case, punctuation and spacing: "Số định danh  cá nhân/CMND" → "sodinhdanhcanhancmnd"."""
    return "".join(_words(text))


def saved_names(texts: Sequence[str]) -> list[str]:
    """What each heading is called in a saved mapping: folded, and of those alike which one it is ("socccd#1", "socccd#2")."""
    folds = [fold_heading(text[:LONGEST_HEADING]) for text in texts]
    often = Counter(fold for text, fold in zip(texts, folds, strict=True) if text)
    met = Counter[str]()
    names: list[str] = []
    for text, fold in zip(texts, folds, strict=True):
        met[fold] += bool(text)
        names.append(f"{fold}#{met[fold]}" if text and often[fold] > 1 else fold)
    return names


@lru_cache(maxsize=4096)
def _marked_words(text: str) -> tuple[str, ...]:
    composed = unicodedata.normalize("NFC", text.casefold())
    return tuple(
        "".join(letter if letter.isalnum() or unicodedata.combining(letter) else " " for letter in composed).split()
    )


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_plain(word) for word in _marked_words(text))


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=4096)
def _meaning(text: str, *, marked: bool) -> tuple[str, ...]:
    """The words that count, in no order; without their marks "Mã số hộ" would be "Mã hồ sơ"."""
    words = zip(_words(text), _marked_words(text), strict=True)
    return tuple(sorted(written if marked else plain for plain, written in words if plain and plain not in _FILLERS))


def _has_marks(text: str) -> bool:
    return _words(text) != _marked_words(text)


@lru_cache(maxsize=4096)
def names_somebody_else(text: str) -> bool:
    """Whether a heading speaks of a payee, a relative, or of another decision than the granting one."""
    said = f" {' '.join(_words(text))} "
    return any(f" {phrase} " in said for phrase in _SOMEBODY_ELSE)


class Vocabulary:
    """All wordings of a kind of table, ready to be looked up."""

    def __init__(self, wordings: Mapping[str, Wording], *, saved: Mapping[str, str] | None = None) -> None:
        self.wordings = wordings
        self._folded: dict[str, str] = {}
        self._meanings: dict[bool, dict[tuple[str, ...], str]] = {True: {}, False: {}}
        for key, wording in wordings.items():
            for text in (wording.label, *wording.synonyms):
                self._folded.setdefault(fold_heading(text), key)
                for marked, meanings in self._meanings.items():
                    meanings.setdefault(_meaning(text, marked=marked), key)
        self._saved = dict(saved or {})

    def key_of(self, text: str, *, name: str | None = None) -> str | None:
        """The column this heading certainly stands for; a saved mapping, where it has the `name`, goes first and may also say "none" (empty)."""
        fold = fold_heading(text)
        if (name or fold) in self._saved:
            return self._saved[name or fold] or None
        marked = _has_marks(text)
        return self._folded.get(fold) or self._meanings[marked].get(_meaning(text, marked=marked))

    def is_confirmed(self, name: str) -> bool:
        """Whether a person once said what the heading of this name (`saved_names`) is."""
        return name in self._saved

    def whose(self, key: str | None) -> str:
        """Whose a column is; "" of none."""
        return self.wordings[key].whose if key is not None and key in self.wordings else ""

    def is_persons(self, key: str | None) -> bool:
        """Whether a column tells of the person themselves, or of what was granted to them."""
        return self.whose(key) in (PERSON, PERSONS_NAME, GRANT)

    def resembles(self, text: str, *, free: Iterable[str]) -> str | None:
        """The column of `free` whose wording this heading comes closest to, if close enough."""
        heading = " ".join(_words(text))
        if any(f" {phrase} " in f" {heading} " for phrase in _NEVER_LIKE):
            return None
        of_another = names_somebody_else(text)
        scores = {
            key: max(
                token_set_ratio(heading, " ".join(_words(wording)))
                for wording in (self.wordings[key].label, *self.wordings[key].synonyms)
                if len(fold_heading(wording)) >= SHORTEST_LIKENESS
            )
            for key in free
            if not (of_another and self.is_persons(key))
        }
        best = max(scores, key=lambda key: scores[key], default=None)
        return best if best is not None and heading and scores[best] >= RESEMBLES else None

    def missing(self, found: Iterable[str]) -> list[str]:
        """Labels of the required columns that are not among `found`."""
        have = set(found)
        return [wording.label for key, wording in self.wordings.items() if wording.required and key not in have]


def find_heading(rows: Sequence[Row], vocabulary: Vocabulary, *, within: int = HEADING_WITHIN_ROWS) -> HeadingRow:
    """The row, or two rows, among the first `within` where most columns are recognised. Of equals the first, and one row before two:
    what stands above a heading is none of it.
    """
    best = HeadingRow(first=0, last=0, headings=())
    best_score = 0
    for index in range(min(len(rows), within)):
        candidates = [(index, heading_texts(rows[index]))]
        if index + 1 < len(rows):
            candidates.append((index + 1, _two_rows(rows[index], rows[index + 1], vocabulary)))
        for last, texts in candidates:
            headings = tuple(_headings(texts, vocabulary))
            score = len({heading.key for heading in headings if heading.key})
            alone = score == best_score > 0 and index == last == best.last > best.first
            split = (
                score == best_score > 0 and last > index == best.first == best.last and _heads(rows[last], vocabulary)
            )
            if score > best_score or alone or split:
                best, best_score = HeadingRow(first=index, last=last, headings=headings), score
    return best


def _headings(texts: Sequence[str], vocabulary: Vocabulary) -> Iterator[Heading]:
    """What each column stands for. A birth, sex or number right behind a payee may be the payee's: a person says whose, once."""
    behind_payee = False
    for position, (text, name) in enumerate(zip(texts, saved_names(texts), strict=True)):
        key = vocabulary.key_of(text, name=name) if text else None
        whose = vocabulary.whose(key)
        if key is not None:
            behind_payee = whose == PAYEE or (behind_payee and whose == PERSON)
        doubtful = behind_payee and whose == PERSON and not vocabulary.is_confirmed(name)
        yield Heading(position, text, None if doubtful else key, certain=key is not None and not doubtful)


def with_proposals(row: HeadingRow, vocabulary: Vocabulary) -> tuple[Heading, ...]:
    """The headings with a proposal beside each that was not recognised."""
    free = [key for key in vocabulary.wordings if key not in row.positions]
    proposed: list[Heading] = []
    for heading in row.headings:
        if heading.key is None and (key := vocabulary.resembles(heading.text, free=free)):
            free.remove(key)
            heading = Heading(heading.position, heading.text, key, certain=False)
        proposed.append(heading)
    return tuple(heading for heading in proposed if heading.text)


def heading_texts(row: Sequence[Cell]) -> list[str]:
    """The words of a row, in Unicode; nothing for a number or a date."""
    return [to_unicode(" ".join(cell.split())).text if isinstance(cell, str) else "" for cell in row]


def _two_rows(upper: Sequence[Cell], lower: Sequence[Cell], vocabulary: Vocabulary) -> list[str]:
    """A merged heading holds its text in its first cell only: it reaches right over cells that have something below."""
    above, below = heading_texts(upper), heading_texts(lower)
    texts: list[str] = []
    group = ""
    for own, under in zip(above, below, strict=True):
        group = own or (group if under else "")
        texts.append(_one_text(group, under, vocabulary))
    return texts


def _heads(row: Sequence[Cell], vocabulary: Vocabulary) -> bool:
    """Whether a row under a heading is more of it, and not the first person: two headings we know stand in no person's row."""
    return sum(vocabulary.key_of(text) is not None for text in heading_texts(row) if text) > 1


def _one_text(group: str, under: str, vocabulary: Vocabulary) -> str:
    """What the two say together; the lower one alone where only that is known, but never somebody else's number as the person's."""
    joined = f"{group} {under}".strip()
    key = vocabulary.key_of(under) if under else None
    if key is None or vocabulary.key_of(joined):
        return joined
    if not (names_somebody_else(group) and vocabulary.is_persons(key)):
        return under
    is_their_name = vocabulary.whose(key) == PERSONS_NAME and vocabulary.whose(vocabulary.key_of(group)) == PAYEE
    return group if is_their_name else joined
