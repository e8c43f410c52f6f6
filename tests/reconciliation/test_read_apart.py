"""A statement file is read by a process that may be ended: whatever it is, the process that asked lives, and says in words what happened."""

import errno
import io
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from resource import RUSAGE_SELF, getrusage
from typing import Any, BinaryIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from reconciliation.errors import StatementNotAccepted, StatementTakesTooMuch, TooManyStatements
from reconciliation.models import Statement
from reconciliation.parsers.any_format import read_files
from reconciliation.parsers.errors import ColumnsUnknown, RowsUnreadable, StatementRefused, TableRefused
from reconciliation.parsers.interface import StatementReading
from reconciliation.parsers.table import TableForm
from reconciliation.services.statements import read_apart as apart
from reconciliation.services.statements.import_statement import import_statements
from reconciliation.services.statements.preview_statement import preview_statements
from reconciliation.services.statements.statement_reader import OUT_OF_MEMORY
from tests.reconciliation.paid_month import RECEIVED_AT, PaidMonth

MB = 1024 * 1024
ENDED = "the reader of a statement ended with"
FORM = TableForm(account="19036000001971")
TABLE = "Ngày giao dịch;Số tiền ghi nợ;Số tiền ghi có;Nội dung;Số dư\n01/07/2026;;5.000;Nộp;5.000\n02/07/2026;1.000;;Chi An;4.000\n"
HALF_KNOWN = "Ngày giao dịch;Nội dung;Tiền gì đó;Gì nữa\n01/07/2026;Nộp;5.000;1\n02/07/2026;Chi;1.000;2\n"


@pytest.fixture
def never_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SMALL", -1)


def all_of(readings: Iterator[StatementReading]) -> list[Any]:
    told = []
    for one in readings:
        head, lines = one.statement, list(one.entries())
        told.append(
            (head, lines, one.statement, one.doubts, one.headings, one.balances_tie, one.entries_tie, one.total)
        )
    return told


def said_apart(*contents: bytes) -> Any:
    return what_is_said(apart.read_apart(sources_of(contents), FORM))


def said_here(*contents: bytes) -> Any:
    return what_is_said(nullcontext(read_files(sources_of(contents), form=FORM)))


def sources_of(contents: tuple[bytes, ...]) -> list[BinaryIO]:
    return [io.BytesIO(content) for content in contents]


def what_is_said(reading: AbstractContextManager[Iterator[StatementReading]]) -> Any:
    try:
        with reading as readings:
            return all_of(readings)
    except StatementRefused as error:
        return type(error), str(error), error.detail, dict(vars(error))


class Uploaded(io.BytesIO):
    """A hostile file of so many bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(b":20:x\r\n:25:1\r\n" + b":61:\r\n" * (size // 6))


@pytest.mark.usefixtures("never_small")
class TestSaysWhatIsSaidHere:
    def test_of_statements_on_pages(self, month: PaidMonth) -> None:
        files = month.pages[0].in_pages(4)
        here = said_here(*files)
        assert sum(len(lines) for _, entries, *_ in here for lines in entries) > 0
        assert said_apart(*files) == here

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (TABLE, list),
            (HALF_KNOWN, ColumnsUnknown),
            (TABLE.replace("1.000", "mười"), RowsUnreadable),
            ("không phải bảng", TableRefused),
            ("<Document>", StatementRefused),
        ],
    )
    def test_of_a_table_and_of_what_is_refused(self, content: str, kind: type) -> None:
        here = said_here(content.encode())
        assert isinstance(here, kind) or issubclass(here[0], kind)
        assert said_apart(content.encode()) == here


class TestAHostileFile:
    def test_stops_its_reader_and_nobody_else(
        self, month: PaidMonth, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(apart, "MEMORY_BYTES", 200 * MB)
        before = getrusage(RUSAGE_SELF).ru_maxrss
        for ask in (preview_statements, import_statements):
            given = {"now": RECEIVED_AT} if ask is import_statements else {}
            with pytest.raises(StatementTakesTooMuch, match="chưa ghi gì"):
                ask(sources=[Uploaded(20 * MB)], actor=month.checker, **given)
        assert getrusage(RUSAGE_SELF).ru_maxrss - before < 100 * 1024
        assert [record.getMessage() for record in caplog.records] == [f"{ENDED} {OUT_OF_MEMORY}"] * 2
        assert not Statement.objects.exists()

    def test_sent_in_is_answered_in_words(self, month: PaidMonth, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(apart, "MEMORY_BYTES", 200 * MB)
        client = APIClient()
        client.force_authenticate(month.checker)
        for address in ("/api/statements/preview/", "/api/statements/"):
            file = SimpleUploadedFile("sao-ke.sta", Uploaded(20 * MB).getvalue())
            answer = client.post(address, {"file": file}, format="multipart")
            assert (answer.status_code, answer.json()["code"]) == (409, "STATEMENT_TAKES_TOO_MUCH")

    def test_ends_by_the_processor_and_by_the_clock(self, monkeypatch: pytest.MonkeyPatch) -> None:
        long = Uploaded(20 * MB).getvalue()  # ten seconds of the processor
        for limit, most in (("CPU_SECONDS", 1), ("LONGEST_SECONDS", 0)):
            with monkeypatch.context() as changed, pytest.raises(StatementTakesTooMuch):
                changed.setattr(apart, limit, most)
                said_apart(long)

    @pytest.mark.usefixtures("never_small")
    def test_waits_for_a_place_and_gives_it_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(apart, "WAIT_SECONDS", 0)
        content = io.BytesIO(TABLE.encode())
        with apart.read_apart([content], FORM), apart.read_apart([content], FORM), pytest.raises(TooManyStatements):
            said_apart(TABLE.encode())
        assert said_apart(TABLE.encode())

    @pytest.mark.usefixtures("never_small")
    def test_reader_is_given_no_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ANSINH_DATA_KEY", "secret")
        given: list[dict[str, Any]] = []
        start = subprocess.Popen
        monkeypatch.setattr(subprocess, "Popen", lambda *args, **named: given.append(named) or start(*args, **named))
        said_apart(TABLE.encode())
        assert [set(one["env"]) for one in given] == [{"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}]

    @pytest.mark.usefixtures("never_small")
    def test_is_not_to_blame_where_no_reader_can_begin(
        self, month: PaidMonth, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """No process, no open file, no memory to start with: told as ours, nothing written, and the place is free again."""
        (file,) = month.pages[0].in_pages(100)
        client = APIClient()
        client.force_authenticate(month.checker)

        def without(what: int) -> Any:
            def refuse(*args: Any, **named: Any) -> Any:
                raise OSError(what, os.strerror(what))

            return refuse

        ways = [
            (subprocess, "Popen", without(errno.ENOMEM)), (subprocess, "Popen", without(errno.EAGAIN)),
            (tempfile, "TemporaryFile", without(errno.EMFILE)), (apart, "command_of", lambda *_: ["false"]),
        ]  # fmt: skip
        for place, name, instead in ways:
            with monkeypatch.context() as changed:
                changed.setattr(place, name, instead)
                sent = SimpleUploadedFile("sao-ke.xml", file)
                answer = client.post("/api/statements/", {"file": sent}, format="multipart")
            assert (answer.status_code, answer.json()["code"]) == (409, "SYSTEM_BUSY"), name
            assert "tệp không có lỗi" in answer.json()["sentence"]
        assert {record.levelname for record in caplog.records if record.name == apart.__name__} == {"ERROR"}
        assert not Statement.objects.exists()
        sent = SimpleUploadedFile("sao-ke.xml", file)
        assert client.post("/api/statements/", {"file": sent}, format="multipart").status_code == 201

    def test_refused_by_its_words_is_refused_in_words(self, month: PaidMonth) -> None:
        with pytest.raises(StatementNotAccepted, match="chưa được hỗ trợ"):
            preview_statements(sources=[io.BytesIO(b"<Document>")], actor=month.checker)
