"""Keys under which two spellings of one name are equal. The name as written is never changed, only its key is made."""

import re
import unicodedata
from functools import lru_cache

# Raised whenever a key or a reading changes: a migration then makes kept keys anew (a test asks for it), and runs of matching say what they used.
NORMALISER_VERSION = "4"

# Đ is a letter of its own and survives decomposition; "Ð" (eth, African D) is what some keyboards and fonts give for it.
_D_LETTERS = str.maketrans({"đ": "d", "Đ": "d", "Ð": "d", "ð": "d", "Ɖ": "d"})
# Titles of honour the law gives, written before a name; no name begins like this, so they are no part of a key.
HONOURS = ("bamevietnamanhhung", "mevietnamanhhung", "bamevnanhhung", "mevnanhhung", "bamevnah", "mevnah", "bmvnah")
_NOT_LETTERS = re.compile(r"[^a-z]+")


_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Ngang 1, huyền, hỏi, ngã, sắc, nặng.
_TONES = {
    "\u0300": "2",
    "\u0309": "3",
    "\u0303": "4",
    "\u0301": "5",
    "\u0323": "6",
}


@lru_cache(maxsize=200_000)
def sort_key(name: str) -> str:
    """A key that sorts as Vietnamese lists do: given name, then surname and middle names; a ă â b c d đ e ê …; tones decide last."""
    words = name.casefold().split()
    return " ".join(_word_key(word) for word in (words[-1:] + words[:-1]))


def _word_key(word: str) -> str:
    letters, tone = [], "1"
    for letter in unicodedata.normalize("NFC", word):
        base = "".join(part for part in unicodedata.normalize("NFD", letter) if part not in _TONES)
        tone = next((_TONES[part] for part in unicodedata.normalize("NFD", letter) if part in _TONES), tone)
        position = _LETTERS.find(unicodedata.normalize("NFC", base))
        letters.append(chr(ord("A") + position) if position >= 0 else letter)
    return "".join(letters) + tone


class _Folding(dict[int, str]):
    """What each character leaves in a key, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFD", chr(code).translate(_D_LETTERS).casefold())
        left = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
        self[code] = _NOT_LETTERS.sub("", left)
        return self[code]


_FOLDING = _Folding()


def name_key(name: str) -> str:
    """Letters only, no marks, lower case, no spaces: joined words, misplaced tones, capitals and NFD all give one key.

    Close to a million names a second on one core: it needs no cache, not even for a whole population.
    """
    key = name.translate(_FOLDING)
    return without_honour(key) if key.startswith(HONOURS) else key


def without_honour(key: str) -> str:
    """The letters behind a title of honour; a title alone stays, and so does what is left of two."""
    for honour in HONOURS:
        if key.startswith(honour) and len(key) > len(honour):
            return without_honour(key[len(honour) :])
    return key
