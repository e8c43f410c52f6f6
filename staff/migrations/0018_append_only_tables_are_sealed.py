"""Seals hold the append-only tables too, not the history alone (ADR 52)."""

from django.db import migrations, models

# As for the history: whoever writes holds a lock this one waits for. The application's role may not lock a table it can't edit.
HIGH_WATER = """
CREATE FUNCTION staff_append_only_high_water(tab text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE highest bigint;
BEGIN
    IF (SELECT bit_or(t.tgtype::int) & 24 FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
        WHERE t.tgrelid = to_regclass('public.' || quote_ident(tab)) AND f.proname IN ('ansinh_append_only', 'staff_append_only')
          AND t.tgattr = '') IS DISTINCT FROM 24 THEN
        RAISE EXCEPTION '% is no append-only table', tab USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('LOCK TABLE public.%I IN SHARE MODE', tab);
    EXECUTE format('SELECT coalesce(max(id), 0) FROM public.%I', tab) INTO highest;
    RETURN highest;
END $$;
REVOKE EXECUTE ON FUNCTION staff_append_only_high_water(text) FROM PUBLIC;
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        GRANT EXECUTE ON FUNCTION staff_append_only_high_water(text) TO ansinh_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0017_sign_ins")]
    operations = [
        migrations.AddField(
            "seal",
            "tables",
            models.JSONField(default=list, db_default=[], help_text="[[table, columns, first id, last id, blocks], …]"),
        ),
        migrations.AddField("sealcheck", "sealed_table_rows", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("sealcheck", "unsealed_table_rows", models.BigIntegerField(default=0, db_default=0)),
        migrations.RunSQL(HIGH_WATER, "DROP FUNCTION staff_append_only_high_water(text)"),
    ]
