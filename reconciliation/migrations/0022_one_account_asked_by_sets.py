"""Whether matches stay within one account is asked by sets where all their lines are of one, which is nearly always (ADR 42)."""

from django.db import migrations

# The lines of one import are of one account: then no pair of line and payment needs looking at, only which lists there are.
GUARD = """
CREATE OR REPLACE FUNCTION reconciliation_one_account_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan SET search_path = public, pg_temp AS $$
DECLARE the_lines bigint[]; the_payments bigint[]; the_accounts bigint[]; others boolean; wrong boolean;
BEGIN
    SELECT array_agg(line_id), array_agg(payment_id), count(top_up_id) + count(fund_transfer_id) > 0 INTO the_lines, the_payments, others FROM new_rows;
    IF the_lines IS NULL THEN RETURN NULL; END IF;
    the_accounts := ARRAY(SELECT DISTINCT s.funding_account_id FROM (
                              SELECT DISTINCT statement_id FROM reconciliation_statementline WHERE id = ANY(the_lines)) x
                          JOIN reconciliation_statement s ON s.id = x.statement_id);
    IF cardinality(the_accounts) = 1 THEN
        wrong := EXISTS (SELECT 1 FROM (SELECT DISTINCT batch_id FROM payments_payment WHERE id = ANY(the_payments)) x
                         JOIN payments_paymentbatch b ON b.id = x.batch_id WHERE b.funding_account_id IS DISTINCT FROM the_accounts[1]);
    ELSE
        wrong := EXISTS (
            SELECT 1 FROM (
                SELECT DISTINCT l.statement_id, p.batch_id FROM new_rows n
                JOIN (SELECT id, statement_id FROM reconciliation_statementline WHERE id = ANY(the_lines)) l ON l.id = n.line_id
                JOIN (SELECT id, batch_id FROM payments_payment WHERE id = ANY(the_payments)) p ON p.id = n.payment_id) x
            JOIN reconciliation_statement s ON s.id = x.statement_id JOIN payments_paymentbatch b ON b.id = x.batch_id
            WHERE b.funding_account_id IS DISTINCT FROM s.funding_account_id);
    END IF;
    IF wrong
       OR (others AND EXISTS (
           SELECT 1 FROM new_rows n JOIN reconciliation_statementline l ON l.id = n.line_id JOIN reconciliation_statement s ON s.id = l.statement_id
           LEFT JOIN payments_topup t ON t.id = n.top_up_id LEFT JOIN payments_fundtransfer f ON f.id = n.fund_transfer_id
           WHERE coalesce(t.funding_account_id, f.funding_account_id) <> s.funding_account_id)) THEN
        RAISE EXCEPTION 'a line explains what its own account paid' USING ERRCODE = 'check_violation', CONSTRAINT = 'match_stays_within_one_account';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0021_cheaper_matches")]
    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
