"""Whatever kind of file carries them, the same rows say the same; what a file may cost is bounded in every format."""

import errno
import io
import subprocess
import tracemalloc
import zipfile
from datetime import date

import pytest
import xlsxwriter

from beneficiaries.errors.files import (
    FileIsEmpty,
    FileSuspicious,
    FileTooLarge,
    FileUnreadable,
    SeveralTables,
)
from beneficiaries.parsers import large_files, workbook
from beneficiaries.parsers.archive import CHUNK, refuse_dangerous_archive
from beneficiaries.parsers.encodings import Encoding, to_tcvn3
from beneficiaries.parsers.large_files import large_files_apart
from beneficiaries.parsers.registry import open_registry
from beneficiaries.parsers.registry_rows import NotAPerson
from beneficiaries.services.intake.receive import text_digest
from staff.errors import SystemBusy
from tests.beneficiaries.list_formats import FORMATS, as_ods, as_text
from tests.beneficiaries.office_files import people, person, registry_file

ROWS = [
    person(hamlet="Thôn Phước Lộc", birth=date(1942, 9, 5), note="Đã đối chiếu"),
    person(code="97101-000002", name="Trần Thị Hường", sex="Nữ", coefficient=1.5, number="097142000002"),
    person(code="97101-000003", name="Đặng Quốc Khuyến", number=None, birth="1950", sex="?"),
    person(code="97101-000004", name="Lê Hà", payee_relation="Người giám hộ", payee_name="Lê Thị Hỷ"),
]


def _sheets(*sheets: tuple[str, list[list[object]]]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    return stream.getvalue()


def _under_capitals(cell: object) -> object:
    """As TCVN3 has it: plain letters as typed, marked ones by their lower-case code."""
    return "".join(one if one.isascii() else to_tcvn3(one.lower()) for one in cell) if isinstance(cell, str) else cell


def _rows(*rows: dict[str, object]) -> list[list[object]]:
    content = open_registry(registry_file(rows)).table.rows
    return [["" if cell is None else cell for cell in row] for row in content]


class TestFormat:
    @pytest.mark.parametrize("kind", FORMATS)
    def test_says_the_same_whatever_it_is(self, kind: str) -> None:
        read = open_registry(FORMATS[kind](ROWS)).entries
        expected = open_registry(registry_file(ROWS)).entries
        assert [entry.canonical for entry in read] == [entry.canonical for entry in expected]
        assert [text_digest(entry.canonical) for entry in read] == [text_digest(e.canonical) for e in expected]
        assert [[error.code for error in entry.errors] for entry in read] == [
            [error.code for error in entry.errors] for entry in expected
        ]
        assert [entry.name for entry in read] == [row["name"] for row in ROWS]

    def test_names_typed_under_a_font_that_draws_capitals_are_written_as_names(self) -> None:
        """.VnTimeH draws "nguyễn" as capitals: the file has no sign of it, so what is all in lower case is a name all the same."""
        rows = [
            person(name="nguyễn thị hường", hamlet="thôn phước lộc"),
            person(code="97101-000002", name="TRẦN VĂN ÁN"),
        ]
        read = open_registry(
            registry_file([{key: _under_capitals(value) for key, value in row.items()} for row in rows])
        )
        assert [entry.name for entry in read.entries] == ["Nguyễn Thị Hường", "TRẦN VĂN ÁN"]
        assert read.entries[0].hamlet == "thôn phước lộc"
        assert read.table.encodings == {Encoding.TCVN3}
        assert open_registry(registry_file(rows)).entries[0].name == "nguyễn thị hường"

    def test_of_another_value_says_something_else(self) -> None:
        one, other = (
            open_registry(registry_file([person(hamlet=hamlet)])).entries[0] for hamlet in ("Thôn 1", "Thôn 2")
        )
        assert one.canonical != other.canonical


class TestBounds:
    def test_of_an_ods_that_repeats_a_cell_endlessly_end_no_process(self) -> None:
        bomb = (
            '<table:table-row table:number-rows-repeated="1000"><table:table-cell table:number-columns-repeated="16384" '
            'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
        )
        with pytest.raises(FileSuspicious):
            open_registry(as_ods(ROWS, repeated=bomb))

    def test_of_rows_hold_for_text_files(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("beneficiaries.parsers.spreadsheets.MAX_ROWS", 3)
        with pytest.raises(FileTooLarge):
            open_registry(as_text(ROWS, delimiter=";", encoding="utf-8"))

    def test_of_a_cell_hold_for_text_files(self) -> None:
        with pytest.raises(FileUnreadable):
            open_registry(b"a;b\n" + b'"' + b"x" * 200_000 + b'";1\n')

    def test_of_a_shared_text_named_by_every_cell_hold(self) -> None:
        """One long text in a few bytes per cell would be 30 GB once every cell has its own copy."""
        cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 90_000))
        parts = {
            "[Content_Types].xml": "<Types/>",
            "xl/sharedStrings.xml": f"<sst><si><t>{'x' * 350_000}</t></si></sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>",
        }
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
        with pytest.raises(FileSuspicious):
            open_registry(stream.getvalue())

    def test_of_shared_texts_without_end_hold_in_little_memory(self) -> None:
        """Two million empty texts: one object each would be ninety megabytes to find the longest."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 2_000_000)
        tracemalloc.start()
        try:
            refuse_dangerous_archive(stream.getvalue())
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 40_000_000

    def test_of_a_text_longer_than_what_is_read_at_once_hold(self) -> None:
        """Neither of its three chunks alone is too long for so few cells."""
        texts = b"<sst><si><t>" + b"x" * 3 * CHUNK + b"</t></si></sst>"
        cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 1_000))
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/sharedStrings.xml", texts)
            archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
        with pytest.raises(FileSuspicious):
            refuse_dangerous_archive(stream.getvalue())

    def test_of_blank_text_is_no_list(self) -> None:
        with pytest.raises(FileIsEmpty):
            open_registry(b"\n\n;;\n")


class TestALargeListSomebodyWaitsFor:
    @pytest.fixture(autouse=True)
    def everything_is_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(large_files, "LARGE_TEXT", 0)
        monkeypatch.setattr(large_files, "LARGE_UNPACKED", 0)

    @pytest.mark.parametrize("kind", FORMATS)
    def test_is_read_apart_and_says_the_same(self, kind: str) -> None:
        content = FORMATS[kind](ROWS)
        here = open_registry(content)
        with large_files_apart():
            apart = open_registry(content)
        assert apart.table.columns == here.table.columns
        assert [entry.canonical for entry in apart.entries] == [entry.canonical for entry in here.entries]

    @pytest.mark.parametrize(
        ("content", "refusal"),
        [(b"PK\x03\x04" + b"x" * 100, FileUnreadable), (b"\n\n;;\n", FileIsEmpty), (b"a;b\n" + b'"' + b"x" * 200_000 + b'";1\n', FileUnreadable)],
    )  # fmt: skip
    def test_is_refused_in_the_same_words(self, content: bytes, refusal: type[FileUnreadable]) -> None:
        with pytest.raises(refusal) as here:
            open_registry(content)
        with large_files_apart(), pytest.raises(refusal) as apart:
            open_registry(content)
        assert (apart.value.code, apart.value.sentence) == (here.value.code, here.value.sentence)

    def test_ends_where_it_says_too_much(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(large_files, "MOST_TEXT", 100)
        with large_files_apart(), pytest.raises(FileTooLarge):
            open_registry(registry_file(ROWS))

    def test_is_not_to_blame_where_no_reader_can_begin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        content = registry_file(ROWS)

        def refuse(*args: object, **named: object) -> None:
            raise OSError(errno.EMFILE, "no file")

        for instead in (refuse, lambda *_, **__: subprocess.CompletedProcess([], 1, b"", b"no memory")):
            with (
                monkeypatch.context() as changed,
                large_files_apart(),
                pytest.raises(SystemBusy, match="tệp không có lỗi"),
            ):
                changed.setattr(subprocess, "run", instead)
                open_registry(content)
        with large_files_apart():
            assert open_registry(content).entries

    def test_is_read_here_by_the_background(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(large_files, "sheets_apart", None)
        monkeypatch.setattr(workbook, "sheets_apart", None)
        assert open_registry(registry_file(ROWS)).entries


class TestSheet:
    def test_with_the_heading_is_found_wherever_it_is(self) -> None:
        content = _sheets(("Bìa", [["Danh sách năm 2024"]]), ("Số liệu", _rows(*people(3))))
        assert [entry.code for entry in open_registry(content).entries] == [row["code"] for row in people(3)]

    def test_that_is_one_of_several_lists_must_be_named(self) -> None:
        first, second = people(2)
        content = _sheets(("Thôn 1", _rows(first)), ("Thôn 2", _rows(second)), ("Mẫu", _rows()))
        with pytest.raises(SeveralTables) as refused:
            open_registry(content)
        assert refused.value.conflicts == ["Thôn 1", "Thôn 2"]
        assert [entry.code for entry in open_registry(content, sheet="Thôn 2").entries] == [second["code"]]


class TestRowThatIsNobody:
    def test_is_passed_over_and_named(self) -> None:
        heading, body = _rows(person())[:2], _rows(*people(2))[2:-1]
        width = len(heading[1])
        numbers = [f"({n})" for n in range(1, width + 1)]
        signatures = [["", "Ngày 15 tháng 6 năm 2024"], ["", "NGƯỜI LẬP BIỂU", "CHỦ TỊCH"], [], ["", "Trần Văn Ký"]]
        rows = [*heading, numbers, ["I. Thôn Phước Lộc"], *body, ["", "Tổng cộng", "2"], *signatures]
        read = open_registry(_sheets(("Danh sách", rows)))
        assert [entry.code for entry in read.entries] == [row["code"] for row in people(2)]
        assert [(row.row_number, row.why) for row in read.ignored] == [
            (3, NotAPerson.COLUMN_NUMBERS),
            (4, NotAPerson.SECTION),
            (7, NotAPerson.TOTAL),
            (8, NotAPerson.SIGNATURE),
            (9, NotAPerson.SIGNATURE),
            (11, NotAPerson.SIGNATURE),
        ]

    def test_is_a_count_at_the_foot(self) -> None:
        heading, body = _rows(person())[:2], _rows(*people(2))[2:-1]
        read = open_registry(_sheets(("Danh sách", [*heading, *body, ["", "", "2 người"]])))
        assert (len(read.entries), [row.why for row in read.ignored]) == (2, [NotAPerson.TOTAL])

    def test_is_never_a_person_without_a_code(self) -> None:
        read = open_registry(registry_file([person(code=None, name="Lại Thị Cộng"), person(code=None, number=None)]))
        assert [error.code for entry in read.entries for error in entry.errors if error.fatal] == ["CODE_MISSING"] * 2
