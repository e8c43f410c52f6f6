"""Events from the bank: authentic and fresh, or refused. An event only rings; its state is fetched from the bank."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from banks.errors import EventStale, EventUnreadable, SignatureInvalid

MAX_PAYLOAD_BYTES: Final = 256 * 1024
MAX_HEADER_LENGTH: Final = 2048
SCHEME: Final = "v1"
ID_LETTERS: Final = 80
OBJECT_LETTERS: Final = 64


@dataclass(frozen=True, slots=True)
class Event:
    """What is believed of an event: that something happened to `object_id`, nothing more."""

    event_id: str
    type: str
    object_id: str
    created_at: datetime


def verify_signature(
    *, payload: bytes, header: str, secrets: Sequence[str], now: datetime, tolerance_seconds: int = 300
) -> Event:
    """The event in `payload`, if `header` (`t=…,v1=…`, Stripe-Signature) signs it with one of `secrets`.

    `now` is wall time. Raises EventUnreadable (too large, or not an event), SignatureInvalid, or EventStale when the
    signature is further from `now` than the tolerance, in either direction.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise EventUnreadable(f"longer than {MAX_PAYLOAD_BYTES} bytes")
    stamp, signatures = _read_header(header)
    signed = stamp.encode("ascii") + b"." + payload
    expected = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode() for secret in secrets]
    if not any(hmac.compare_digest(ours, theirs) for ours in expected for theirs in signatures):
        raise SignatureInvalid("no signature matches")
    if abs(now.timestamp() - int(stamp)) > tolerance_seconds:
        raise EventStale(f"signed at {stamp}")
    return _read_event(payload)


def _read_header(header: str) -> tuple[str, list[bytes]]:
    if len(header) > MAX_HEADER_LENGTH or not header.isascii():
        raise SignatureInvalid("malformed header")
    pairs = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in pairs if name == "t"]
    signatures = [value.encode("ascii") for name, _, value in pairs if name == SCHEME]
    if len(stamps) != 1 or not signatures or not (stamps[0].isascii() and stamps[0].isdigit()) or len(stamps[0]) > 12:
        raise SignatureInvalid("malformed header")
    return stamps[0], signatures


def _read_event(payload: bytes) -> Event:
    try:
        document = json.loads(payload)
        texts = (document["id"], document["type"], document["data"]["object"]["id"])
        created_at = datetime.fromtimestamp(document["created"], tz=UTC)
    except (ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError) as error:
        raise EventUnreadable(f"not an event: {type(error).__name__}") from error
    event_id, event_type, object_id = texts
    if not (_is_id(event_id, ID_LETTERS) and _is_id(event_type, ID_LETTERS) and _is_id(object_id, OBJECT_LETTERS)):
        raise EventUnreadable("not an event: ids must be text of some length")
    return Event(event_id=event_id, type=event_type, object_id=object_id, created_at=created_at)


def _is_id(text: object, most: int) -> bool:
    return isinstance(text, str) and 0 < len(text) <= most and text.isascii() and text.isprintable()
