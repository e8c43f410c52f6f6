"""Keys of names, made once per distinct spelling: ten million people have some hundred thousand names."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from beneficiaries.linkage.names import HONOURS, name_key, without_honour

_SPACES = re.compile(r"[\s.,]+")
_EARLIER = re.compile(r"[^a-z ]+")
_BEGIN_HONOURS = frozenset({"ba", "bame", "me", "bmvnah"})
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_ETH = str.maketrans({"Ð": "đ", "ð": "đ", "Đ": "đ", "Ɖ": "đ"})


@dataclass(frozen=True)
class NameKeys:
    """What is compared of one spelling."""

    folded: str  # no marks, no spaces
    marked: str  # letters with marks, tone at the end of its word, no spaces
    words: str  # folded words, spaces between
    given: str
    bag: str  # folded words in alphabetical order
    has_marks: bool


@lru_cache(maxsize=400_000)
def keys_of(name: str) -> NameKeys:
    """Keys under which spellings of one name are equal or near."""
    spelt = [word for word in _SPACES.split(name.translate(_ETH).casefold().strip()) if word]
    marked = [_marked(word) for word in _behind_honour(spelt)]
    words = [_EARLIER.sub("", folded) for word in marked if (folded := name_key(word))]
    whole = "".join(marked)
    return NameKeys(
        folded=name_key(name),
        marked=whole,
        words=" ".join(words),
        given=words[-1] if words else "",
        bag=" ".join(sorted(words)),
        has_marks=not whole.isascii(),
    )


def _behind_honour(words: list[str]) -> list[str]:
    """The words of the name itself: a title of honour before it is no part of any key."""
    if len(words) < 2 or name_key(words[0]) not in _BEGIN_HONOURS:
        return words
    whole = "".join(map(name_key, words))
    if not whole.startswith(HONOURS):
        return words
    left = len(without_honour(whole))
    while len(words) > 1 and sum(len(name_key(word)) for word in words[1:]) >= left:
        words = words[1:]
    return words


def _marked(word: str) -> str:
    """hòa and hoà are one word: its tone is taken off its vowel and put behind it."""
    letters, tone = [], ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in _TONES:
            tone = letter
        else:
            letters.append(letter)
    return "".join(letter for letter in unicodedata.normalize("NFC", "".join(letters)) if letter.isalpha()) + tone


def key_table(names: pl.Series) -> pl.DataFrame:
    """One line per distinct spelling: name, folded, marked, given, bag as numbers equal only for equal keys; words and has_marks as they are."""
    unique = names.unique().drop_nulls()
    keys = [keys_of(name) for name in unique]
    return pl.DataFrame(
        {
            "name": unique,
            "folded": pl.Series([key.folded for key in keys], dtype=pl.String),
            "marked": pl.Series([key.marked for key in keys], dtype=pl.String),
            "given": pl.Series([key.given for key in keys], dtype=pl.String),
            "bag": pl.Series([key.bag for key in keys], dtype=pl.String),
            "words": pl.Series([key.words for key in keys], dtype=pl.String),
            "has_marks": pl.Series([key.has_marks for key in keys], dtype=pl.Boolean),
        }
    )
