"""A file of orders kept as evidence: compressed, sealed, and opened only to be uploaded."""

import hashlib
import zlib

from cryptography.exceptions import InvalidTag

from payments.models import PaymentFile
from staff.encryption import seal, unseal

PAYMENT_FILE, BANK_REPORT = "payment-file", "bank-report"
_LEVEL = 1  # XML shrinks tenfold at the quickest level


class ContentAltered(Exception):
    """What is kept is not what was built, or received, or its key is not among ours: nothing is uploaded, nothing applied."""


def seal_content(content: bytes, *, purpose: str = PAYMENT_FILE) -> bytes:
    """Compress and encrypt."""
    return seal(zlib.compress(content, _LEVEL), purpose=purpose)


def open_content(file: PaymentFile) -> bytes:
    """The bytes for the bank, the same at every upload. Raises ContentAltered."""
    content = _opened(bytes(file.sealed), purpose=PAYMENT_FILE)
    if hashlib.sha256(content).digest() != bytes(file.digest):
        raise ContentAltered(file.message_id)
    return content


def open_report(sealed: bytes) -> bytes:
    """A report as the bank gave it. Raises ContentAltered."""
    return _opened(sealed, purpose=BANK_REPORT)


def _opened(sealed: bytes, *, purpose: str) -> bytes:
    try:
        return zlib.decompress(unseal(sealed, purpose=purpose))
    except (InvalidTag, KeyError, zlib.error) as error:
        raise ContentAltered from error
