"""History written by statement-level triggers, out of the application's reach (ADR 19)."""

from django.db import migrations

# One statement of history per statement of work, however many rows it touched. SECURITY DEFINER: the application's role has no right to
# insert history, so it can neither forge a row nor leave one out. Without `enable_nestloop = off` the planner, blind about transition
# tables, may compare every row with every other.
KEEP_HISTORY = r"""
CREATE FUNCTION ansinh_keep_history(tab regclass, columns text[], inserts boolean) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $keep$
DECLARE
    kept text := tab::text;
    changed text; olds text; news text; gone text; born text; body text;
    head text := 'INSERT INTO staff_historyrow (at, relation, row_id, operation, changes, actor_id, why, request_id, session_role) SELECT clock_timestamp(), ';
    label text := ', nullif(current_setting(''ansinh.actor'', true), '''')::bigint,'
                  ' left(coalesce(nullif(current_setting(''ansinh.why'', true), ''''), current_setting(''application_name'')), 80),'
                  ' coalesce(current_setting(''ansinh.request'', true), ''''), session_user FROM ';
BEGIN
    SELECT string_agg(format('%L, CASE WHEN o.%I IS DISTINCT FROM n.%I THEN jsonb_build_array(o.%I, n.%I) END', c, c, c, c, c), ', '),
           string_agg(format('o.%I', c), ', '), string_agg(format('n.%I', c), ', '),
           string_agg(format('%L, CASE WHEN o.%I IS NOT NULL THEN jsonb_build_array(o.%I, NULL) END', c, c, c), ', '),
           string_agg(format('%L, CASE WHEN n.%I IS NOT NULL THEN jsonb_build_array(NULL, n.%I) END', c, c, c), ', ')
    INTO changed, olds, news, gone, born FROM unnest(columns) c;
    body := 'BEGIN IF TG_OP = ''UPDATE'' THEN '
        || head || quote_literal(kept) || ', n.id, ''U'', jsonb_strip_nulls(jsonb_build_object(' || changed || '))' || label
        || 'old_rows o JOIN new_rows n ON n.id = o.id WHERE ROW(' || olds || ') IS DISTINCT FROM ROW(' || news || ');'
        || ' ELSIF TG_OP = ''DELETE'' THEN '
        || head || quote_literal(kept) || ', o.id, ''D'', jsonb_strip_nulls(jsonb_build_object(' || gone || '))' || label || 'old_rows o;'
        || ' ELSE '
        || head || quote_literal(kept) || ', n.id, ''I'', jsonb_strip_nulls(jsonb_build_object(' || born || '))' || label || 'new_rows n;'
        || ' END IF; RETURN NULL; END';
    EXECUTE format('CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER'
                   ' SET enable_nestloop = off SET search_path = public, pg_temp AS %L', 'history_of_' || kept, body);
    EXECUTE format('DROP TRIGGER IF EXISTS history_update ON %s; DROP TRIGGER IF EXISTS history_delete ON %s; DROP TRIGGER IF EXISTS history_insert ON %s',
                   tab, tab, tab);
    EXECUTE format('CREATE TRIGGER history_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION %I()', tab, 'history_of_' || kept);
    EXECUTE format('CREATE TRIGGER history_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION %I()', tab, 'history_of_' || kept);
    IF inserts THEN
        EXECUTE format('CREATE TRIGGER history_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION %I()', tab, 'history_of_' || kept);
    END IF;
END $keep$;
REVOKE EXECUTE ON FUNCTION ansinh_keep_history(regclass, text[], boolean) FROM PUBLIC;
"""

# Whoever writes history holds a lock this one waits for, so every id up to the answer is written or will never be.
HIGH_WATER = """
CREATE FUNCTION ansinh_history_high_water() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE staff_historyrow IN SHARE MODE;
    RETURN (SELECT coalesce(max(id), 0) FROM staff_historyrow);
END $$;
"""

APPEND_ONLY = """
CREATE FUNCTION staff_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON staff_historyrow FOR EACH STATEMENT EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON staff_seal FOR EACH STATEMENT EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER never_deleted BEFORE DELETE ON staff_assignment FOR EACH STATEMENT EXECUTE FUNCTION staff_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE INSERT, UPDATE, DELETE ON staff_historyrow FROM ansinh_app;
        REVOKE UPDATE, DELETE ON staff_seal FROM ansinh_app;
        REVOKE DELETE ON staff_assignment FROM ansinh_app;
    END IF;
END $$;
"""

# Who may do what is money-bearing too.
USERS = "SELECT ansinh_keep_history('staff_user', ARRAY['role', 'unit_id', 'is_active', 'is_superuser'], true);"


class Migration(migrations.Migration):
    dependencies = [("staff", "0006_assignments_and_audit")]
    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (KEEP_HISTORY, HIGH_WATER, APPEND_ONLY, USERS)
    ]
