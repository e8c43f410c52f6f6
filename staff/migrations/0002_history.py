"""History written by statement-level triggers, out of the application's reach (ADR 19), and the seals that hold it and the append-only tables (ADR 52)."""

from django.db import migrations

from staff.migrations._statements import append_only, make, revoke

# The application may have the planner's statistics refreshed after a bulk load; ANALYZE itself is the owner's.
REFRESH_STATISTICS = """
CREATE FUNCTION ansinh_refresh_statistics(tables regclass[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE one regclass;
BEGIN
    FOREACH one IN ARRAY tables LOOP
        EXECUTE 'ANALYZE ' || one;
    END LOOP;
END $$;
"""

# One statement of history per statement of work, however many rows it touched. SECURITY DEFINER: the application's role has no right to
# insert history, so it can neither forge a row nor leave one out. Without `enable_nestloop = off` the planner, blind about transition
# tables, may compare every row with every other.
KEEP_HISTORY = """
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
HISTORY_HIGH_WATER = """
CREATE FUNCTION ansinh_history_high_water() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE staff_historyrow IN SHARE MODE;
    RETURN (SELECT coalesce(max(id), 0) FROM staff_historyrow);
END $$;
"""

# As for the history: whoever writes holds a lock this one waits for. The application's role may not lock a table it can't edit.
APPEND_ONLY_HIGH_WATER = """
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

# The tables of staff.
APPEND_ONLY_IN_STAFF = """
CREATE FUNCTION staff_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

# The tables of all rooms. It is the owner's too: a correction is a new row, whoever writes it. Revoking the rights comes on top.
APPEND_ONLY = """
CREATE FUNCTION ansinh_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

NEVER_DELETED = """
CREATE FUNCTION staff_never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    replaces = [("staff", "0007_history")]
    # The last folded one, for 0001: where only some of those are applied it is a node that does not exist, and nothing is migrated (ADR 54).
    dependencies = [("staff", "0018_append_only_tables_are_sealed")]
    operations = [
        make(
            REFRESH_STATISTICS,
            KEEP_HISTORY,
            HISTORY_HIGH_WATER,
            APPEND_ONLY_HIGH_WATER,
            APPEND_ONLY_IN_STAFF,
            APPEND_ONLY,
            NEVER_DELETED,
            append_only("staff_seal", "staff_sealcheck", "staff_paperreading", by="staff_append_only"),
            append_only("staff_historyrow", by="staff_append_only"),
            revoke("INSERT", "staff_historyrow"),
        ),
    ]
