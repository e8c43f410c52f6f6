"""A photograph of a paper tells what stands on the paper, and not where and with whose telephone it was taken."""

import io
import struct

from PIL import Image, UnidentifiedImageError

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_END, _SCAN = 0xD9, 0xDA
_ALONE = (0x01, *range(0xD0, 0xD8))  # markers without a body
# Of what telephones write beside the picture only what it needs to look right: JFIF, colours, Adobe's transform.
_COLOURS = b"ICC_PROFILE\x00"
_TOLD_BY_PNG = (b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME")
_ORIENTATION = 0x0112
_UPRIGHT = 1


def without_place(content: bytes) -> bytes:
    """The same picture without place, time, telephone and comments, pixel by pixel as it was; how it is turned stays.

    A PDF is given back as it came, and so is what only begins as a picture does: nobody can look at it, whoever needs it readable asks that apart.
    """
    try:
        if content.startswith(_JPEG):
            return _bare_jpeg(content)
        if content.startswith(_PNG):
            return _bare_png(content)
    except (IndexError, struct.error, ValueError):
        return content
    return content


def _bare_jpeg(content: bytes) -> bytes:
    kept = [_JPEG, _how_it_is_turned(content)]
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker")
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _END:
            return b"".join([*kept, content[at : at + 2]])  # what telephones hang on behind the end is gone
        if marker in _ALONE:
            kept.append(content[at : at + 2])
            at += 2
            continue
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        segment = content[at : at + 2 + length]
        if _belongs_to_the_picture(marker, segment[4:]):
            kept.append(segment)
        at += 2 + length
        if marker == _SCAN:
            begin, at = at, _end_of_scan(content, at)
            kept.append(content[begin:at])


def _belongs_to_the_picture(marker: int, body: bytes) -> bool:
    if marker == 0xFE:
        return False
    return not 0xE1 <= marker <= 0xEF or marker == 0xEE or (marker == 0xE2 and body.startswith(_COLOURS))


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands that is none of the coded picture's own."""
    while True:
        at = content.index(b"\xff", at)
        if content[at + 1] not in (0x00, 0xFF, *range(0xD0, 0xD8)):
            return at
        at += 1 if content[at + 1] == 0xFF else 2


def _how_it_is_turned(content: bytes) -> bytes:
    """An Exif segment that says nothing else; nothing for a picture that stands upright."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
            turned = image.getexif().get(_ORIENTATION, _UPRIGHT)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise ValueError from error
    if turned not in range(2, 9):
        return b""
    only = Image.Exif()
    only[_ORIENTATION] = turned
    body = only.tobytes()
    return struct.pack(">BBH", 0xFF, 0xE1, len(body) + 2) + body


def _bare_png(content: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while True:
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + length
        if end > len(content):
            raise ValueError("cut off")
        if kind not in _TOLD_BY_PNG:
            kept.append(content[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end
