"""One key, one execution: the first reply is kept with the money it moved, in the same transaction, and replayed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from mockbank.errors import ApiError
from mockbank.forms import Params

KEY_LIFETIME_SECONDS = 24 * 3600
MAX_KEY_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Reply:
    """What an execution answered: either the body, or the payment whose first picture is the body."""

    status: int
    payment_seq: int | None = None
    body: bytes | None = None
    replay_of: str | None = None


def fingerprint(path: str, params: Params) -> bytes:
    digest = blake2b(path.encode(), digest_size=16)
    for name in sorted(params):
        digest.update(f"\0{name}\0{params[name]}".encode())
    return digest.digest()


def key_in_use() -> ApiError:
    return ApiError(
        status=409,
        type="idempotency_error",
        code="idempotency_key_in_use",
        message="There is currently another in-progress request using this Idempotency-Key.",
    )


def execute_once(
    connection: sqlite3.Connection,
    *,
    key: str,
    print_of_request: bytes,
    request_id: str,
    now: int,
    execute: Callable[[sqlite3.Connection], Reply],
) -> Reply:
    """Replay the stored reply, or execute and store. Raises ApiError when the key was used with other parameters."""
    stored = connection.execute(
        "SELECT fingerprint, request_id, status, payment_seq, body FROM idempotency WHERE key = ? AND created > ?",
        (key, now - KEY_LIFETIME_SECONDS),
    ).fetchone()
    if stored is not None:
        known_print, first_request, status, payment_seq, body = stored
        if known_print != print_of_request:
            raise ApiError(
                status=400,
                type="idempotency_error",
                code="idempotency_key_reused",
                message="Keys for idempotent requests can only be used with the parameters they were first used with.",
            )
        return Reply(status=status, payment_seq=payment_seq, body=body, replay_of=first_request)
    reply = execute(connection)
    connection.execute(
        "INSERT OR REPLACE INTO idempotency (key, fingerprint, created, request_id, status, payment_seq, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key, print_of_request, now, request_id, reply.status, reply.payment_seq, reply.body),
    )
    return reply


def forget_old_keys(connection: sqlite3.Connection, *, now: int) -> None:
    connection.execute("DELETE FROM idempotency WHERE created <= ?", (now - KEY_LIFETIME_SECONDS,))
