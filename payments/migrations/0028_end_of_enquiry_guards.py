"""What ends an enquiry, and what may follow a payment that left nothing: held by triggers (ADR 30)."""

from django.db import migrations

TRANSITION = "INSERT INTO payments_transition VALUES ('SENT', 'NEVER_HAD', 'CANCELLED');"

# Who looks into it and who ends it are written with the role they have; what was decided is never decided again.
ENQUIRY = """
CREATE FUNCTION payments_enquiry_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.outcome <> '' OR NEW.letter_id IS NOT NULL) THEN
        RAISE EXCEPTION 'an enquiry begins without an answer' USING ERRCODE = 'check_violation', CONSTRAINT = 'enquiry_begins_unanswered';
    END IF;
    IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.owner_id AND u.is_active AND u.role = NEW.owner_role) THEN
        RAISE EXCEPTION 'the owner has not this role' USING ERRCODE = 'check_violation', CONSTRAINT = 'enquiry_owner_has_the_role';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.outcome <> '' THEN
            RAISE EXCEPTION 'what was decided stays decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'enquiry_is_decided_once';
        END IF;
        IF (OLD.payment_id, OLD.attempt, OLD.owner_id, OLD.owner_role, OLD.taken_at)
           IS DISTINCT FROM (NEW.payment_id, NEW.attempt, NEW.owner_id, NEW.owner_role, NEW.taken_at) THEN
            RAISE EXCEPTION 'an enquiry stays the same question' USING ERRCODE = 'check_violation', CONSTRAINT = 'enquiry_is_never_redirected';
        END IF;
        IF NEW.outcome <> '' THEN
            IF (OLD.letter_id, OLD.document, OLD.answered_at) IS DISTINCT FROM (NEW.letter_id, NEW.document, NEW.answered_at) THEN
                RAISE EXCEPTION 'who ends it does not bring the letter' USING ERRCODE = 'check_violation', CONSTRAINT = 'enquiry_letter_was_on_file';
            END IF;
            IF NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.decided_by_id AND u.is_active AND u.role = NEW.decided_role) THEN
                RAISE EXCEPTION 'who ends it has not this role' USING ERRCODE = 'check_violation', CONSTRAINT = 'enquiry_decider_has_the_role';
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enquiry_guard BEFORE INSERT OR UPDATE ON payments_enquiry FOR EACH ROW EXECUTE FUNCTION payments_enquiry_guard();
CREATE TRIGGER never_deleted BEFORE DELETE ON payments_enquiry FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payments_bankletter FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
SELECT ansinh_keep_history('payments_enquiry',
    ARRAY['payment_id', 'attempt', 'owner_id', 'owner_role', 'letter_id', 'document', 'outcome', 'decided_by_id', 'decided_role'], true);
"""

# A key is never used again: the attempt, which is part of it, only grows, and a payment people ended goes out under none.
KEYS = """
CREATE FUNCTION payments_key_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE n.attempt < o.attempt) THEN
        RAISE EXCEPTION 'a key is never used again' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_attempt_only_grows';
    END IF;
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE o.status = 'SENT' AND n.status = 'CANCELLED' AND n.cause = 'NEVER_HAD' AND (n.file_id IS NOT NULL OR NOT EXISTS (
                   SELECT 1 FROM payments_enquiry q WHERE q.payment_id = n.id AND q.attempt = n.attempt AND q.outcome = 'ABSENT'))) THEN
        RAISE EXCEPTION 'only an enquiry that was ended ends a payment' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_ends_with_its_enquiry';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_key_guard AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_key_guard();
"""

# Written as the owner: the application can neither forge who follows whom nor forget it.
SUCCESSION = """
CREATE FUNCTION payments_note_succession() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO payments_succession (predecessor_id, successor_id)
    WITH moved AS (SELECT DISTINCT o.payment_id AS before, n.payment_id AS after FROM old_rows o JOIN new_rows n ON n.id = o.id
                   WHERE o.payment_id <> n.payment_id)
    SELECT before, after FROM moved
    UNION SELECT s.predecessor_id, m.after FROM moved m JOIN payments_succession s ON s.successor_id = m.before WHERE s.predecessor_id <> m.after
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER entitlement_succession AFTER UPDATE ON payments_entitlement REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_note_succession();

INSERT INTO payments_succession (predecessor_id, successor_id)
SELECT DISTINCT reissues_id, id FROM payments_payment WHERE reissues_id IS NOT NULL ON CONFLICT DO NOTHING;

-- Asked only about what sets out, by its own ids: an index probe per order of a chunk, whatever else the table holds.
CREATE FUNCTION payments_succession_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE leaving bigint[];
BEGIN
    leaving := ARRAY(SELECT id FROM new_rows WHERE (status, cause) IN (('SENT', 'CLAIM'), ('PROCESSING', 'HANDED_OVER')));
    IF cardinality(leaving) = 0 THEN RETURN NULL; END IF;
    IF EXISTS (SELECT 1 FROM payments_succession s JOIN payments_payment p ON p.id = s.predecessor_id JOIN old_rows o ON o.id = s.successor_id
               WHERE s.successor_id = ANY(leaving) AND o.status = 'READY'
                 AND (p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED') OR p.confirmed_at IS NULL)) THEN
        RAISE EXCEPTION 'a payment sets out only while what it replaces is confirmed to have left nothing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'successor_waits_for_what_it_replaces';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_succession_guard AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_succession_guard();
"""

HOURS = """
CREATE FUNCTION payments_hours_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF to_jsonb(OLD) - 'valid_to' IS DISTINCT FROM to_jsonb(NEW) - 'valid_to' OR OLD.valid_to IS NOT NULL THEN
        RAISE EXCEPTION 'hours are ended, never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'hours_are_ended_not_edited';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hours_guard BEFORE UPDATE ON payments_bankhours FOR EACH ROW EXECUTE FUNCTION payments_hours_guard();
CREATE TRIGGER hours_guard BEFORE UPDATE ON payments_bankholiday FOR EACH ROW EXECUTE FUNCTION payments_hours_guard();
CREATE TRIGGER never_deleted BEFORE DELETE ON payments_bankhours FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
CREATE TRIGGER never_deleted BEFORE DELETE ON payments_bankholiday FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
"""

RIGHTS = """
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE INSERT, UPDATE, DELETE ON payments_succession FROM ansinh_app;
        REVOKE UPDATE, DELETE ON payments_bankletter FROM ansinh_app;
        REVOKE DELETE ON payments_enquiry, payments_bankhours, payments_bankholiday FROM ansinh_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0027_end_of_enquiry"), ("staff", "0007_history")]
    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (TRANSITION, ENQUIRY, KEYS, SUCCESSION, HOURS, RIGHTS)
    ]
