"""What a zipped workbook holds, judged before a reader unpacks it: bounded in bytes, in parts and in the area its cells span."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy

from beneficiaries.errors.files import FileHasMacros, FileSuspicious, FileUnreadable

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 1000
# The longest shared text times the cells that point at any; ordinary lists stay far below.
MAX_COPIED_BYTES = 2 * 1024 * 1024 * 1024
# Cells; a reader lays the whole rectangle out in memory, so one stray cell in the last corner is 400 GB.
MAX_AREA = 104 * 99_999
CHUNK = 1024 * 1024
END_RECORD, DIRECTORY_AT = b"PK\x05\x06", 16
# All that ISO/IEC 29500-2 allows; other ways fail with errors of their own and take memory nobody bounds.
PACKED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGED = "Tệp hỏng. Mời mở bằng Excel và lưu lại thành tệp .xlsx."
# Beyond column CZ or row 99,999, which no ordinary list is, or not written as Excel writes it: only then every address is read.
_FAR = re.compile(rb'r="(?:[A-Za-z]{3,}\d|[D-Zd-z][A-Za-z]\d|[A-Za-z]{0,2}0*[1-9]\d{5})')
_ODD = tuple(b"r" + odd for odd in (b"='", b" =", b"= ", b"\t", b"\n", b"\r", b"=\t", b"=\n", b"=\r"))
# A cell's or a row's address, and whether the element is empty (only styled), which spans nothing. Anything unusual counts as filled.
_ADDRESS = re.compile(
    rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d{1,20})["']((?:\s+[\w:]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/>)?"""
)


def refuse_dangerous_archive(content: bytes) -> None:
    """Raise a `FileUnreadable` for a damaged or encrypted archive, for macros, for a bomb: deep (bytes), many (parts) or wide (area)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _refuse_two_in_one(content, begins_at=archive.start_dir)
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise FileSuspicious
            if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
                raise FileHasMacros
            if any(part.compress_type not in PACKED_AS for part in parts):
                raise FileUnreadable(DAMAGED)
            if any(part.filename in ("mimetype", "xl/workbook.bin") for part in parts):
                raise FileUnreadable("Tệp không phải bảng tính Excel (.xlsx).")
            references = sum(_judge_part(archive, part) for part in parts)
            _refuse_endless_copies(archive, parts, references=references)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, struct.error) as error:
        raise FileUnreadable(DAMAGED) from error


def _refuse_two_in_one(content: bytes, *, begins_at: int) -> None:
    """A file with two directories is one archive here and another one there; ours is that of the plain last record, as offices' programs write it."""
    (said,) = struct.unpack_from("<I", content, content.rfind(END_RECORD) + DIRECTORY_AT)
    if said != begins_at:
        raise FileUnreadable(DAMAGED)


def _judge_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Refuse a part whose cells span too much; return how many of its cells point at a shared text."""
    references, far = 0, False
    for piece in _pieces(archive, part):
        references += piece.count(b'"s"') + piece.count(b"'s'")
        far = far or _FAR.search(piece) is not None or _is_odd(piece)
    if far:
        _refuse_scattered(archive, part)
    return references


def _is_odd(piece: bytes) -> bool:
    """Single bytes are found ten times as fast as `_ODD`, and an ordinary workbook has none of these."""
    if any(sign in piece for sign in (b"'", b"\t", b"\n", b"\r", b" =", b"= ")):
        return any(odd in piece for odd in _ODD)
    return False


def _refuse_endless_copies(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], *, references: int) -> None:
    """Every cell gets a copy of the shared text it points at: one long text and many short cells are a bomb too."""
    for part in (part for part in parts if part.filename.lower().endswith("sharedstrings.xml")):
        if _longest_text(archive, part) * references > MAX_COPIED_BYTES:
            raise FileSuspicious(
                "Tệp có ô chữ quá dài lặp lại quá nhiều lần, không được nhận. Mời xóa ô thừa rồi nạp lại."
            )


def _longest_text(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Bytes of the longest shared text, give or take a few; a chunk at a time, since empty texts without end are a bomb for whoever splits them at once."""
    longest = run = 0
    cut = b""
    with archive.open(_and_one_more_byte(part)) as stream:
        while chunk := stream.read(CHUNK):
            first, *others = (cut + chunk).split(b"<si")
            run += len(first)
            longest = max(longest, run, *(max(map(len, others)),) if others else ())
            run = len(others[-1]) if others else run
            cut = chunk[-2:]  # a tag cut in two
    return longest


def _refuse_scattered(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    width = height = 0
    for piece in _pieces(archive, part):
        for letters, digits, empty in _ADDRESS.findall(piece):
            if not empty:
                width, height = max(width, _column(letters)), max(height, int(digits))
        if width * height > MAX_AREA:
            raise FileSuspicious(
                "Bảng tính trải quá rộng: có ô dữ liệu nằm rất xa bảng chính. Mời xóa các ô ngoài bảng rồi nạp lại."
            )


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that end where a tag begins, so that no address is cut in two."""
    rest = b""
    with archive.open(_and_one_more_byte(part)) as stream:
        while chunk := stream.read(CHUNK):
            whole, bracket, begun = (rest + chunk).rpartition(b"<")
            yield whole
            rest = bracket + begun[-CHUNK:]
    yield rest


def _and_one_more_byte(part: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Whoever lays the table out unpacks to the end of the part, not to the size it says; a part that says too little fails its sum here."""
    longer = copy(part)
    longer.file_size += 1
    return longer


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
