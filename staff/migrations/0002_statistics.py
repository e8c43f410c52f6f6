"""The application may have the planner's statistics refreshed after a bulk load; ANALYZE itself is the owner's."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION ansinh_refresh_statistics(tables regclass[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE one regclass;
BEGIN
    FOREACH one IN ARRAY tables LOOP
        EXECUTE 'ANALYZE ' || one;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION ansinh_refresh_statistics(regclass[])")]
