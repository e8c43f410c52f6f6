"""Statements, lines, matches and snapshots are append-only."""

from django.db import migrations

TABLES = [
    "reconciliation_statement",
    "reconciliation_statementline",
    "reconciliation_statementmatch",
    "reconciliation_reportsnapshot",
]

GUARDS = (
    "\n".join(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();"
        for table in TABLES
    )
    + f"""
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE UPDATE, DELETE ON {", ".join(TABLES)} FROM ansinh_app';
        EXECUTE 'REVOKE DELETE ON reconciliation_discrepancy FROM ansinh_app';
    END IF;
END $$;
"""
)


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0002_relations"), ("payments", "0003_guards")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
