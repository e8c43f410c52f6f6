"""Money put in and the accounts of the journal are never edited; what two people found to have arrived is never confirmed to have left nothing."""

from django.db import migrations

# A ledger account names whose and which every posting of it is: edited, it would rewrite closed months without a trace.
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE ON payments_topup FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payments_ledgeraccount FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE UPDATE ON payments_topup FROM ansinh_app;
        REVOKE UPDATE, DELETE ON payments_ledgeraccount FROM ansinh_app;
    END IF;
END $$;
"""
# As before, and two sentences more: what was found to have arrived is not confirmed, unless the bank returned it since.
CONFIRMED = """
CREATE OR REPLACE FUNCTION payments_confirmed_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.status IN ('FAILED', 'CANCELLED') AND EXISTS (
           SELECT 1 FROM (SELECT f.outcome FROM payments_finding f WHERE f.payment_id = NEW.id AND f.confirmed_at IS NOT NULL
                          ORDER BY f.found_at DESC, f.id DESC LIMIT 1) last WHERE last.outcome = 'ARRIVED') THEN
        RAISE EXCEPTION 'two people found that it arrived' USING ERRCODE = 'check_violation', CONSTRAINT = 'what_arrived_is_not_confirmed';
    END IF;
    IF EXISTS (SELECT 1 FROM payments_contradiction c WHERE c.payment_id = NEW.id AND NOT EXISTS (
                   SELECT 1 FROM payments_finding f WHERE f.payment_id = c.payment_id
                   AND (f.outcome = 'LEFT_NOTHING' OR (f.outcome = 'ARRIVED' AND NEW.status = 'RETURNED'))
                   AND f.confirmed_at IS NOT NULL AND f.found_at > c.told_at))
       AND (NEW.file_id IS NOT NULL OR EXISTS (SELECT 1 FROM payments_paymentbatch b WHERE b.id = NEW.batch_id AND b.channel = 'CASH')
            OR EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = NEW.batch_id)
            OR EXISTS (SELECT 1 FROM payments_paymentfile p WHERE p.batch_id = NEW.batch_id)) THEN
        RAISE EXCEPTION 'two things were said of this payment' USING ERRCODE = 'check_violation', CONSTRAINT = 'contradicted_is_not_confirmed';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0043_rings_that_wait")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (APPEND_ONLY, CONFIRMED)]
