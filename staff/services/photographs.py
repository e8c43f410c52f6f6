"""A photograph of a paper tells what stands on the paper, and not where and with whose telephone it was taken."""

import io
import struct

from PIL import Image

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
# The second byte of a JPEG's markers (ITU-T T.81, annex B).
_END, _SCAN, _COMMENT = 0xD9, 0xDA, 0xFE
_RESTARTS = range(0xD0, 0xD8)
_ALONE = (0x01, *_RESTARTS)  # without a body
_APPLICATIONS = range(0xE1, 0xF0)  # what programs and telephones write; 0xE0 is JFIF's own
_COLOUR_PROFILE, _ADOBE = 0xE2, 0xEE
# Of what telephones write beside the picture only what it needs to look right: JFIF, colours, Adobe's transform.
_COLOURS = b"ICC_PROFILE\x00"
_TOLD_BY_PNG = (b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME")
_ORIENTATION = 0x0112
_UPRIGHT = 1


def without_place(content: bytes) -> bytes:
    """The same picture without place, time, telephone and comments, pixel by pixel as it was; how it is turned stays.

    A PDF is given back as it came. Of a picture that is cut off, or that nobody can look at, the notes go too: who could open it could read them.
    """
    if content.startswith(_JPEG):
        return _bare_jpeg(content)
    if content.startswith(_PNG):
        return _bare_png(content)
    return content


def _bare_jpeg(content: bytes) -> bytes:
    kept = [_JPEG, _how_it_is_turned(content)]
    at = 2
    while True:
        at = content.find(b"\xff", at)  # what stands between two parts no program shows
        if at < 0 or at + 1 == len(content):
            return b"".join(kept)
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
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if _belongs_to_the_picture(marker, content[at + 4 : end]):
            kept.append(content[at:end])
        at = end
        if marker == _SCAN:
            begin, at = at, _end_of_scan(content, at)
            kept.append(content[begin:at])


def _belongs_to_the_picture(marker: int, body: bytes) -> bool:
    if marker == _COLOUR_PROFILE:
        return body.startswith(_COLOURS)
    return marker == _ADOBE or (marker != _COMMENT and marker not in _APPLICATIONS)


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands that is none of the coded picture's own; the end of what was cut off."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] not in (0x00, 0xFF, *_RESTARTS):
            return at
        at += 1 if content[at + 1] == 0xFF else 2
    return len(content)


def _how_it_is_turned(content: bytes) -> bytes:
    """An Exif segment that says nothing else; nothing for a picture that stands upright, or of which nobody can tell."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
            turned = image.getexif().get(_ORIENTATION, _UPRIGHT)
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError, IndexError, struct.error):
        return b""
    if turned not in range(2, 9):
        return b""
    only = Image.Exif()
    only[_ORIENTATION] = turned
    body = only.tobytes()
    return struct.pack(">BBH", 0xFF, 0xE1, len(body) + 2) + body


def _bare_png(content: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while at < len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + 12 + length
        if kind not in _TOLD_BY_PNG:
            kept.append(content[at:end])
        if kind == b"IEND":
            break
        at = end
    return b"".join(kept)
