"""What a check of the seals found is never edited."""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON staff_sealcheck FOR EACH STATEMENT EXECUTE FUNCTION staff_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE UPDATE, DELETE ON staff_sealcheck FROM ansinh_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0011_seal_checks")]
    operations = [migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop)]
