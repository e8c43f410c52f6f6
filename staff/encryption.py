"""Numbers of people and accounts, sealed: AES-256-GCM for keeping, HMAC-SHA256 for finding.

A sealed value is `key id (1 byte) + nonce (12) + ciphertext and tag`, so that one byte says which key opens it (`staff/key_ring.py`). The
purpose is bound in as associated data: a value moved to another column no longer opens.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from django.conf import settings

from staff.key_ring import cipher_of, sealing_number

NONCE_BYTES = 12
DIGEST_BYTES = 16


def seal(plain: bytes, *, purpose: str) -> bytes:
    """Encrypt `plain` under the current key."""
    key_id = sealing_number()
    nonce = os.urandom(NONCE_BYTES)
    return bytes([key_id]) + nonce + cipher_of(key_id).encrypt(nonce, plain, purpose.encode())


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """Decrypt what `seal` made for the same purpose; raises `InvalidTag` if it was altered, `KeyMissing` if its key is not ours."""
    raw = bytes(sealed)
    if len(raw) <= 1 + NONCE_BYTES:
        raise InvalidTag
    nonce = raw[1 : 1 + NONCE_BYTES]
    return cipher_of(raw[0]).decrypt(nonce, raw[1 + NONCE_BYTES :], purpose.encode())


def house_mark(said: str, *, purpose: str) -> str:
    """What only a process with our keys can write beside `said` (64 hexadecimal digits): whoever has the database alone can't."""
    return hmac.digest(settings.DATA_KEYS.digest, f"{purpose}|{said}".encode(), hashlib.sha256).hex()


def search_digest(value: str, *, purpose: str) -> bytes:
    """The keyed digest (16 bytes) by which a number is found without being stored in clear; any text has one, a lone surrogate of JSON too."""
    said = f"{purpose}|{value}".encode(errors="surrogatepass")
    return hmac.digest(settings.DATA_KEYS.digest, said, hashlib.sha256)[:DIGEST_BYTES]
