"""What is append-only, digested for the seals: every table whose rows are neither edited nor deleted, from the catalogue, so that none is forgotten."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg import sql

BLOCK = 10_000
LOCK_WAIT = "5s"  # those who write wait behind us: rather a table left for tomorrow than a standstill
LOWEST = -(2**63)  # a table's first span begins below every id, so that nothing can be put before it

Block = tuple[int, int, int, str]

# DELETE and UPDATE of whatever column both refused by our own function; history and its seals have a chain of their own.
_APPEND_ONLY = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND f.proname IN ('ansinh_append_only', 'staff_append_only') AND t.tgattr = ''
  AND c.relname NOT IN ('staff_historyrow', 'staff_seal')
GROUP BY c.relname HAVING bit_or(t.tgtype::int) & 24 = 24 ORDER BY c.relname
"""
_COLUMNS = """
SELECT a.attname FROM pg_attribute a WHERE a.attrelid = to_regclass('public.' || quote_ident(%s)) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
# A row is written down as a JSON array, so that no field can run into the next.
_BLOCKS = """
SELECT greatest(block * {size}, {first}), least(block * {size} + ({size} - 1), {last}), count(*),
       encode(sha256(convert_to(string_agg(line, E'\\n' ORDER BY id), 'UTF8')), 'hex')
FROM (SELECT id, floor(id::numeric / {size}) AS block, jsonb_build_array({columns})::text AS line
      FROM {table} WHERE id BETWEEN {first} AND {last}) rows
GROUP BY block ORDER BY block
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Rows of one table from `first` to `last`, as one seal holds them: `blocks` are `(first id, last id, rows, sha256)` over `columns`."""

    table: str
    columns: tuple[str, ...]
    first: int
    last: int
    blocks: tuple[Block, ...]

    @property
    def rows(self) -> int:
        return sum(count for _, _, count, _ in self.blocks)

    def as_json(self) -> list[Any]:
        """As a seal keeps it; `span_of` reads it back."""
        return [self.table, list(self.columns), self.first, self.last, [list(block) for block in self.blocks]]


def span_of(kept: list[Any]) -> Span:
    """What a seal kept."""
    table, columns, first, last, blocks = kept
    return Span(table, tuple(columns), int(first), int(last), tuple((int(a), int(b), int(n), d) for a, b, n, d in blocks))  # fmt: skip


def append_only_tables() -> list[str]:
    """Names of all tables that refuse both UPDATE and DELETE."""
    with connection.cursor() as cursor:
        cursor.execute(_APPEND_ONLY)
        return [name for (name,) in cursor.fetchall()]


def columns_of(table: str) -> tuple[str, ...]:
    """Its columns in their order; none if there is no such table."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [table])
        return tuple(name for (name,) in cursor.fetchall())


def high_waters() -> dict[str, int]:
    """Per table the id up to which every row is written or will never be; a table somebody writes to for longer than we may wait is left out.

    Each in a transaction of its own, so that no lock is held longer than the blink of one query.
    """
    found = {}
    for table in append_only_tables():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
                cursor.execute("SELECT staff_append_only_high_water(%s)", [table])
                found[table] = int(cursor.fetchone()[0])
        except OperationalError:
            continue
    return found


def new_spans(*, sealed: Mapping[str, int], upto: Mapping[str, int]) -> Iterator[Span]:
    """What was written after the last sealed id of each table, up to its high water."""
    for table, last in sorted(upto.items()):
        first = sealed[table] + 1 if table in sealed else LOWEST
        if last >= first:
            columns = columns_of(table)
            blocks = tuple(blocks_between(table, columns, first, last))
            if blocks:
                yield Span(table, columns, first, last, blocks)


@transaction.atomic
def blocks_between(table: str, columns: tuple[str, ...], first: int, last: int) -> list[Block]:
    """`(first id, last id, rows, sha256)` for every block that holds rows. What a session may set about how values are written is set here."""
    statement = sql.SQL(_BLOCKS).format(
        size=sql.Literal(BLOCK), first=sql.Literal(first), last=sql.Literal(last), table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('TimeZone', 'UTC', true), set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true)"
        )
        cursor.execute(statement)
        return [(int(begin), int(end), int(count), digest) for begin, end, count, digest in cursor.fetchall()]


def rows_after(sealed: Mapping[str, int]) -> int:
    """How many rows of these tables no seal holds yet."""
    total = 0
    with connection.cursor() as cursor:
        for table in append_only_tables():
            cursor.execute(
                sql.SQL("SELECT count(*) FROM {} WHERE id > %s").format(sql.Identifier(table)), [sealed.get(table, LOWEST)]
            )  # fmt: skip
            total += int(cursor.fetchone()[0])
    return total
