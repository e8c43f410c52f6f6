"""Seals (niêm phong nhật ký): history and append-only tables digested in blocks, chained, and signed with a key the database never sees."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction

from staff.errors import SealKeyMissing
from staff.models import Seal
from staff.services.sealed_tables import high_waters, new_spans, span_of

BLOCK = 10_000
LOCK_WAIT = "5s"  # those who write history wait behind us: rather no seal now than a standstill

# One digest per block of ids, made where the rows are. A row is written down as a JSON array, so that no field can run into the next.
_BLOCKS = """
SELECT greatest(block * %(size)s, %(first)s), least(block * %(size)s + %(size)s - 1, %(last)s), count(*),
       encode(sha256(convert_to(string_agg(line, E'\\n' ORDER BY id), 'UTF8')), 'hex')
FROM (SELECT id, id / %(size)s AS block,
             jsonb_build_array(id, (extract(epoch FROM at) * 1000000)::bigint, relation, row_id, operation, changes, actor_id, why, request_id,
                               session_role)::text AS line
      FROM staff_historyrow WHERE id BETWEEN %(first)s AND %(last)s) rows
GROUP BY block ORDER BY block
"""

Block = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True)
class Link:
    """What a seal says, apart from its signature."""

    number: int
    first_id: int
    last_id: int
    rows: int
    blocks: list[list[int | str]]
    previous: str
    public_key: str
    sealed_at: datetime
    tables: list[list[Any]] = field(default_factory=list)

    def digest(self) -> str:
        """SHA-256, hexadecimal, over the canonical JSON of all fields: the chain runs through `previous`."""
        said = [
            self.number, self.first_id, self.last_id, self.rows, self.blocks, self.previous, self.public_key,
            self.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
            *([self.tables] if self.tables else []),  # the first seals held none
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def seal_history(*, now: datetime) -> Seal | None:
    """Seal everything written since the last seal; None when there is nothing. Two at once: the second waits, and finds nothing.

    An append-only table that is written to for longer than we may make others wait is left for the next seal.

    Raises `SealKeyMissing`, `OperationalError` when the history is written to for longer than we may make others wait.
    """
    key = _private_key()
    last_id, upto = _high_water(), high_waters()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('seal_history'))")
        before = Seal.objects.order_by("-number").first()
        first_id = before.last_id + 1 if before else 1
        blocks = list(blocks_between(first_id, last_id))
        tables = [span.as_json() for span in new_spans(sealed=_sealed_so_far(), upto=upto)]
        if not blocks and not tables:
            return None
        link = Link(
            number=before.number + 1 if before else 1,
            first_id=first_id,
            last_id=max(last_id, first_id - 1),
            rows=sum(count for _, _, count, _ in blocks),
            blocks=[list(block) for block in blocks],
            previous=before.digest if before else "",
            public_key=key.public_key().public_bytes_raw().hex(),
            sealed_at=now,
            tables=tables,
        )
        digest = link.digest()
        return Seal.objects.create(
            number=link.number,
            first_id=link.first_id,
            last_id=link.last_id,
            rows=link.rows,
            blocks=link.blocks,
            tables=link.tables,
            previous=link.previous,
            public_key=link.public_key,
            sealed_at=link.sealed_at,
            digest=digest,
            signature=key.sign(bytes.fromhex(digest)).hex(),
        )


def blocks_between(first_id: int, last_id: int) -> Iterator[Block]:
    """`(first id, last id, rows, sha256)` for every block of history that holds rows."""
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKS, {"size": BLOCK, "first": first_id, "last": last_id})
        yield from cursor.fetchall()


def _sealed_so_far() -> dict[str, int]:
    """The highest sealed id per table: seals are in order, so the last one that names a table says it."""
    sealed = {}
    for tables in Seal.objects.order_by("number").values_list("tables", flat=True).iterator():
        for span in map(span_of, tables):
            sealed[span.table] = span.last
    return sealed


def last_seal_digest() -> str:
    """The digest to be printed on what leaves the house; empty before the first seal."""
    return Seal.objects.order_by("-number").values_list("digest", flat=True).first() or ""


def _high_water() -> int:
    """The highest id of history: in a transaction of its own, so that the lock is held for the blink of one query."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
        cursor.execute("SELECT ansinh_history_high_water()")
        return int(cursor.fetchone()[0])


def _private_key() -> Ed25519PrivateKey:
    if settings.SEAL_KEY is None:
        raise SealKeyMissing
    return Ed25519PrivateKey.from_private_bytes(settings.SEAL_KEY)
