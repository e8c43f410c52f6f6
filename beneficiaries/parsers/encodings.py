"""Text that is not Unicode: TCVN3 (ABC, fonts named .Vn…), VNI for Windows and Windows-1258, recognised by how Vietnamese the result is.

A spreadsheet written with such fonts holds one Latin-1 letter per byte; a text file holds the bytes. TCVN 5712:1993, table 3; VNI for Windows.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from beneficiaries.errors.files import FileUnreadable
from beneficiaries.parsers.syllables import is_syllable

ENOUGH_VIETNAMESE = 0.7  # of the words with marks; names of other peoples are a few in any list
CLEARLY_BETTER = 0.2
# In legacy text marks may be signs (¨ © ¸ ·), so a word is whatever stands between ASCII signs, digits and spaces.
_LEGACY_WORD = re.compile(r"(?:[A-Za-z]|[^\x00-\xa0])+")
_CELL = re.compile(r"[^\t\r\n;,|\"]+")
_PLAIN = re.compile("[A-Za-z]")

_TCVN3 = dict(
    zip(
        bytes.fromhex(
            "b5b6b7b8b9a8bbbcbdbec6a9c7c8c9cacbaecccecfd0d1aad2d3d4d5d6d7d8dcdddedfe1e2e3e4abe5e6e7e8e9ac"
            "eaebecedeeeff1f2f3f4adf5f6f7f8f9fafbfcfdfea1a2a3a4a5a6a7"
        ).decode("latin-1"),
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_TO_TCVN3 = str.maketrans({letter: code for code, letter in _TCVN3.items()})
_FROM_TCVN3 = str.maketrans(_TCVN3)
# VNI: a letter, then its mark as a letter of its own; a few letters stand alone.
_VNI_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_MARKS = {
    "a": {
        **dict(zip("âáàåãä", ["\u0302" + tone for tone in ("", *_VNI_TONES.values())], strict=True)),
        **dict(zip("êéèúüë", ["\u0306" + tone for tone in ("", *_VNI_TONES.values())], strict=True)),
        **_VNI_TONES,
    },
    "e": {**dict(zip("âáàåãä", ["\u0302" + tone for tone in ("", *_VNI_TONES.values())], strict=True)), **_VNI_TONES},
    "o": {**dict(zip("âáàåãä", ["\u0302" + tone for tone in ("", *_VNI_TONES.values())], strict=True)), **_VNI_TONES},
    "ô": _VNI_TONES,
    "u": _VNI_TONES,
    "ö": _VNI_TONES,
    "y": _VNI_TONES,
}
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    table: dict[str, str] = {}
    for base, marks in _VNI_MARKS.items():
        for mark, combining in marks.items():
            letter = unicodedata.normalize("NFC", _VNI_ALONE.get(base, base) + combining)
            table[base + mark] = table[base + mark.upper()] = letter
            table[base.upper() + mark] = table[base.upper() + mark.upper()] = letter.upper()
    for code, letter in _VNI_ALONE.items():
        table[code], table[code.upper()] = letter, letter.upper()
    return table


_VNI = _vni_table()
_VNI_PIECE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_TO_VNI = {letter: code for code, letter in reversed(_VNI.items()) if code == code.lower() or code == code.upper()}


class Encoding(StrEnum):
    """How the text was written."""

    UNICODE = "UNICODE"
    TCVN3 = "TCVN3"
    VNI = "VNI"
    WINDOWS_1258 = "WINDOWS_1258"


@dataclass(frozen=True)
class Decoded:
    """Text in Unicode (NFC) and how it was written."""

    text: str
    encoding: Encoding


def from_tcvn3(text: str) -> str:
    """Latin-1 letters standing for TCVN3 bytes, as Unicode.

    TCVN3 has no capitals with a tone: fonts ending in H draw lower-case codes as capitals. A cell or a word whose plain letters are capitals
    is given back in capitals; what was typed in lower case under such a font is lower case in the file, and stays.
    """
    return _CELL.sub(_from_tcvn3_cell, text)


def _from_tcvn3_cell(cell: re.Match[str]) -> str:
    whole = _in_capitals(cell[0], decoded := cell[0].translate(_FROM_TCVN3))
    if whole != decoded:
        return whole
    return _LEGACY_WORD.sub(lambda match: _in_capitals(match[0], match[0].translate(_FROM_TCVN3)), cell[0])


def to_tcvn3(text: str) -> str:
    """The inverse, for tests and files others ask for: letters TCVN3 lacks (capitals with a tone) become lower case."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        letter if ord(letter) < 128 or letter in "ĂÂÊÔƠƯĐ" else letter.lower() for letter in composed
    ).translate(_TO_TCVN3)


def from_vni(text: str) -> str:
    """Latin-1 letters standing for VNI bytes, as Unicode."""
    return _VNI_PIECE.sub(lambda match: _VNI[match[0]], text)


def to_vni(text: str) -> str:
    """The inverse, for tests and files others ask for."""
    return "".join(_TO_VNI.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


_DECODERS: dict[Encoding, Callable[[str], str]] = {Encoding.TCVN3: from_tcvn3, Encoding.VNI: from_vni}


def to_unicode(text: str) -> Decoded:
    """One text alone: converted only when every marked word becomes a syllable that was none before. Else NFC of what it is."""
    encoding = recognise([text], enough=1.0)
    return Decoded(text=convert(text, encoding), encoding=encoding)


def convert(text: str, encoding: Encoding) -> str:
    """`text` in NFC, decoded if it was written in `encoding`."""
    decode = _DECODERS.get(encoding)
    if decode is None or any(ord(letter) > 0xFF for letter in text):
        return unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", decode(text))


def recognise(texts: Iterable[str], *, enough: float = ENOUGH_VIETNAMESE) -> Encoding:
    """How these texts were written, judged together: a single word may be right in two encodings, a column is not.

    Texts that hold letters beyond Latin-1 are Unicode for certain and don't count.
    """
    words = {
        word
        for text in texts
        if not text.isascii() and max(text) <= "\xff"
        for word in _LEGACY_WORD.findall(text)
        if not word.isascii()
    }
    if not words:
        return Encoding.UNICODE
    as_it_is = _share(words)
    shares = {encoding: _share(map(decode, words), of=len(words)) for encoding, decode in _DECODERS.items()}
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] >= enough and shares[best] > as_it_is + CLEARLY_BETTER else Encoding.UNICODE


def is_vietnamese(texts: Iterable[str]) -> bool:
    """Whether the words with marks are, as they stand, mostly Vietnamese."""
    words = {word for text in texts for word in _LEGACY_WORD.findall(text) if not word.isascii()}
    return _share(words) >= ENOUGH_VIETNAMESE


def decode_bytes(content: bytes) -> Decoded:
    """A text file: UTF-8 and UTF-16 with or without a mark, Windows-1258, TCVN3, VNI. Raises `FileUnreadable` for anything else."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _decoded(content, name)
    head = content[:4096]
    for zeros, name in ((head[1::2], "utf-16-le"), (head[::2], "utf-16-be")):
        if zeros.count(0) > len(zeros) // 3:
            return _decoded(content, name)
    if b"\x00" in head:
        raise FileUnreadable("Tệp không phải bảng tính hay tệp chữ. Mời lưu lại thành tệp Excel (.xlsx).")
    try:
        return _decoded(content, "utf-8")
    except FileUnreadable:
        return _legacy(content)


def _decoded(content: bytes, name: str) -> Decoded:
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        raise FileUnreadable("Không đọc được bảng mã chữ của tệp. Mời lưu lại thành tệp Excel (.xlsx).") from error
    return Decoded(text=unicodedata.normalize("NFC", text), encoding=Encoding.UNICODE)


def _legacy(content: bytes) -> Decoded:
    latin = content.decode("latin-1")
    words = {word for word in _LEGACY_WORD.findall(latin) if not word.isascii()}
    windows = unicodedata.normalize("NFC", content.decode("cp1258", errors="replace"))
    shares = {encoding: _share(map(decode, words), of=len(words)) for encoding, decode in _DECODERS.items()}
    shares[Encoding.WINDOWS_1258] = _share(
        unicodedata.normalize("NFC", word.encode("latin-1").decode("cp1258", errors="replace")) for word in words
    )
    best = max(shares, key=lambda encoding: shares[encoding])
    if shares[best] < ENOUGH_VIETNAMESE:
        raise FileUnreadable("Không nhận ra bảng mã chữ của tệp. Mời lưu lại thành tệp Excel (.xlsx).")
    return Decoded(text=windows if best is Encoding.WINDOWS_1258 else convert(latin, best), encoding=best)


def _share(words: Iterable[str], *, of: int = 0) -> float:
    judged = [is_syllable(word) for word in words]
    return sum(judged) / (of or len(judged) or 1)


def _in_capitals(written: str, decoded: str) -> str:
    """In capitals when every plain letter is one and not all of them begin a word: "Lê Hà" has two that do."""
    plain = [(at, letter) for word in written.split() for at, letter in enumerate(word) if _PLAIN.match(letter)]
    in_capitals = all(letter.isupper() for _, letter in plain) and any(at for at, _ in plain)
    return decoded.upper() if in_capitals else decoded
