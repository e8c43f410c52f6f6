"""A difference about a transfer stays about that transfer, as one about a line or a payment does."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION reconciliation_discrepancy_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.kind, NEW.key, NEW.found_at) IS DISTINCT FROM (OLD.kind, OLD.key, OLD.found_at)
       OR (NEW.statement_id, NEW.line_id, NEW.payment_id, NEW.fund_transfer_id, NEW.ours, NEW.theirs)
          IS DISTINCT FROM (OLD.statement_id, OLD.line_id, OLD.payment_id, OLD.fund_transfer_id, OLD.ours, OLD.theirs) THEN
        RAISE EXCEPTION 'what a discrepancy is about never changes' USING ERRCODE = 'check_violation', CONSTRAINT = 'discrepancy_is_never_redirected';
    END IF;
    IF NEW.ground = 'WRITTEN_OFF' AND OLD.ground <> 'WRITTEN_OFF'
       AND NOT EXISTS (SELECT 1 FROM reconciliation_discrepancystep s WHERE s.discrepancy_id = NEW.id AND s.kind = 'RESOLVED'
                       AND s.ground = 'WRITTEN_OFF' AND s.made_by_id = NEW.resolved_by_id AND s.made_at = NEW.resolved_at) THEN
        RAISE EXCEPTION 'a write-off stands in the steps' USING ERRCODE = 'check_violation', CONSTRAINT = 'write_off_stands_in_the_steps';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0016_debits_that_stand")]
    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
