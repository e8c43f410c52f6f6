"""Signed paper comes back: scans by their content, digital signatures by their integrity and by the data of this very list."""

import datetime as dt
import hashlib
import io
import re
from datetime import date

import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import transaction
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from weasyprint import HTML, Attachment

from payments.errors import (
    ListChangedSinceRead,
    PaperNotIntact,
    PaperOfAnotherList,
    UnreadablePaper,
    WrongBatchState,
)
from payments.models import PaymentBatch, SignedPaper, TreasuryVoucher
from payments.services.pdfs.pdf_embedded import EMBEDDED, embedded_text
from payments.services.signing import papers
from payments.services.signing.list_paper import list_text, print_list
from payments.services.signing.papers import PAPER, keep_paper, record_voucher
from payments.services.signing.sign import list_digest, return_for_revision
from staff.encryption import unseal
from staff.errors import NotAllowed
from tests.payments.province import AUGUST, Clock, Province, make_province
from tests.waiting import beside

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(scope="session")
def key() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lê Văn Duyệt")])
    built = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key()).serial_number(7)
        .not_valid_before(NOW - dt.timedelta(days=1)).not_valid_after(NOW + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True)
        .sign(private, hashes.SHA256())
    )  # fmt: skip
    return private, built


@pytest.fixture
def signed(key):
    """Sign a PDF as an office's signing program does."""
    private, certificate = key
    der = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore(),
    )

    def sign(pdf: bytes, field: str = "Ký 1") -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        return signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=field), signer=signer).getvalue()

    return sign


@pytest.fixture
def printed(approved: PaymentBatch) -> bytes:
    return print_list(PaymentBatch.objects.select_related("cycle", "programme", "paying_unit").get(pk=approved.pk))


def keep(province: Province, batch: PaymentBatch, content: bytes, role: str = "MAKER") -> SignedPaper:
    return keep_paper(batch_id=batch.pk, content=content, actor=province.staff[role], now=province.clock())


def give_back(province: Province, batch: PaymentBatch) -> None:
    checker = province.staff["CHECKER"]
    return_for_revision(batch_ids=[batch.pk], actor=checker, note="Sai tên.", now=province.clock())


def image(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (20, 20)).save(stream, kind)
    return stream.getvalue()


class TestThePrintedList:
    def test_embeds_the_text_whose_digest_was_signed(self, approved, printed):
        assert embedded_text(printed) == list_text(approved.pk)
        assert hashlib.sha256(list_text(approved.pk)).hexdigest() == list_digest(approved.pk)

    def test_holds_no_account_number(self, approved, printed):
        text = list_text(approved.pk).decode()

        assert "5550" not in text
        assert len(text.splitlines()) == 2


class TestDigitallySigned:
    def test_says_who_when_and_that_it_is_intact(self, province, approved, printed, signed):
        paper = keep(province, approved, signed(printed))

        (said,) = paper.signatures
        assert (paper.kind, paper.data_matches) == ("SIGNED_PDF", True)
        assert (said["signer"], said["trusted"], said["covers_whole_file"]) == (
            "Lê Văn Duyệt",
            False,
            True,
        )
        assert said["signed_at"].startswith(f"{NOW:%Y-}")

    def test_its_chain_may_end_at_a_root_of_the_installation(
        self, province, approved, printed, signed, key, settings, tmp_path
    ):
        roots = tmp_path / "roots.pem"
        roots.write_bytes(key[1].public_bytes(serialization.Encoding.PEM))
        settings.SIGNATURE_ROOTS = str(roots)

        assert [said["trusted"] for said in keep(province, approved, signed(printed)).signatures] == [True]

    def test_two_people_may_sign_one_after_the_other(self, province, approved, printed, signed):
        paper = keep(province, approved, signed(signed(printed), "Ký 2"))

        assert [said["covers_whole_file"] for said in paper.signatures] == [False, True]

    def test_a_changed_file_is_refused(self, province, approved, printed, signed):
        content = bytearray(signed(printed))
        content[len(printed) // 2] ^= 1

        with pytest.raises((PaperNotIntact, UnreadablePaper)):
            keep(province, approved, bytes(content))
        assert not SignedPaper.objects.exists()

    def test_something_put_on_top_after_signing_is_refused(self, province, approved, printed, signed):
        writer = IncrementalPdfFileWriter(io.BytesIO(signed(printed)), strict=False)
        writer.root["/Names"] = writer.add_object(writer.root["/Names"])
        writer.update_root()
        stream = io.BytesIO()
        writer.write(stream)

        with pytest.raises(PaperNotIntact):
            keep(province, approved, stream.getvalue())

    @pytest.mark.parametrize(
        ("whole", "damaged"),
        [
            (rb"/Contents ?<[0-9A-Fa-f]+>", b"/Contents <3080>"),
            (rb"/Contents ?<[0-9A-Fa-f]+>", b"/Contents null"),
            (rb"/ByteRange ?\[[^]]*\]", b"/ByteRange [/a]"),
            (rb"/V \d+ 0 R", b"/V 7"),
            (rb"/Root \d+ 0 R", b"/Root 7"),
        ],
    )
    def test_a_damaged_signature_is_refused_in_words(self, province, approved, printed, signed, whole, damaged):
        pdf = signed(printed)
        content = re.sub(whole, lambda found: damaged.ljust(len(found[0])), pdf)  # nothing else moves
        assert content != pdf
        with pytest.raises((UnreadablePaper, PaperNotIntact)):
            keep(province, approved, content)

    @pytest.mark.parametrize("other", [None, b"1|a|2|750000|cash|x"])
    def test_another_list_signed_is_refused(self, province, approved, signed, other):
        files = [Attachment(string=other, name=EMBEDDED)] if other else []

        with pytest.raises(PaperOfAnotherList):
            keep(province, approved, signed(HTML(string="x").write_pdf(attachments=files)))


class TestAListRevisedMeanwhile:
    """A paper is kept with the list it was signed for, however long the file took to read."""

    @pytest.fixture
    def revised(self, province, approved, monkeypatch) -> list[bool]:
        """The checker gives the list back while the file is read; it is signed anew as long as the answer is `[True]`."""
        signed_anew = [True]

        def slow(content: bytes) -> str:
            give_back(province, approved)
            if signed_anew == [True]:
                province.approve_lists(AUGUST)
            return "image/png"

        monkeypatch.setattr(papers, "media_type_of", slow)
        return signed_anew

    def test_and_signed_anew_takes_no_paper_of_the_former(self, province, approved, revised):
        with pytest.raises(ListChangedSinceRead):
            keep(province, approved, image("PNG"))
        assert not SignedPaper.objects.exists()

    def test_and_not_signed_yet_takes_none(self, province, approved, revised):
        revised.clear()

        with pytest.raises(WrongBatchState):
            keep(province, approved, image("PNG"))
        assert not SignedPaper.objects.exists()

    def test_beside_the_keeping_is_waited_for(self, committed_db, monkeypatch):
        province = make_province(clock=Clock())
        province.enrol()
        province.build(AUGUST)
        province.approve_lists(AUGUST)
        (batch,) = PaymentBatch.objects.all()

        with beside() as begin:
            with transaction.atomic():
                give_back(province, batch)
                keeping = begin(lambda: keep(province, batch, image("PNG")))
            with pytest.raises(WrongBatchState):
                keeping.result(timeout=60)
        assert not SignedPaper.objects.exists()


class TestScans:
    @pytest.mark.parametrize(("kind", "media"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
    def test_are_kept_sealed(self, province, approved, kind, media):
        content = image(kind)

        paper = keep(province, approved, content)

        assert (paper.kind, paper.media_type, paper.data_matches) == ("SCAN", media, None)
        assert content not in bytes(paper.sealed)
        assert unseal(bytes(paper.sealed), purpose=PAPER) == content

    def test_the_same_file_is_the_same_paper(self, province, approved):
        assert keep(province, approved, image("PNG")).pk == keep(province, approved, image("PNG")).pk

    @pytest.mark.parametrize(
        "content",
        [b"", b"MZ\x90", b"<html>", b"%PDF-1.7 nothing", b"\xff\xd8\xff nothing", b"\x89PNG\r\n\x1a\n", image("GIF")],
    )
    def test_what_is_no_paper_is_refused(self, province, approved, content):
        with pytest.raises(UnreadablePaper):
            keep(province, approved, content)

    def test_what_is_too_large_is_refused(self, province, approved):
        with pytest.raises(UnreadablePaper):
            keep(province, approved, image("PNG") + bytes(10 * 1024 * 1024))

    @pytest.mark.parametrize("role", ["RELEASER", "AUDITOR", "COMMUNE_OFFICER"])
    def test_others_keep_none(self, province, approved, role):
        with pytest.raises(NotAllowed):
            keep(province, approved, image("PNG"), role)

    def test_a_list_in_draft_has_none(self, province, batch):
        with pytest.raises(WrongBatchState):
            keep(province, batch, image("PNG"))


class TestVouchers:
    def test_is_noted_once_on_a_released_list(self, province, released):
        for _ in range(2):
            record_voucher(
                batch_id=released.pk, number="KB-0147", dated_on=date(2024, 8, 3), actor=province.staff["CHECKER"],
                now=province.clock(),
            )  # fmt: skip

        assert TreasuryVoucher.objects.count() == 1

    def test_not_before_the_release(self, province, approved):
        with pytest.raises(WrongBatchState):
            record_voucher(
                batch_id=approved.pk, number="1", dated_on=date(2024, 8, 3), actor=province.staff["CHECKER"],
                now=province.clock(),
            )  # fmt: skip
