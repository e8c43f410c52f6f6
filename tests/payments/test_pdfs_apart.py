"""A stranger's PDF is read by a process that may be ended: one that would keep its reader busy for ever is one refusal."""

import io
import subprocess

import pytest
from weasyprint import HTML

from payments.errors import UnreadablePaper
from payments.errors.pdfs import PdfNotRead
from payments.services.pdfs import pdfs_apart
from payments.services.pdfs.pdfs_apart import PdfUnreadable, has_pages, is_only_signed, signers_in
from payments.services.signing.papers import media_type_of


def promising(entries: int) -> bytes:
    """A PDF of three hundred bytes that says it has so many objects, each of which takes no byte in its table."""
    stream = io.BytesIO()
    stream.write(
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    table = stream.tell()
    stream.write(b"3 0 obj\n<</Type/XRef/W[0 0 0]/Root 1 0 R/Length 0/ByteRange[]")
    stream.write(b"/Size %d>>\nstream\n\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (entries, table))
    return stream.getvalue()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfs_apart, "LOOK_SECONDS", 1)
    monkeypatch.setattr(pdfs_apart, "COMPARE_SECONDS", 1)


@pytest.mark.usefixtures("impatient")
class TestAPdfThatNeverEnds:
    def test_is_no_paper(self):
        with pytest.raises(UnreadablePaper):
            media_type_of(promising(10**12))

    def test_is_not_one_of_ours_and_its_signatures_can_not_be_read(self):
        endless = promising(10**12)

        assert not is_only_signed(endless[:9], endless)
        assert signers_in(endless) == ["Chữ ký trong tệp đã hỏng, không đọc được."]

    def test_whoever_reads_it_knows_no_key_of_ours(self, monkeypatch):
        given = []

        def run(*_, env, **__):
            given.append(env)
            raise subprocess.TimeoutExpired("", 0, output=b"begun\n")

        monkeypatch.setattr(pdfs_apart.subprocess, "run", run)
        with pytest.raises(PdfUnreadable):
            has_pages(promising(3))
        assert [set(env) for env in given] == [{"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}]


class TestAReaderThatDoesNotBegin:
    """Nothing follows about the file: neither that it is damaged, nor that it was altered."""

    def test_for_want_of_memory_or_processes(self, monkeypatch):
        def run(*_, **__):
            raise BlockingIOError(11, "Resource temporarily unavailable")

        monkeypatch.setattr(pdfs_apart.subprocess, "run", run)
        self._is_said_to_be_ours()

    def test_for_what_is_wrong_with_the_program(self, monkeypatch, tmp_path):
        monkeypatch.setattr(pdfs_apart, "BARE", {"PYTHONPATH": str(tmp_path)})
        self._is_said_to_be_ours()

    def test_because_the_machine_is_too_busy(self, monkeypatch):
        def run(*_, **__):
            raise subprocess.TimeoutExpired("", 0)

        monkeypatch.setattr(pdfs_apart.subprocess, "run", run)
        self._is_said_to_be_ours()

    def test_because_others_are_read_for_too_long(self, monkeypatch):
        monkeypatch.setattr(pdfs_apart, "WAIT_SECONDS", 0.01)
        with pdfs_apart._places, pdfs_apart._places:
            self._is_said_to_be_ours()
        assert has_pages(HTML(string="<p>Giấy</p>").write_pdf())  # and nobody who gave up kept a place

    def _is_said_to_be_ours(self) -> None:
        file = promising(3)
        for asked in (has_pages, signers_in, media_type_of, lambda content: is_only_signed(content[:9], content)):
            with pytest.raises(PdfNotRead):
                asked(file)


def test_an_honest_one_is_opened_and_nobody_is_said_to_have_signed_it():
    honest = HTML(string="<p>Giấy</p>").write_pdf()

    assert has_pages(honest)
    assert signers_in(honest) == []
