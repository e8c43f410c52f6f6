"""A stranger's PDF is read by a process that may be ended: one that would keep its reader busy for ever is one refusal."""

import io
import subprocess

import pytest
from weasyprint import HTML

from payments.errors import UnreadablePaper
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
            raise subprocess.TimeoutExpired("", 0)

        monkeypatch.setattr(pdfs_apart.subprocess, "run", run)
        with pytest.raises(PdfUnreadable):
            has_pages(promising(3))
        assert [set(env) for env in given] == [{"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}]


def test_an_honest_one_is_opened_and_nobody_is_said_to_have_signed_it():
    honest = HTML(string="<p>Giấy</p>").write_pdf()

    assert has_pages(honest)
    assert signers_in(honest) == []
