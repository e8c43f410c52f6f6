"""Note that a file was received, once by its content: the same rows in another file, or in another order, are the same content."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings

from beneficiaries.models import ReceivedFile
from beneficiaries.parsers.workbook import Cell
from staff.models import AdministrativeUnit, User

ROW = "registry-row"


def row_digest(cells: Mapping[str, Cell]) -> bytes:
    """Keyed digest of one row's values, so that the digest of a guessable row tells nothing."""
    return hmac.digest(
        settings.DATA_KEYS.digest,
        json.dumps(cells, sort_keys=True, default=str, ensure_ascii=False).encode(),
        hashlib.sha256,
    )


def text_digest(said: Sequence[str]) -> bytes:
    """Keyed digest of what a row says, whatever kind of file and way of writing said it."""
    return hmac.digest(settings.DATA_KEYS.digest, "\x1f".join(said).encode(), hashlib.sha256)


def content_digest(kind: str, digests: Iterable[bytes], *, about: str = "") -> bytes:
    """Digest of a file's rows regardless of their order, and of what the sender said it is about (a unit, a bank)."""
    return hashlib.sha256(f"{kind}|{about}|".encode() + b"".join(sorted(digests))).digest()


def note_received(
    *,
    kind: str,
    digests: list[bytes],
    unit: AdministrativeUnit,
    actor: User,
    now: datetime,
    rejected: int = 0,
    about: str = "",
) -> ReceivedFile | None:
    """Record the file, or return None when the same content was received before without a problem: then nothing is to be done.

    A file that had rows with problems may come again, when what was missing has arrived; each row then counts once by what it says.
    """
    file, created = ReceivedFile.objects.get_or_create(
        content_digest=content_digest(kind, digests, about=f"{unit.code}|{about}"),
        defaults={
            "kind": kind,
            "unit": unit,
            "received_by": actor,
            "received_at": now,
            "row_count": len(digests),
            "rejected_count": rejected,
        },
    )
    if created:
        return file
    if kind == ReceivedFile.Kind.REGISTRY or file.rejected_count == 0:
        return None
    file.rejected_count = rejected
    file.save(update_fields=["rejected_count"])
    return file
