"""A payment is in one live file; a file moves by its table, and what went to the bank is never edited."""

from django.db import migrations

FILE_TRANSITIONS = [
    ("BUILT", "UPLOAD", "UPLOADING"),
    ("UPLOADING", "NOT_TAKEN", "BUILT"),
    ("UPLOADING", "TAKEN", "RECEIVED"),
    ("BUILT", "TAKEN", "RECEIVED"),
    ("UPLOADING", "REFUSED", "REJECTED"),
    ("BUILT", "BANK_ACCEPTED", "ACCEPTED"),
    ("UPLOADING", "BANK_ACCEPTED", "ACCEPTED"),
    ("RECEIVED", "BANK_ACCEPTED", "ACCEPTED"),
    ("BUILT", "BANK_PARTLY", "PARTIALLY"),
    ("UPLOADING", "BANK_PARTLY", "PARTIALLY"),
    ("RECEIVED", "BANK_PARTLY", "PARTIALLY"),
    ("ACCEPTED", "BANK_PARTLY", "PARTIALLY"),
    ("BUILT", "BANK_REJECTED", "REJECTED"),
    ("UPLOADING", "BANK_REJECTED", "REJECTED"),
    ("RECEIVED", "BANK_REJECTED", "REJECTED"),
]
ROWS = ", ".join(f"('{source}', '{cause}', '{target}')" for source, cause, target in FILE_TRANSITIONS)

# A payment joins a file only with its claim, and leaves it only back to READY, and only when the bank refused the whole file.
PAYMENT_IN_FILE = """
CREATE FUNCTION payments_file_membership_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               LEFT JOIN payments_paymentfile joined ON joined.id = n.file_id
               LEFT JOIN payments_paymentfile gone ON gone.id = o.file_id
               WHERE (o.file_id IS DISTINCT FROM n.file_id OR (o.file_id IS NOT NULL AND n.status = 'READY')) AND NOT coalesce(
                     (o.file_id IS NULL AND o.status = 'READY' AND n.status = 'SENT' AND joined.status = 'BUILT' AND joined.used_at IS NULL
                      AND joined.batch_id = n.batch_id AND n.ordinal BETWEEN joined.first_ordinal AND joined.last_ordinal)
                     OR (n.file_id IS NULL AND o.status = 'SENT' AND n.status = 'READY' AND gone.status = 'REJECTED' AND n.attempt > o.attempt), false)) THEN
        RAISE EXCEPTION 'a payment is in one live file' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_in_one_live_file';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_file_membership AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_file_membership_guard();
"""
FILE_GUARDS = """
CREATE FUNCTION payments_file_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.batch_id, NEW.message_id, NEW.count, NEW.total, NEW.first_ordinal, NEW.last_ordinal, NEW.digest, NEW.built_at) IS DISTINCT FROM
       (OLD.id, OLD.batch_id, OLD.message_id, OLD.count, OLD.total, OLD.first_ordinal, OLD.last_ordinal, OLD.digest, OLD.built_at) THEN
        RAISE EXCEPTION 'a file is never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_file_is_never_edited';
    END IF;
    IF NEW.status <> OLD.status AND NOT EXISTS (SELECT 1 FROM payments_file_transition
            WHERE source = OLD.status AND cause = NEW.cause AND target = NEW.status) THEN
        RAISE EXCEPTION 'file may not move % -> % by %', OLD.status, NEW.status, NEW.cause
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_file_moves_by_cause';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER file_guard BEFORE UPDATE ON payments_paymentfile FOR EACH ROW EXECUTE FUNCTION payments_file_guard();

CREATE FUNCTION payments_report_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a report is kept as received' USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_report_is_kept_as_received';
END $$;
CREATE TRIGGER report_guard BEFORE UPDATE ON payments_bankreport FOR EACH ROW
    WHEN ((OLD.id, OLD.funding_account_id, OLD.sequence, OLD.kind, OLD.received_at) IS DISTINCT FROM
          (NEW.id, NEW.funding_account_id, NEW.sequence, NEW.kind, NEW.received_at) OR (OLD.handled_at IS NOT NULL AND NEW.handled_at IS NULL))
    EXECUTE FUNCTION payments_report_guard();
CREATE TRIGGER never_deleted BEFORE DELETE ON payments_paymentfile FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
CREATE TRIGGER never_deleted BEFORE DELETE ON payments_bankreport FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE DELETE ON payments_paymentfile, payments_bankreport FROM ansinh_app';
        EXECUTE 'REVOKE INSERT, UPDATE, DELETE ON payments_file_transition FROM ansinh_app';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0021_payment_files")]
    operations = [
        migrations.RunSQL(
            "CREATE TABLE payments_file_transition (source text, cause text, target text, PRIMARY KEY (source, cause));"
            f"INSERT INTO payments_file_transition VALUES {ROWS};",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(PAYMENT_IN_FILE + FILE_GUARDS, migrations.RunSQL.noop),
    ]
