"""A notice that was sent stays sent: it is neither deleted nor queued again."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION payments_notice_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE (o.payment_id, o.kind) IS DISTINCT FROM (n.payment_id, n.kind) OR (o.status <> 'WAITING' AND n.status <> o.status)) THEN
        RAISE EXCEPTION 'a notice is sent once' USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_is_sent_once';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notice_guard AFTER UPDATE ON payments_notice REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_notice_guard();
CREATE TRIGGER never_deleted BEFORE DELETE ON payments_notice FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE DELETE ON payments_notice FROM ansinh_app';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_notices")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
