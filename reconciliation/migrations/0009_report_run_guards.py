"""What the database refuses about ordered reports: moves outside the table, a signature under a draft or other figures, changes after it."""

from django.db import migrations

TRANSITIONS = """
CREATE TABLE reconciliation_run_transition (source varchar(7), cause varchar(11), target varchar(7) NOT NULL, PRIMARY KEY (source, cause));
INSERT INTO reconciliation_run_transition VALUES
    ('WAITING', 'CLAIM', 'RUNNING'), ('RUNNING', 'PUT_BACK', 'WAITING'), ('RUNNING', 'GIVE_UP', 'FAILED'), ('RUNNING', 'TIES_OUT', 'MADE'),
    ('RUNNING', 'DIFFERS', 'DRAFTED'), ('MADE', 'ORDER_AGAIN', 'WAITING'), ('DRAFTED', 'ORDER_AGAIN', 'WAITING'),
    ('FAILED', 'ORDER_AGAIN', 'WAITING'), ('MADE', 'SIGN', 'SIGNED');
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE INSERT, UPDATE, DELETE ON reconciliation_run_transition FROM ansinh_app;
    END IF;
END $$;
"""
GUARD = """
CREATE FUNCTION reconciliation_run_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN old_rows o ON o.id = n.id
               WHERE (n.kind, n.unit_id, n.from_on, n.to_on) IS DISTINCT FROM (o.kind, o.unit_id, o.from_on, o.to_on)
                  OR (o.status = 'SIGNED' AND n IS DISTINCT FROM o)) THEN
        RAISE EXCEPTION 'what a report is about, and what is signed, never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_report_never_changes';
    END IF;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN old_rows o ON o.id = n.id
               LEFT JOIN reconciliation_run_transition t ON t.source = o.status AND t.cause = n.cause
               WHERE n.status <> o.status AND t.target IS DISTINCT FROM n.status) THEN
        RAISE EXCEPTION 'a report does not move like this' USING ERRCODE = 'check_violation', CONSTRAINT = 'report_moves_by_the_table';
    END IF;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN reconciliation_reportsnapshot s ON s.id = n.snapshot_id
               WHERE (s.unit_id, s.from_on, s.to_on) IS DISTINCT FROM (n.unit_id, n.from_on, n.to_on)
                  OR (n.status IN ('MADE', 'SIGNED') AND NOT s.ties_out) OR (n.status = 'DRAFTED' AND s.ties_out)
                  OR (n.status = 'SIGNED' AND n.signed_digest <> s.digest)) THEN
        RAISE EXCEPTION 'a report has the figures of its unit and period, and is signed over figures that tie out'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_is_signed_over_figures_that_tie_out';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER run_guard AFTER UPDATE ON reconciliation_reportrun REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_run_guard();
CREATE FUNCTION reconciliation_run_born() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows WHERE status <> 'WAITING' OR snapshot_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a report begins waiting' USING ERRCODE = 'check_violation', CONSTRAINT = 'report_begins_waiting';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER run_born AFTER INSERT ON reconciliation_reportrun REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_run_born();
CREATE TRIGGER never_deleted BEFORE DELETE ON reconciliation_reportrun FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE DELETE ON reconciliation_reportrun FROM ansinh_app;
    END IF;
END $$;
"""
HISTORY = "SELECT ansinh_keep_history('reconciliation_reportrun', ARRAY['status', 'cause', 'snapshot_id', 'due_on', 'signed_by_id'], false);"


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0008_report_runs"), ("staff", "0009_delegation_guards")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (TRANSITIONS, GUARD, HISTORY)]
