"""A file that is no ward's list is refused whole, in a sentence that says what to do, and changes nothing."""

import io
import os
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.errors.files import (
    ColumnsMissing,
    FileHasMacros,
    FileIsEmpty,
    FileSuspicious,
    FileTooLarge,
    FileUnreadable,
)
from beneficiaries.parsers.archive import refuse_dangerous_archive
from beneficiaries.parsers.registry import read_registry
from beneficiaries.parsers.workbook import MAX_BYTES, read_file
from staff.errors import NotAllowed
from tests.beneficiaries.office_files import people, registry_file
from tests.beneficiaries.offices import ELSEWHERE, HOME, Offices

GOOD = registry_file(people(3))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part, zipfile.ZIP_STORED if name == "mimetype" else None)
    return stream.getvalue()


def _packed_otherwise(way: int) -> bytes:
    """A sheet of a thousand rows, packed this way; then a byte in its middle is another."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", way) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", random.Random(1).randbytes(5_000))
    damaged = bytearray(stream.getvalue())
    damaged[2_000] ^= 255
    return bytes(damaged)


def _parts(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _sheet(*cells: tuple[int, int, str]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, column, text in cells:
        sheet.write(row, column, text)
    book.close()
    return stream.getvalue()


def _bomb() -> bytes:
    return _zipped({**_parts(GOOD), "xl/media/image1.png": bytes(201 * 1024 * 1024)})


def _scattered() -> bytes:
    return _sheet((0, 0, "Mã hồ sơ hưởng"), (1_048_575, 16_383, "x"))


def _oddly_scattered() -> bytes:
    parts = _parts(_scattered())
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'r="XFD1048576"', b"r = 'xfd1048576'")
    return _zipped({**parts, "xl/worksheets/sheet1.xml": sheet})


def _understated() -> bytes:
    """A part of 50 MB that says it has a hundred bytes, with the sum of those."""
    stream, texts = io.BytesIO(), b"<sst>" + bytes(50 * 1024 * 1024)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**_parts(GOOD), "xl/sharedStrings.xml": texts}.items():
            archive.writestr(name, part)
        told = archive.getinfo("xl/sharedStrings.xml")
        told.file_size, told.CRC = 100, zlib.crc32(texts[:100])
    return stream.getvalue()


def _two_in_one() -> bytes:
    """Its end names one directory in the words of large archives, another in plain ones: who judges it and who reads it need not see the same."""
    other = _sheet((0, 0, "Mã hồ sơ hưởng"))
    stream = io.BytesIO(other[:-22])
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _parts(GOOD).items():
            archive.writestr(name, part)
    whole = stream.getvalue()
    count, size, at = struct.unpack_from("<HII", whole, len(whole) - 12)
    large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, at)
    return whole[:-22] + large + struct.pack("<4sLQL", b"PK\6\7", 0, len(whole) - 22, 1) + other[-22:]


REFUSED: dict[str, tuple[Callable[[], bytes], type[FileUnreadable], str]] = {
    "no bytes": (lambda: b"", FileIsEmpty, "không có dòng dữ liệu"),
    "an empty sheet": (lambda: _sheet(), FileIsEmpty, "không có dòng dữ liệu"),
    "another table": (
        lambda: _sheet((0, 0, "Tên"), (1, 0, "An")),
        ColumnsMissing,
        "thiếu cột “Họ và tên”, “Ngày sinh”",
    ),
    "a text named .xlsx": (
        lambda: "Kính gửi Sở,\nxã gửi danh sách.\n".encode(),
        FileUnreadable,
        "không phải tệp Excel",
    ),
    "a column missing": (lambda: registry_file(people(2), without=["sex"]), ColumnsMissing, "thiếu cột “Giới tính”"),
    "200 MB": (lambda: GOOD + bytes(200 * 1024 * 1024), FileTooLarge, "20 MB"),
    "a zip bomb": (_bomb, FileSuspicious, "giải nén quá lớn"),
    "two archives in one": (_two_in_one, FileUnreadable, "hỏng"),
    "parts packed as Excel packs none, and damaged": (
        lambda: _packed_otherwise(zipfile.ZIP_BZIP2),
        FileUnreadable,
        "hỏng",
    ),
    "the same, by another way": (lambda: _packed_otherwise(zipfile.ZIP_LZMA), FileUnreadable, "hỏng"),
    "too many parts": (lambda: _zipped({f"xl/{n}.xml": b"" for n in range(1001)}), FileSuspicious, "bất thường"),
    "a cell in the last corner": (_scattered, FileSuspicious, "trải quá rộng"),
    "the same, written oddly": (_oddly_scattered, FileSuspicious, "trải quá rộng"),
    "macros": (lambda: _zipped({**_parts(GOOD), "xl/vbaProject.bin": b"x"}), FileHasMacros, "macro"),
    "an .xls that is none": (lambda: OLE + bytes(512), FileUnreadable, "hỏng hoặc không phải"),
    "a file with a password": (lambda: OLE + "EncryptionInfo".encode("utf-16-le"), FileUnreadable, "mật khẩu"),
    "an .xls with macros": (lambda: OLE + "_VBA_PROJECT".encode("utf-16-le"), FileHasMacros, "macro"),
    "a CSV of something else": (lambda: "Mã hồ sơ hưởng;Họ và tên\n1;An\n".encode(), ColumnsMissing, "thiếu cột"),
    "bytes of no encoding": (lambda: bytes(range(128, 256)) * 8, FileUnreadable, "bảng mã chữ"),
    "a PDF renamed": (lambda: b"%PDF-1.7\n", FileUnreadable, "không phải bảng tính"),
    "a web page renamed": (lambda: b"<html><table></table>", FileUnreadable, "trang web"),
    "an OpenDocument text": (
        lambda: _zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}),
        FileUnreadable,
        "không phải bảng tính Excel",
    ),
    "an .ods that is damaged": (
        lambda: _zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a"}),
        FileUnreadable,
        "hỏng hoặc không phải",
    ),
    "any other zip": (lambda: _zipped({"thu.txt": b"xin chao"}), FileUnreadable, "hỏng hoặc không phải"),
    "a file cut off": (lambda: GOOD[: len(GOOD) // 2], FileUnreadable, "hỏng"),
}


def test_a_zip_bomb_that_says_it_is_none_is_known_before_anybody_unpacks_it() -> None:
    with pytest.raises(FileUnreadable):
        refuse_dangerous_archive(_understated())


class TestRegistryFile:
    @pytest.mark.parametrize("kind", REFUSED)
    def test_is_refused_in_a_clear_sentence_and_nothing_is_written(
        self, offices: Offices, count_rows: Callable[[], dict[str, int]], kind: str
    ) -> None:
        make, refusal, words = REFUSED[kind]
        content, before = make(), count_rows()
        with pytest.raises(refusal) as refused:
            offices.receive(content=content)
        assert words in refused.value.sentence
        assert count_rows() == before

    def test_names_every_column_that_is_missing(self) -> None:
        with pytest.raises(ColumnsMissing) as refused:
            list(read_registry(registry_file(people(1), without=["number", "coefficient"])))
        assert refused.value.conflicts == ["Số định danh cá nhân/CMND", "Hệ số"]

    def test_is_read_whatever_optional_columns_it_lacks(self, offices: Offices) -> None:
        content = registry_file(
            people(2),
            without=["paid_through", "payee_name", "payee_relation", "payee_until", "account", "bank", "note"],
        )
        assert offices.receive(content=content).added == 2

    def test_is_not_even_opened_when_it_is_too_large(self, tmp_path: Path) -> None:
        path = tmp_path / "danh_sach.xlsx"
        path.touch()
        os.truncate(path, MAX_BYTES + 1)
        with pytest.raises(FileTooLarge):
            read_file(path)

    def test_may_have_styled_cells_without_values_far_away(self, offices: Offices) -> None:
        parts = _parts(GOOD)
        sheet = parts["xl/worksheets/sheet1.xml"].replace(
            b"</sheetData>", b'<row r="9000"><c r="XFD9000" s="1"/></row></sheetData>'
        )
        assert offices.receive(content=_zipped({**parts, "xl/worksheets/sheet1.xml": sheet})).added == 3

    def test_of_a_scattered_sheet_ends_no_process(self) -> None:
        """Unguarded, the reader lays out 17 billion cells and the process is aborted: nothing in Python could catch it."""
        program = (
            "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
            "from beneficiaries.errors.files import FileSuspicious\nfrom beneficiaries.parsers.workbook import read_table\n"
            "try:\n    read_table(sys.stdin.buffer.read(), columns={})\nexcept FileSuspicious:\n    print('refused')\n"
        )
        ended = subprocess.run([sys.executable, "-c", program], input=_scattered(), capture_output=True, timeout=60)
        assert (ended.returncode, ended.stdout) == (0, b"refused\n")

    def test_is_refused_to_the_officer_of_another_commune(
        self, offices: Offices, count_rows: Callable[[], dict[str, int]]
    ) -> None:
        before = count_rows()
        with pytest.raises(NotAllowed):
            offices.receive(*people(2), commune=HOME, by=ELSEWHERE)
        assert count_rows() == before


class TestDamagedFile:
    """Whatever happened to a file on its way, it is read or refused: no other error, so no 500 and nothing half taken in."""

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6))
    def test_with_some_bytes_changed_is_read_or_refused(self, changes: list[tuple[int, int]]) -> None:
        damaged = bytearray(GOOD)
        for position, value in changes:
            damaged[position] = value
        _read_or_refuse(bytes(damaged))

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        part=st.sampled_from(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"]),
        at=st.floats(0, 1, exclude_max=True),
        length=st.integers(0, 40),
        instead=st.binary(max_size=12) | st.sampled_from([b"<c ", b'r="A', b"</row>", b"&#0;", b'"']),
    )
    def test_with_a_part_rewritten_is_read_or_refused(self, part: str, at: float, length: int, instead: bytes) -> None:
        parts = _parts(GOOD)
        old, start = parts[part], int(at * len(parts[part]))
        _read_or_refuse(_zipped({**parts, part: old[:start] + instead + old[start + length :]}))


def _read_or_refuse(content: bytes) -> None:
    try:
        list(read_registry(content))
    except FileUnreadable as refused:
        assert refused.sentence
