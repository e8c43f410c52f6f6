"""One spelling for every way a Vietnamese word can be typed: NFC, one Đ, one apostrophe, tone marks in one place (hoà → hòa)."""

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0309\u0303\u0301\u0323"
_VOWELS = "aăâeêioôơuưy"
_SHAPED = "ăâêôơư"  # a vowel with a shape carries the tone
_D_LETTERS = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ"})
# Apostrophes of highland names (H'Hen) come as quotes, accents and primes.
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʹʼ′", "'"))
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_WORD = re.compile(r"[^\W\d_]+")
_PARTS = re.compile(rf"(?P<head>(?:qu|gi(?=[{_VOWELS}]))?[^{_VOWELS}]*)(?P<vowels>[{_VOWELS}]+)(?P<tail>[^{_VOWELS}]*)")


def tidy(text: str) -> str:
    """The text with one code for each letter, tones in their place, single spaces. Letters, their case and their order stay."""
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).translate(_D_LETTERS).translate(_APOSTROPHES)
    return " ".join(_WORD.sub(lambda word: place_tone(word[0]), composed).split())


@lru_cache(maxsize=50_000)
def place_tone(word: str) -> str:
    """One word with its tone where school books put it: hoà → hòa, qúy → quý, tuỳ → tùy; not a Vietnamese syllable: as it is.

    Every syllable carries one tone at most; where two marks stand, it is not touched, for nobody can say which one is meant.
    """
    if word.isascii():
        return word
    taken = [_without_tone(letter) for letter in word]
    marks = [mark for _, mark in taken if mark]
    if len(marks) != 1:
        return word
    bare = "".join(letter for letter, _ in taken)
    found = _PARTS.fullmatch(bare.lower())
    if found is None or len(bare) != len(bare.lower()):
        return word
    at = len(found["head"]) + _toned_vowel(found["vowels"], closed=bool(found["tail"]))
    return unicodedata.normalize("NFC", bare[: at + 1] + marks[0] + bare[at + 1 :])


@lru_cache(maxsize=2_000)
def _without_tone(letter: str) -> tuple[str, str]:
    """The letter without its tone, and the tone; the tilde of ñ, a letter of the highlands, is none."""
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(mark for mark in parts if mark in _TONES)
    bare = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    return (bare, tone) if tone and bare.lower() in _VOWELS else (letter, "")


def _toned_vowel(vowels: str, *, closed: bool) -> int:
    shaped = [position for position, vowel in enumerate(vowels) if vowel in _SHAPED]
    if shaped:
        return shaped[-1]  # ươ: the ơ
    if closed or len(vowels) == 1:
        return len(vowels) - 1
    return len(vowels) // 2 if len(vowels) > 2 else 0
