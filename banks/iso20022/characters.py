"""The letters a bank's file may carry: everything, or only the Latin letters without marks that clearing systems pass on."""

import unicodedata
from enum import StrEnum
from functools import lru_cache

_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
_STROKED = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})


class Characters(StrEnum):
    """What a bank takes in names and texts."""

    LATIN = "LATIN"  # ISO 20022 basic Latin set, as the SWIFT X set
    UNICODE = "UNICODE"


@lru_cache(maxsize=65_536)  # family names and texts repeat
def written_in(text: str, characters: Characters, limit: int) -> str:
    """`text` in the bank's letters, at most `limit` long; a letter nobody can map becomes a space, never nothing at all.

    "Nguyễn Thị Đào" is "Nguyen Thi Dao" in LATIN. The official name in our books stays as it is.
    """
    if characters is Characters.LATIN:
        bare = unicodedata.normalize("NFD", text.translate(_STROKED))
        text = "".join(letter if letter in _ALLOWED else " " for letter in bare if not unicodedata.combining(letter))
    else:
        text = "".join(letter if letter.isprintable() else " " for letter in unicodedata.normalize("NFC", text))
    return " ".join(text.split())[:limit].strip() or "KHONG RO"
