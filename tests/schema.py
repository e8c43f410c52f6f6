"""What a database is made of, as PostgreSQL tells it: to compare two of them whatever order they were made in."""

from collections.abc import Iterator

import psycopg

TOLD_BY = {
    "columns": """
        SELECT c.relname, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname, format_type(a.atttypid, a.atttypmod),
               a.attnotnull, a.attidentity, a.attstattarget, a.attacl::text, a.attcollation::regcollation::text, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relnamespace = 'public'::regnamespace""",
    "functions": """
        SELECT oid::regprocedure::text, pg_get_functiondef(oid), proowner::regrole::text, (SELECT array_agg(right_ ORDER BY right_)
               FROM (SELECT x::text AS right_ FROM unnest(proacl) x) r) FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
    "relations": """
        SELECT relname, relkind, relpersistence, reloptions, relrowsecurity, relowner::regrole::text, (SELECT array_agg(right_ ORDER BY right_)
               FROM (SELECT x::text AS right_ FROM unnest(relacl) x) r) FROM pg_class WHERE relnamespace = 'public'::regnamespace""",
    "policies": "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies WHERE schemaname = 'public'",
    "sequences": """
        SELECT s.relname, t.relname, d.deptype, q.seqtypid::regtype::text, q.seqstart, q.seqincrement, q.seqmax, q.seqcycle
        FROM pg_sequence q JOIN pg_class s ON s.oid = q.seqrelid LEFT JOIN pg_depend d ON d.objid = s.oid AND d.refobjsubid > 0
        LEFT JOIN pg_class t ON t.oid = d.refobjid""",
    "rights to come": "SELECT defaclobjtype, defaclacl::text FROM pg_default_acl",
}
"""Kind of thing → the query that tells all of that kind."""


def schema_of(url: str) -> set[tuple[str, ...]]:
    """Everything in `public` of the database at `url`: (kind, what is told of it), each told whole."""
    with psycopg.connect(url) as connection:
        return {
            (kind, *(str(part) for part in told))
            for kind, query in TOLD_BY.items()
            for told in connection.execute(query)
        }


def filled_in(url: str) -> Iterator[tuple[str, str]]:
    """(table, row without its id) of what migrations write, but for Django's own list of them and where the database lies."""
    with psycopg.connect(url) as connection:
        tables = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        for table in sorted(
            set(tables) - {"django_migrations", "auth_permission", "payments_booksplace", "payments_booksstart"}
        ):
            for (row,) in connection.execute(f"SELECT (to_jsonb(t) - 'id')::text FROM public.{table} t"):
                yield table, row
