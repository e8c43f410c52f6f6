"""Which keys seal and open: wrapped in the database under a master key of the environment, or given by the environment itself (ADR 91).

The database never sees a key that opens anything: a wrapped key is AES-256-GCM under the master, its number bound in. No model stands here,
since whatever seals lies below the models.
"""

import hashlib
import hmac
import os
import time
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection, connections
from psycopg.pq import TransactionStatus

KEY_BYTES = 32
KNOWN_FOR_SECONDS = 60.0  # so long a process may go on sealing under the key before the newest
_NONCE_BYTES = 12
_TAG_BYTES = 16

_LIVING = "SELECT id, fingerprint FROM staff_datakey WHERE retired_at IS NULL"
_RETIRED = "SELECT id FROM staff_datakey WHERE retired_at IS NOT NULL ORDER BY id"
_ONE = "SELECT wrapped FROM staff_datakey WHERE id = %s AND retired_at IS NULL"
_ALL = "SELECT id, fingerprint, wrapped_by, wrapped FROM staff_datakey WHERE retired_at IS NULL ORDER BY id"


class KeyMissing(KeyError):
    """A key that is needed was not given, or no master key that was given opens it."""


class _Newest:
    number: int | None = None
    asked_at = 0.0
    living: dict[int, str] | None = None


def fingerprint(key: bytes) -> str:
    """By which a key is named without being told (16 hexadecimal digits)."""
    return hmac.digest(key, b"an-sinh fingerprint of a key", hashlib.sha256)[:8].hex()


def wrap(key: bytes, *, number: int, master: bytes) -> bytes:
    """`key`, to be opened with `master` alone, under this number alone."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, key, _bound(number))


def unwrap(wrapped: bytes, *, number: int) -> bytes:
    """The key, by whichever master key of the environment opens it; raises `KeyMissing` if none does."""
    for master in reversed(settings.DATA_KEYS.masters) if len(wrapped) > _NONCE_BYTES + _TAG_BYTES else ():
        try:
            return AESGCM(master).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], _bound(number))
        except InvalidTag:
            continue
    raise KeyMissing(f"data key {number} is wrapped under a master key that is not in ANSINH_MASTER_KEYS")


def key_of(number: int) -> bytes:
    """The key of this number. Raises `KeyMissing`."""
    if settings.DATA_KEYS.masters:
        for (wrapped,) in _asked(_ONE, number):
            return unwrap(bytes(wrapped), number=number)
    if number not in settings.DATA_KEYS.by_id:
        raise KeyMissing(f"data key {number} is neither wrapped in the database nor in ANSINH_DATA_KEYS")
    return settings.DATA_KEYS.by_id[number]


@lru_cache(maxsize=256)
def cipher_of(number: int) -> AESGCM:
    """What seals and opens under this number, remembered while the keys there are stay the same. Raises `KeyMissing`."""
    return AESGCM(key_of(number))


def sealing_number() -> int:
    """The number of the key that seals now. Raises `KeyMissing` where there is none yet.

    The clock on the wall is asked, not the one that stands still while a machine sleeps: who wakes up after a day asks anew.
    """
    keys = settings.DATA_KEYS
    if not keys.masters:
        return int(keys.current)
    now = time.time()
    if _Newest.number is None or not 0 <= now - _Newest.asked_at <= KNOWN_FOR_SECONDS:
        living = dict(_asked(_LIVING))
        number = max(living, default=int(keys.current))
        if not number:
            raise KeyMissing("there is no data key yet: manage.py data_keys new")
        if living != _Newest.living:  # one was retired, or books were restored in which a number is another key's
            cipher_of.cache_clear()
        _Newest.number, _Newest.asked_at, _Newest.living = number, now, living
    return _Newest.number


def forget_newest() -> None:
    """The next thing sealed asks anew."""
    _Newest.number = None


def unopened() -> list[str]:
    """What is wrong with the wrapped keys, a sentence each; empty when this process opens every one of them."""
    if _asked("SELECT to_regclass('staff_datakey') IS NULL")[0][0]:
        return []
    rows = _asked(_ALL)
    given = settings.DATA_KEYS.by_id
    back = [number for (number,) in _asked(_RETIRED) if number in given]
    return [f"ANSINH_DATA_KEYS: key {number} was retired, what is sealed under it may be lost" for number in back] + [
        wrong
        for number, named, master, wrapped in rows
        if (wrong := _what_is_wrong(number, named, master, bytes(wrapped), given.get(number)))
    ]


def _what_is_wrong(number: int, named: str, master: str, wrapped: bytes, given: bytes | None) -> str:
    if given is not None and fingerprint(given) != named:
        return f"ANSINH_DATA_KEYS: key {number} is another key than the one wrapped under this number"
    if given is not None and not settings.DATA_KEYS.masters:
        return ""
    try:
        key = unwrap(wrapped, number=number)
    except KeyMissing:
        return f"data key {number} is wrapped under master key {master}, which this process was not given (ANSINH_MASTER_KEYS)"
    return "" if fingerprint(key) == named else f"data key {number} is not the key it was made as"


def _asked(statement: str, *given: int) -> list[tuple[Any, ...]]:
    """Its rows, over the connection of this thread, or over one of its own while that one is in the middle of a COPY of what is sealed."""
    session: Any = connection.connection
    busy = session is not None and session.info.transaction_status == TransactionStatus.ACTIVE
    asking = connections.create_connection(connection.alias) if busy else connection
    try:
        with asking.cursor() as cursor:
            cursor.execute(statement, given)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows
    finally:
        if busy:
            asking.close()


def _bound(number: int) -> bytes:
    return f"an-sinh data key {number}".encode()
