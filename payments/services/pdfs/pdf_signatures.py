"""What the digital signatures of a PDF say: who, when, whether the file is as it was signed, whether the chain ends at a root we trust.

Offline as far as possible: roots come from a file of the installation, revocation is judged only by what the signature itself carries.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from payments.errors import PaperNotIntact
from staff.time_zone import VIETNAM

_load: Callable[[list[str]], Iterable[Any]] = load_certs_from_pemder  # the library gives it no types
# What the library raises for a damaged file: it finds out by falling over.
DAMAGED = (
    PdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, RecursionError, ArithmeticError,
    NotImplementedError, zlib.error, struct.error,
)  # fmt: skip
DAMAGED_SIGNATURES = "Chữ ký trong tệp đã hỏng, không đọc được."
_HARMLESS = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)


@dataclass(frozen=True)
class PdfSignature:
    """`signer` and `issuer` as the certificate names them, `signed_at` as the signature claims (ISO, empty if it does not).

    `stamped`: a time-stamp authority confirms the time. `trusted`: the chain ends at one of our roots and was valid then; else `trust_note`
    says why that could not be established.
    """

    signer: str
    issuer: str
    serial: str
    signed_at: str
    stamped: bool
    covers_whole_file: bool
    trusted: bool
    trust_note: str


def read_signatures(pdf: bytes, *, roots_file: str) -> list[dict[str, object]]:
    """Every signature of the PDF, oldest first; raises `PaperNotIntact` when one does not verify or the file was changed after it.

    `roots_file` is a PEM file of the certificates that are trusted, or "". A file too damaged to be read raises one of `DAMAGED`.
    """
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    roots = list(_load([roots_file])) if roots_file else []
    found: list[dict[str, object]] = []
    for embedded in reader.embedded_regular_signatures:
        context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
        try:
            status = validate_pdf_signature(embedded, signer_validation_context=context)
        except SignatureValidationError as error:
            raise PaperNotIntact from error
        # Further signatures may follow; anything else that was changed after this one may not.
        if not (status.intact and status.valid and status.docmdp_ok and status.modification_level in _HARMLESS):
            raise PaperNotIntact
        certificate = status.signing_cert
        found.append(
            asdict(
                PdfSignature(
                    signer=name_of(certificate.subject),
                    issuer=name_of(certificate.issuer),
                    serial=f"{certificate.serial_number:x}",
                    signed_at=status.signer_reported_dt.isoformat() if status.signer_reported_dt else "",
                    stamped=bool(status.timestamp_validity and status.timestamp_validity.valid),
                    covers_whole_file=bool(status.coverage and status.coverage.name == "ENTIRE_FILE"),
                    trusted=bool(status.trusted),
                    trust_note="" if status.trusted else _why_not_trusted(roots),
                )
            )
        )
    return found


def signers_of(content: bytes) -> list[str]:
    """Who signed, when, and whether what they signed is untouched. Whether the certificate is to be trusted is the signing system's to say."""
    try:
        return [_signer(signature) for signature in PdfFileReader(io.BytesIO(content)).embedded_signatures]
    except DAMAGED:
        return [DAMAGED_SIGNATURES]


def _signer(signature: EmbeddedPdfSignature) -> str:
    status = validate_pdf_signature(signature, ValidationContext(allow_fetching=False))
    when: datetime | None = status.signer_reported_dt
    told = f"{when.astimezone(VIETNAM):%H:%M:%S ngày %d/%m/%Y}" if when else "không ghi"
    name = name_of(status.signing_cert.subject)
    state = "nguyên vẹn" if status.intact and status.valid else "ĐÃ BỊ SỬA"
    return f"Ký bởi: {name} · Thời gian ký: {told} · {state} · chưa kiểm tra chứng thư"


def name_of(subject: Any) -> str:
    """The name in a certificate, as people say it: who, and of which office; without the words of certificates ("Common Name: …")."""
    said = subject.native
    parts = [said.get(field) for field in ("common_name", "organization_name")]
    named = list(dict.fromkeys(str(part) for part in parts if part))
    return ", ".join(named) or str(subject.human_friendly)


def _why_not_trusted(roots: list[Any]) -> str:
    if not roots:
        return "Chưa khai báo chứng thư gốc tin cậy; chỉ kiểm tra được tính toàn vẹn."
    return "Chuỗi chứng thư không dẫn đến chứng thư gốc tin cậy, hoặc không còn hiệu lực khi ký."
