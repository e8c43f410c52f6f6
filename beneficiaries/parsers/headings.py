"""Which column is which: headings recognised by meaning, on one row or on two merged ones, or by a mapping somebody saved.

A heading counts as recognised when it is a known wording, in any case, marks and order of words. One that only resembles a known wording is proposed,
never taken: a person confirms it once, and the mapping is kept for the source.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.fuzz import token_set_ratio

from beneficiaries.parsers.encodings import to_unicode
from beneficiaries.parsers.spreadsheets import Cell, Row

HEADING_WITHIN_ROWS = 15
RESEMBLES = 75  # of 100
_FILLERS = frozenset({"va", "cua", "theo", "neu", "co", "ghi", "ro"})


@dataclass(frozen=True)
class Wording:
    """A column's heading as we print it, other wordings for it, and whether a table can do without."""

    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = True


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


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D").casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return tuple("".join(letter if letter.isalnum() else " " for letter in plain).split())


@lru_cache(maxsize=4096)
def _meaning(text: str) -> tuple[str, ...]:
    """The words that count, in no order."""
    return tuple(sorted(word for word in _words(text) if word not in _FILLERS))


class Vocabulary:
    """All wordings of a kind of table, ready to be looked up."""

    def __init__(self, wordings: Mapping[str, Wording], *, saved: Mapping[str, str] | None = None) -> None:
        self.wordings = wordings
        self._folded: dict[str, str] = {}
        self._meanings: dict[tuple[str, ...], str] = {}
        for key, wording in wordings.items():
            for text in (wording.label, *wording.synonyms):
                self._folded.setdefault(fold_heading(text), key)
                self._meanings.setdefault(_meaning(text), key)
        self._saved = dict(saved or {})

    def key_of(self, text: str) -> str | None:
        """The column this heading certainly stands for; a saved mapping goes first and may also say "none" (empty)."""
        fold = fold_heading(text)
        if fold in self._saved:
            return self._saved[fold] or None
        return self._folded.get(fold) or self._meanings.get(_meaning(text))

    def resembles(self, text: str, *, free: Iterable[str]) -> str | None:
        """The column of `free` whose wording this heading comes closest to, if close enough."""
        heading = " ".join(_words(text))
        scores = {
            key: max(
                token_set_ratio(heading, " ".join(_words(wording)))
                for wording in (self.wordings[key].label, *self.wordings[key].synonyms)
            )
            for key in free
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
            headings = tuple(
                Heading(position, text, key := vocabulary.key_of(text) if text else None, certain=key is not None)
                for position, text in enumerate(texts)
            )
            score = len({heading.key for heading in headings if heading.key})
            alone = score == best_score > 0 and index == last == best.last > best.first
            if score > best_score or alone:
                best, best_score = HeadingRow(first=index, last=last, headings=headings), score
    return best


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
        joined = f"{group} {under}".strip()
        texts.append(joined if vocabulary.key_of(joined) or not under or not vocabulary.key_of(under) else under)
    return texts
