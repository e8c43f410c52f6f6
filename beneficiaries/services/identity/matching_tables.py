"""What the engine reads, out of PostgreSQL by COPY: names, dates and units, and ids in the place of identification numbers."""

import io
from collections.abc import Generator, Mapping
from contextlib import closing

import polars as pl
from django.db import connection

from beneficiaries.linkage.engine import Population, Registry
from beneficiaries.linkage.engine.tables import HELD, NEAR, POPULATION, REGISTRY, UNITS, share_of_strangers
from beneficiaries.linkage.people_names import bare_names
from beneficiaries.linkage.slips import slips_of
from beneficiaries.models import IDENTITY_NUMBER
from beneficiaries.services.numbers import shown_identity_number
from staff.encryption import search_digest

PART_BYTES = 32 << 20  # text parsed at a time
ASKED_AT_ONCE = 100_000
FULL_LENGTH = 12

_POPULATION = """
SELECT r.id, r.full_name, r.number_id, r.birth_date, r.birth_year, (r.sex = 'FEMALE')::text, r.unit_id, r.hamlet, (r.deceased_on IS NOT NULL)::text
FROM beneficiaries_identityrecord r ORDER BY r.id
"""
_REGISTRY = """
SELECT b.id, b.full_name, b.number_id, (n.id IS NOT NULL)::text, b.birth_date, b.birth_year, (b.sex = 'FEMALE')::text, b.hamlet
FROM beneficiaries_beneficiary b LEFT JOIN beneficiaries_identityrecord n ON n.number_id = b.number_id
WHERE {which} ORDER BY b.id
"""
# A person listed in a former ward may live in any of the communes it became part of.
_UNITS = """
SELECT b.id, coalesce(s.successor_id, b.unit_id) FROM beneficiaries_beneficiary b LEFT JOIN staff_unitsuccessor s ON s.former_id = b.unit_id
WHERE {which} ORDER BY 1, 2
"""
_OPEN, _EVERYBODY = "b.identity_status IN ('UNCHECKED', 'REVIEW')", "true"
_HELD = "SELECT id, identity_id FROM beneficiaries_beneficiary WHERE identity_id IS NOT NULL ORDER BY id"
# Of the linked too: how many numbers the extract lacks must come out the same in a re-run.
_NOT_FOUND = """
SELECT DISTINCT n.id, n.sealed, n.digest FROM beneficiaries_beneficiary b JOIN beneficiaries_identitynumber n ON n.id = b.number_id
WHERE NOT EXISTS (SELECT 1 FROM beneficiaries_identityrecord r WHERE r.number_id = n.id AND r.basis = 'EXTRACT')
"""
_FOUND = """
SELECT count(DISTINCT b.number_id) FROM beneficiaries_beneficiary b JOIN beneficiaries_identityrecord r ON r.number_id = b.number_id
WHERE r.basis = 'EXTRACT'
"""
_KNOWN_SLIPS = """
SELECT asked.number, n.id FROM (SELECT unnest(%s::bigint[]) AS number, unnest(%s::bytea[]) AS digest) asked
JOIN beneficiaries_identitynumber n USING (digest) JOIN beneficiaries_identityrecord r ON r.number_id = n.id
"""
_BORNE = "SELECT DISTINCT name_key FROM beneficiaries_identityrecord WHERE name_key = ANY(%s)"
# The state of both sides in one figure each: an unchanged pair of figures means that nothing new can be found.
_SNAPSHOT = """
SELECT count(*), coalesce(max(id), 0), coalesce(bit_xor(hashtextextended(r::text, 0)), 0) FROM (
    SELECT id, number_id, name_key, birth_date, birth_year, sex, unit_id, hamlet, deceased_on IS NOT NULL FROM beneficiaries_identityrecord
) r
"""


def read_population() -> Population:
    """The whole extract."""
    return Population(_copied(_POPULATION, POPULATION))


def read_registry() -> Registry:
    """Everybody not matched yet, and who holds which resident already.

    Numbers the extract does not have are opened here, in memory, to see their length and what they may be a slip of.
    """
    return _registry(which=_OPEN, held=_copied(_HELD, HELD))


def read_whole_registry() -> Registry:
    """Everybody, and nobody as holder: to learn from."""
    return _registry(which=_EVERYBODY, held=pl.DataFrame(schema=HELD))


def _registry(*, which: str, held: pl.DataFrame) -> Registry:
    rows = _bare_names(_copied(_REGISTRY.format(which=which), REGISTRY))
    near, full = _slips()
    rows = rows.with_columns(full_number=pl.col("full_number") | pl.col("number").is_in(full))
    units = _copied(_UNITS.format(which=which), UNITS)
    return Registry(rows=rows, units=units, near=near, held=held, strangers=_strangers(near, full))


def _bare_names(rows: pl.DataFrame) -> pl.DataFrame:
    """Names without what a list wrote around them, unless a resident is called just that. The extract has names alone."""
    bare = bare_names(rows["name"].unique().drop_nulls(), who_bears=_borne)
    return rows.with_columns(pl.col("name").replace(bare)) if bare else rows


def _borne(keys: set[str]) -> set[str]:
    with connection.cursor() as cursor:
        return {key for (key,) in cursor.execute(_BORNE, [sorted(keys)]).fetchall()}


def _strangers(near: pl.DataFrame, full: list[int]) -> float:
    with connection.cursor() as cursor:
        cursor.execute(_FOUND)
        found: int = cursor.fetchone()[0]
    slips = near["number"].n_unique()
    return share_of_strangers(unknown=len(full) - slips, numbers=found + len(full))


def snapshot() -> dict[str, int | str]:
    """What the extract looked like: for the manifest, and to see whether it is another one."""
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOT)
        residents, last, digest = cursor.fetchone()
    return {"residents": residents, "last_id": last, "digest": f"{digest & (2**64 - 1):016x}"}


def _slips() -> tuple[pl.DataFrame, list[int]]:
    """Which numbers of the extract are one slip from a number that is not in it; and which of those numbers have twelve digits."""
    asked_numbers: list[int] = []
    asked_digests: list[bytes] = []
    full: list[int] = []
    found: list[tuple[int, int]] = []
    with connection.cursor() as cursor:
        cursor.execute(_NOT_FOUND)
        for number_id, sealed, digest in cursor.fetchall():
            digits = shown_identity_number(sealed, digest=digest)
            if len(digits) != FULL_LENGTH:  # or one nobody can open: a case of its own
                continue
            full.append(number_id)
            for slip in slips_of(digits):
                asked_numbers.append(number_id)
                asked_digests.append(search_digest(slip, purpose=IDENTITY_NUMBER))
            if len(asked_numbers) >= ASKED_AT_ONCE:
                found += _known(asked_numbers, asked_digests)
                asked_numbers, asked_digests = [], []
        found += _known(asked_numbers, asked_digests)
    return pl.DataFrame(found, schema=NEAR, orient="row"), full


def _known(numbers: list[int], digests: list[bytes]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN_SLIPS, [numbers, digests])
        found: list[tuple[int, int]] = cursor.fetchall()
    return found


def _copied(query: str, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """The query's rows by COPY, parsed a part at a time: text of ten million residents never stands in memory at once."""
    read = {name: pl.String if kind == pl.Boolean else kind for name, kind in schema.items()}
    with closing(_parts(query)) as texts:  # an open COPY would make the rollback after an error wait for ever
        parts = [pl.read_csv(text, has_header=False, schema=read) for text in texts]
    frame = pl.concat(parts) if parts else pl.DataFrame(schema=read)
    flags = [name for name, kind in schema.items() if kind == pl.Boolean]
    return frame.with_columns(*(pl.col(name) == "true" for name in flags)).cast(schema)  # type: ignore[arg-type]  # polars asks for keys of every kind at once


def _parts(query: str) -> Generator[io.BytesIO, None, None]:
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
        part = io.BytesIO()
        for row in copy:
            part.write(row)
            if part.tell() >= PART_BYTES:
                part.seek(0)
                yield part
                part = io.BytesIO()
        if part.tell():
            part.seek(0)
            yield part
