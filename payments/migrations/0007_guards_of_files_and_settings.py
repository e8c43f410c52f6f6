"""A payment is in one live file; settings are changed by two people; the estimate of a year and the journal add up."""

from django.db import migrations

from staff.migrations._statements import make, revoke, rows

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

FILE_TABLE = f"""
CREATE TABLE payments_file_transition (source text, cause text, target text, PRIMARY KEY (source, cause));
INSERT INTO payments_file_transition VALUES {rows(FILE_TRANSITIONS)};
"""

# A payment joins a file only with its claim, and leaves it only back to READY, and only when the bank refused the whole file.
FILE_MEMBERSHIP_GUARD = """
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

# A file moves by its table, and what went to the bank is never edited.
FILE_GUARD = """
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
"""

REPORT_GUARD = """
CREATE FUNCTION payments_report_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a report is kept as received' USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_report_is_kept_as_received';
END $$;
CREATE TRIGGER report_guard BEFORE UPDATE ON payments_bankreport FOR EACH ROW
    WHEN ((OLD.id, OLD.funding_account_id, OLD.sequence, OLD.kind, OLD.received_at) IS DISTINCT FROM
          (NEW.id, NEW.funding_account_id, NEW.sequence, NEW.kind, NEW.received_at) OR (OLD.handled_at IS NOT NULL AND NEW.handled_at IS NULL))
    EXECUTE FUNCTION payments_report_guard();
"""

HOURS_GUARD = """
CREATE FUNCTION payments_hours_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF to_jsonb(OLD) - 'valid_to' IS DISTINCT FROM to_jsonb(NEW) - 'valid_to' OR OLD.valid_to IS NOT NULL THEN
        RAISE EXCEPTION 'hours are ended, never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'hours_are_ended_not_edited';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hours_guard BEFORE UPDATE ON payments_bankhours FOR EACH ROW EXECUTE FUNCTION payments_hours_guard();
CREATE TRIGGER hours_guard BEFORE UPDATE ON payments_bankholiday FOR EACH ROW EXECUTE FUNCTION payments_hours_guard();
"""

SETTING_CHANGE_GUARD = """
CREATE FUNCTION payments_setting_change_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.accepted IS NOT NULL THEN
            RAISE EXCEPTION 'a change begins undecided' USING ERRCODE = 'check_violation', CONSTRAINT = 'setting_change_begins_undecided';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.proposed_by_id AND u.is_active AND u.role = NEW.proposed_role) THEN
            RAISE EXCEPTION 'who proposes has not this role' USING ERRCODE = 'check_violation', CONSTRAINT = 'proposer_has_the_role';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.accepted IS NOT NULL OR (to_jsonb(OLD) - ARRAY['accepted', 'decided_by_id', 'decided_role', 'decided_at'])
       IS DISTINCT FROM (to_jsonb(NEW) - ARRAY['accepted', 'decided_by_id', 'decided_role', 'decided_at']) THEN
        RAISE EXCEPTION 'a change is decided once and never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'setting_change_is_decided_once';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.decided_by_id AND u.is_active AND u.role = NEW.decided_role) THEN
        RAISE EXCEPTION 'who decides has not this role' USING ERRCODE = 'check_violation', CONSTRAINT = 'setting_decider_has_the_role';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER setting_change_guard BEFORE INSERT OR UPDATE ON payments_settingchange FOR EACH ROW EXECUTE FUNCTION payments_setting_change_guard();
"""

FUNDING_ACCOUNT_GUARD = """
CREATE FUNCTION payments_funding_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a changed funding account is a new row' USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_account_is_never_redirected';
END $$;
CREATE TRIGGER funding_account_guard BEFORE UPDATE ON payments_fundingaccount FOR EACH ROW
    WHEN ((OLD.id, OLD.bank_account_id, OLD.paying_unit_id) IS DISTINCT FROM (NEW.id, NEW.bank_account_id, NEW.paying_unit_id))
    EXECUTE FUNCTION payments_funding_account_guard();
"""

# Dự toán giao: what a paying unit may spend in a year, together never below zero.
ESTIMATE_GUARD = """
CREATE FUNCTION payments_estimate_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('payments:estimates'));  -- two reductions at once would each find enough
    IF EXISTS (SELECT 1 FROM payments_budgetestimate e
               WHERE (e.unit_id, e.programme_id, e.budget_source, e.year) IN (SELECT unit_id, programme_id, budget_source, year FROM new_rows)
               GROUP BY e.unit_id, e.programme_id, e.budget_source, e.year HAVING sum(e.amount) < 0) THEN
        RAISE EXCEPTION 'no more is taken back than was given' USING ERRCODE = 'check_violation', CONSTRAINT = 'estimate_never_below_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER estimate_guard AFTER INSERT ON payments_budgetestimate REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_estimate_guard();
"""

ENTRY_BALANCES = """
CREATE FUNCTION payments_entry_balances() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT sum(amount) FROM payments_posting WHERE entry_id = NEW.entry_id) <> 0 THEN
        RAISE EXCEPTION 'journal entry % does not balance', NEW.entry_id USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entry_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON payments_posting DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_entry_balances();
"""


class Migration(migrations.Migration):
    replaces = [("payments", "0022_payment_file_guards")]
    dependencies = [("payments", "0006_guards_of_enquiries")]
    operations = [
        make(
            FILE_TABLE,
            FILE_MEMBERSHIP_GUARD,
            FILE_GUARD,
            REPORT_GUARD,
            HOURS_GUARD,
            SETTING_CHANGE_GUARD,
            FUNDING_ACCOUNT_GUARD,
            ESTIMATE_GUARD,
            ENTRY_BALANCES,
            revoke("INSERT, UPDATE, DELETE", "payments_file_transition"),
        ),
    ]
