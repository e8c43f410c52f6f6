"""Whether a word could be a Vietnamese syllable: what tells a right decoding from a wrong one.

Initial, rhyme and tone after the rules of spelling (quốc ngữ); stops (c, ch, p, t) carry only sắc or nặng.
"""

import re
import unicodedata
from functools import lru_cache

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_STOP_TONES = frozenset("\u0301\u0323")
_INITIAL = r"(?:ngh|ng|nh|th|tr|kh|ph|ch|gh|gi|qu|[bcdđghklmnprstvx])?"
_OPEN = (
    r"(?:uyu|uya|oai|oay|oao|oeo|uây|uôi|ươi|ươu|iêu|yêu|uêu|ia|ya|ua|ưa|uê|uơ|uy|oa|oe|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu"
    r"|[aeêioôơuưy])"
)
_CLOSED = r"(?:uyê|iê|yê|uô|ươ|oă|oa|oe|uâ|uê|uy|oo|[aăâeêioôơuưy])"
_SYLLABLE = re.compile(rf"{_INITIAL}(?:{_OPEN}|{_CLOSED}(?:ng|nh|[mn])|{_CLOSED}(?P<stop>ch|[cpt]))")


@lru_cache(maxsize=100_000)
def is_syllable(word: str) -> bool:
    """Whether one word, in any case and any normal form, is spelt as a Vietnamese syllable with at most one tone."""
    tones = []
    letters = []
    for letter in unicodedata.normalize("NFD", word.casefold()):
        if letter in _TONES:
            tones.append(letter)
        else:
            letters.append(letter)
    match = _SYLLABLE.fullmatch(unicodedata.normalize("NFC", "".join(letters)))
    if match is None or len(tones) > 1:
        return False
    return not match["stop"] or bool(tones and tones[0] in _STOP_TONES)
