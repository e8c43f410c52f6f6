"""A bank's form stays as it was recorded; a new form is a new row."""

from django.db import migrations

TABLE = "beneficiaries_openingtemplate"
GUARDS = f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE UPDATE, DELETE ON {TABLE} FROM ansinh_app';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    # The function is made by payments' guards.
    dependencies = [("beneficiaries", "0022_second_person_and_templates"), ("payments", "0003_guards")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
