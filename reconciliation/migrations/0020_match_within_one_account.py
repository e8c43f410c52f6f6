"""A line of one funding account explains nothing of another's: neither its payments, nor its top-ups, nor its transfers."""

from django.db import migrations

# Pairs of statement and list are few, however many rows come: one statement, one plan, as in the guard of amounts.
GUARD = """
CREATE FUNCTION reconciliation_one_account_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan SET search_path = public, pg_temp AS $$
DECLARE the_lines bigint[]; the_payments bigint[]; others boolean;
BEGIN
    SELECT array_agg(line_id), array_agg(payment_id), count(top_up_id) + count(fund_transfer_id) > 0 INTO the_lines, the_payments, others FROM new_rows;
    IF the_lines IS NULL THEN RETURN NULL; END IF;
    IF EXISTS (
           SELECT 1 FROM (
               SELECT DISTINCT l.statement_id, p.batch_id FROM new_rows n
               JOIN (SELECT id, statement_id FROM reconciliation_statementline WHERE id = ANY(the_lines)) l ON l.id = n.line_id
               JOIN (SELECT id, batch_id FROM payments_payment WHERE id = ANY(the_payments)) p ON p.id = n.payment_id) x
           JOIN reconciliation_statement s ON s.id = x.statement_id JOIN payments_paymentbatch b ON b.id = x.batch_id
           WHERE b.funding_account_id IS DISTINCT FROM s.funding_account_id)
       OR (others AND EXISTS (
           SELECT 1 FROM new_rows n JOIN reconciliation_statementline l ON l.id = n.line_id JOIN reconciliation_statement s ON s.id = l.statement_id
           LEFT JOIN payments_topup t ON t.id = n.top_up_id LEFT JOIN payments_fundtransfer f ON f.id = n.fund_transfer_id
           WHERE coalesce(t.funding_account_id, f.funding_account_id) <> s.funding_account_id)) THEN
        RAISE EXCEPTION 'a line explains what its own account paid' USING ERRCODE = 'check_violation', CONSTRAINT = 'match_stays_within_one_account';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER one_account_guard AFTER INSERT ON reconciliation_statementmatch REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_one_account_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0019_matches_see_each_other"), ("payments", "0045_found_wrong")]
    operations = [
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER one_account_guard ON reconciliation_statementmatch; DROP FUNCTION reconciliation_one_account_guard();",
        )
    ]
