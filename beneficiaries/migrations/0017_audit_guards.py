"""What was drawn and answered in an audit stays as it was."""

from django.db import migrations

TABLES = ["beneficiaries_auditsample", "beneficiaries_audititem", "beneficiaries_auditanswer"]
GUARDS = (
    "\n".join(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();"
        for table in TABLES
    )
    + f"""
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE UPDATE, DELETE ON {", ".join(TABLES)} FROM ansinh_app';
    END IF;
END $$;
"""
)


class Migration(migrations.Migration):
    # The function is made by payments' guards.
    dependencies = [("beneficiaries", "0016_matching_engine"), ("payments", "0003_guards")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
