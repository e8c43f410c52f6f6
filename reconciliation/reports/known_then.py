"""What was known at a moment, for statements that count: views of tables as the history had them stand before today's tables (ADR 95)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

# What the history keeps of each and a report reads. Of payments only that an order ended is undone: on which business day the bank credited and
# returned is what a period's report is about, whenever it is learnt.
AS_THEN = {
    "beneficiaries_bankaccount": ("status", "reason", "holder_kind", "opened_on", "closed_on", "last_credited_month"),
    "beneficiaries_beneficiary": ("same_as_id",),
    "beneficiaries_case": ("unit_id",),  # how else it stood is told by its own trail, which has terms and moments of their own
    "beneficiaries_enrolment": ("beneficiary_id", "category_id", "unit_id", "starts_month", "ended_month", "suspended_month"),
    "payments_entitlement": ("payment_id", "withdrawn_in_id"),
    "payments_payment": ("status", "cause"),
}  # fmt: skip
_ONLY = {"payments_payment": "t.status IN ('FAILED', 'CANCELLED')"}

_CHANGED = "SELECT DISTINCT relation FROM staff_historyrow WHERE id > %(history_id)s AND relation = ANY(%(tables)s)"
_UNDO = """
CREATE TEMP TABLE then_{table} ON COMMIT DROP AS
WITH first AS (
    SELECT DISTINCT ON (h.row_id, c.key) h.row_id, c.key, c.value -> 0 AS was
    FROM staff_historyrow h JOIN public.{table} t ON t.id = h.row_id AND {only} CROSS JOIN LATERAL jsonb_each(h.changes) c
    WHERE h.relation = '{table}' AND h.id > %(history_id)s AND h.operation = 'U' AND c.key = ANY(%(columns)s)
    ORDER BY h.row_id, c.key, h.id
)
SELECT row_id, false AS born, jsonb_object_agg(key, was) AS was FROM first GROUP BY row_id
"""  # our own names
# New rows of some tables are history too: they were not there.
_BORN_SINCE = """
MERGE INTO then_{table} x USING (
    SELECT row_id FROM staff_historyrow WHERE relation = '{table}' AND operation = 'I' AND id > %(history_id)s
) h ON h.row_id = x.row_id
WHEN MATCHED THEN UPDATE SET born = true WHEN NOT MATCHED THEN INSERT VALUES (h.row_id, true, '{{}}')
"""
_VIEW = """
ANALYZE then_{table};
CREATE TEMP VIEW {table} AS SELECT {columns} FROM public.{table} t LEFT JOIN then_{table} x ON x.row_id = t.id WHERE x.born IS NOT TRUE
"""


def history_end() -> int:
    """The last row of the history in this view of the database; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM staff_historyrow")
        return int(cursor.fetchone()[0])


@contextmanager
def known_then(history_id: int | None) -> Iterator[None]:
    """Statements inside read accounts, files and ended orders as the history had them at its row `history_id`; with None as they are now.

    Within a transaction that ends with it: where something fails, its end takes the views away.
    """
    tables = _stand_back(history_id) if history_id is not None else []
    yield
    if tables:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE " + ", ".join(f"pg_temp.then_{table}" for table in tables) + " CASCADE")


def _stand_back(history_id: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"history_id": history_id, "tables": list(AS_THEN)})
        tables = sorted(name for (name,) in cursor.fetchall())
        for table in tables:
            parameters: dict[str, Any] = {"history_id": history_id, "columns": list(AS_THEN[table])}
            cursor.execute(_UNDO.format(table=table, only=_ONLY.get(table, "true")), parameters)
            cursor.execute(_BORN_SINCE.format(table=table), parameters)
            cursor.execute(_VIEW.format(table=table, columns=", ".join(_columns(table))))
        if tables:
            cursor.execute("DISCARD PLANS")  # a prepared statement would go on reading the table it was planned with
    return tables


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " ORDER BY attnum",
            [f"public.{table}"],
        )
        types = [(str(name), str(kind)) for name, kind in cursor.fetchall()]
    return [
        f"CASE WHEN x.was ? '{name}' THEN (x.was ->> '{name}')::{kind} ELSE t.{name} END AS {name}"
        if name in AS_THEN[table]
        else f"t.{name}"
        for name, kind in types
    ]
