"""Are the keys this process holds the right ones? A key is known by opening something, not by standing under a number.

Tried are the two tables where numbers live, each sealed for one purpose beside a digest of what is in it. A single row that does not open was
altered and is a matter of its own (a payment is held for it); a key that opens none of those tried is another key than the one that sealed them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from django.db import connection

from staff.encryption import search_digest, unseal
from staff.key_ring import KeyMissing

TRIED_OF_EACH = 3

_THERE = "SELECT to_regclass('beneficiaries_bankaccount') IS NOT NULL"
# What is found by a digest: table, purpose, and what stands before the number in the digest.
_TABLES = (
    ("beneficiaries_identitynumber", "identity-number", "''"),
    (
        "beneficiaries_accountnumber",
        "account-number",
        "(SELECT min(a.bank_bin) || ':' FROM beneficiaries_bankaccount a WHERE a.number_id = n.id)",
    ),
)
# All rows are looked at, a byte of each: under every key there is, the newest and the oldest.
_OF_EVERY_KEY = """
WITH ends AS (
    SELECT id, row_number() OVER (PARTITION BY get_byte(sealed, 0) ORDER BY id) AS oldest,
        row_number() OVER (PARTITION BY get_byte(sealed, 0) ORDER BY id DESC) AS newest
    FROM {table} WHERE octet_length(sealed) > 0)
SELECT n.sealed, n.digest, {before} FROM {table} n JOIN ends USING (id) WHERE oldest <= %s OR newest <= %s
"""
# The first and the last rows alone: as quick for a million as for ten.
_OF_THE_ENDS = """
SELECT n.sealed, n.digest, {before} FROM {table} n
WHERE octet_length(n.sealed) > 0 AND (n.id IN (SELECT id FROM {table} ORDER BY id LIMIT %s) OR n.id IN (SELECT id FROM {table} ORDER BY id DESC LIMIT %s))
"""


@dataclass(slots=True)
class _Tried:
    opened: int = 0
    shut: int = 0
    found: int = 0
    lost: int = 0


def wrong_keys(*, everywhere: bool) -> list[int]:
    """Numbers under which this process holds another key than the one that sealed; under `everywhere` every key in use is tried."""
    return [number for number, one in sorted(_tried(everywhere=everywhere).items()) if one.shut and not one.opened]


def doubts(*, everywhere: bool) -> list[str]:
    """What is wrong with keys that are there, a sentence each; a key that is missing is told of elsewhere (`unopened`, E002)."""
    tried = _tried(everywhere=everywhere)
    found = [
        f"data key {number} is not the key numbers were sealed under (none of {one.shut} opens)"
        for number, one in sorted(tried.items())
        if one.shut and not one.opened
    ]
    if sum(one.lost for one in tried.values()) and not sum(one.found for one in tried.values()):
        found.append("ANSINH_DIGEST_KEY is not the key numbers are found by")
    return found


def _tried(*, everywhere: bool) -> dict[int, _Tried]:
    tried: dict[int, _Tried] = {}
    for purpose, sealed, digest, before in _samples(_OF_EVERY_KEY if everywhere else _OF_THE_ENDS):
        try:
            number = unseal(sealed, purpose=purpose).decode(errors="replace")
        except KeyMissing:
            continue
        except InvalidTag:
            tried.setdefault(sealed[0], _Tried()).shut += 1
            continue
        of = tried.setdefault(sealed[0], _Tried())
        of.opened += 1
        if before is not None:
            same = search_digest(before + number, purpose=purpose) == digest
            of.found, of.lost = of.found + same, of.lost + (not same)
    return tried


def _samples(statement: str) -> Iterator[tuple[str, bytes, bytes, str | None]]:
    with connection.cursor() as cursor:
        cursor.execute(_THERE)
        there = cursor.fetchone()
        for table, purpose, before in _TABLES if there and there[0] else ():
            cursor.execute(statement.format(table=table, before=before), (TRIED_OF_EACH, TRIED_OF_EACH))
            yield from ((purpose, bytes(sealed), bytes(digest), said) for sealed, digest, said in cursor.fetchall())
