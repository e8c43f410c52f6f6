"""The guard of matches looks for a statement's lines without sorting out first which rows are the same (ADR 63)."""

from django.db import migrations

# The third pass as 0007 wrote it, by `n.amount = l.amount`, was planned as a join with each different (line, amount) among the rows: PostgreSQL first hashed
# all of them to leave out what stands twice, and only then asked for lines. A line that any row names counts once anyhow. Said as a range
# of one value, the amount can't be a key of such a hash: lines are hashed by id, and each row marks the line it names. Half the time
# of this pass. Everything else is 0007's.
GUARD = """
CREATE OR REPLACE FUNCTION reconciliation_match_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan SET search_path = public, pg_temp AS $$
DECLARE the_lines bigint[]; the_payments bigint[]; the_top_ups bigint[]; the_transfers bigint[]; the_people bigint[]; the_accounts bigint[];
    statements bigint[] := '{}'; lists bigint[] := '{}'; unpaid bigint[] := '{}'; others bigint; undone boolean; wrong boolean; matched timestamptz; found record;
    given bigint; returned bigint; first_line bigint; last_line bigint; first_payment bigint; last_payment bigint; alone bigint; plain boolean := false;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('reconciliation_match'));
    SELECT count(*), count(*) FILTER (WHERE kind = 'RETURN'), count(*) - count(payment_id) + count(matched_by_id), count(reverses_id) > 0, max(matched_at),
           min(line_id), max(line_id), min(payment_id), max(payment_id)
    INTO given, returned, others, undone, matched, first_line, last_line, first_payment, last_payment FROM new_rows;
    IF given = 0 THEN RETURN NULL; END IF;
    IF others > 0 THEN
        the_top_ups := ARRAY(SELECT top_up_id FROM new_rows WHERE top_up_id IS NOT NULL);
        the_transfers := ARRAY(SELECT fund_transfer_id FROM new_rows WHERE fund_transfer_id IS NOT NULL);
        the_people := ARRAY(SELECT DISTINCT matched_by_id FROM new_rows WHERE matched_by_id IS NOT NULL);
    END IF;
    IF undone AND EXISTS (SELECT 1 FROM new_rows n LEFT JOIN reconciliation_statementmatch o ON o.id = n.reverses_id
               WHERE n.reverses_id IS NOT NULL AND (o.id IS NULL OR o.reverses_id IS NOT NULL OR n.amount <> -o.amount OR n.line_id <> o.line_id
                     OR n.kind <> o.kind OR n.payment_id IS DISTINCT FROM o.payment_id OR n.top_up_id IS DISTINCT FROM o.top_up_id
                     OR n.fund_transfer_id IS DISTINCT FROM o.fund_transfer_id)) THEN
        RAISE EXCEPTION 'a counter-row is its match with the opposite sign' USING ERRCODE = 'check_violation', CONSTRAINT = 'counter_row_mirrors_its_match';
    END IF;
    IF others = 0 AND NOT undone AND last_line - first_line < 2 * given AND last_payment - first_payment < 2 * given THEN
        plain := given = (SELECT count(*) FROM reconciliation_statementmatch
                          WHERE line_id BETWEEN first_line AND last_line OR payment_id BETWEEN first_payment AND last_payment);
    END IF;
    IF plain THEN
        SELECT count(*), ARRAY[min(l.statement_id)], min(l.statement_id) = max(l.statement_id) INTO alone, statements, plain
        FROM reconciliation_statementline l
        WHERE l.id BETWEEN first_line AND last_line AND EXISTS (SELECT 1 FROM new_rows n WHERE n.line_id = l.id AND n.amount BETWEEN l.amount AND l.amount);
        plain := plain AND alone = given;
    END IF;
    IF plain THEN
        alone := 0;
        FOR found IN
            SELECT p.batch_id, count(*) AS rows, array_agg(p.id) FILTER (WHERE p.status IN ('DRAFT', 'READY', 'FAILED', 'CANCELLED', 'RETURNED')) AS ended_unpaid
            FROM payments_payment p
            WHERE p.id BETWEEN first_payment AND last_payment
              AND EXISTS (SELECT 1 FROM new_rows n WHERE n.payment_id = p.id AND n.amount = -p.amount AND n.kind = 'DEBIT')
            GROUP BY p.batch_id
        LOOP
            alone := alone + found.rows;
            lists := lists || found.batch_id;
            unpaid := unpaid || found.ended_unpaid;
        END LOOP;
        IF returned > 0 THEN
            FOR found IN
                SELECT p.batch_id, count(*) AS rows, array_agg(p.id) FILTER (WHERE p.status IN ('DRAFT', 'READY', 'FAILED', 'CANCELLED', 'RETURNED')) AS ended_unpaid
                FROM payments_payment p
                WHERE p.id = ANY(ARRAY(SELECT payment_id FROM new_rows WHERE kind = 'RETURN'))
                  AND EXISTS (SELECT 1 FROM new_rows n WHERE n.payment_id = p.id AND n.amount = p.amount AND n.kind = 'RETURN')
                GROUP BY p.batch_id
            LOOP
                alone := alone + found.rows;
                lists := lists || found.batch_id;
                unpaid := unpaid || found.ended_unpaid;
            END LOOP;
        END IF;
        plain := alone = given;
    END IF;
    IF plain IS NOT TRUE THEN
        statements := '{}';
        lists := '{}';
        unpaid := '{}';
        SELECT array_agg(line_id), array_agg(payment_id) INTO the_lines, the_payments FROM new_rows;
        FOR found IN
            SELECT l.statement_id, bool_or(l.id IS NULL OR x.explained NOT BETWEEN least(l.amount, 0) AND greatest(l.amount, 0)) AS wrong
            FROM (SELECT m.line_id, sum(m.amount)::bigint AS explained FROM reconciliation_statementmatch m WHERE m.line_id = ANY(the_lines) GROUP BY m.line_id) x
            LEFT JOIN (SELECT id, amount, statement_id FROM reconciliation_statementline WHERE id = ANY(the_lines)) l ON l.id = x.line_id
            GROUP BY l.statement_id
        LOOP
            IF found.wrong THEN
                RAISE EXCEPTION 'a line is explained once' USING ERRCODE = 'check_violation', CONSTRAINT = 'line_is_explained_once';
            END IF;
            statements := statements || found.statement_id;
        END LOOP;
        FOR found IN
            SELECT p.batch_id, bool_or(p.id IS NULL OR CASE x.kind WHEN 'DEBIT' THEN -x.explained ELSE x.explained END NOT BETWEEN 0 AND p.amount) AS wrong,
                   array_agg(p.id) FILTER (WHERE p.status IN ('DRAFT', 'READY', 'FAILED', 'CANCELLED', 'RETURNED')) AS ended_unpaid
            FROM (SELECT m.payment_id, m.kind, sum(m.amount)::bigint AS explained FROM reconciliation_statementmatch m
                  WHERE m.payment_id = ANY(the_payments) GROUP BY m.payment_id, m.kind) x
            LEFT JOIN (SELECT id, amount, batch_id, status FROM payments_payment WHERE id = ANY(the_payments)) p ON p.id = x.payment_id
            GROUP BY p.batch_id
        LOOP
            IF found.wrong THEN
                RAISE EXCEPTION 'a payment is debited once and returned once' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_explained_once';
            END IF;
            lists := lists || found.batch_id;
            unpaid := unpaid || found.ended_unpaid;
        END LOOP;
    END IF;
    the_accounts := ARRAY(SELECT DISTINCT funding_account_id FROM reconciliation_statement WHERE id = ANY(statements));
    IF cardinality(the_accounts) = 1 THEN
        wrong := EXISTS (SELECT 1 FROM payments_paymentbatch WHERE id = ANY(lists) AND funding_account_id IS DISTINCT FROM the_accounts[1]);
    ELSE
        wrong := EXISTS (
            SELECT 1 FROM (
                SELECT DISTINCT l.statement_id, p.batch_id FROM new_rows n
                JOIN (SELECT id, statement_id FROM reconciliation_statementline WHERE id = ANY(the_lines)) l ON l.id = n.line_id
                JOIN (SELECT id, batch_id FROM payments_payment WHERE id = ANY(the_payments)) p ON p.id = n.payment_id) x
            JOIN reconciliation_statement s ON s.id = x.statement_id JOIN payments_paymentbatch b ON b.id = x.batch_id
            WHERE b.funding_account_id IS DISTINCT FROM s.funding_account_id);
    END IF;
    IF wrong OR (others > 0 AND EXISTS (
           SELECT 1 FROM new_rows n JOIN reconciliation_statementline l ON l.id = n.line_id JOIN reconciliation_statement s ON s.id = l.statement_id
           LEFT JOIN payments_topup t ON t.id = n.top_up_id LEFT JOIN payments_fundtransfer f ON f.id = n.fund_transfer_id
           WHERE coalesce(t.funding_account_id, f.funding_account_id) <> s.funding_account_id)) THEN
        RAISE EXCEPTION 'a line explains what its own account paid' USING ERRCODE = 'check_violation', CONSTRAINT = 'match_stays_within_one_account';
    END IF;
    IF cardinality(the_top_ups) > 0 AND EXISTS (
               SELECT 1 FROM (SELECT m.top_up_id, sum(m.amount) AS explained FROM reconciliation_statementmatch m
                              WHERE m.top_up_id = ANY(the_top_ups) GROUP BY m.top_up_id) x
               LEFT JOIN payments_topup t ON t.id = x.top_up_id WHERE t.id IS NULL OR x.explained NOT BETWEEN 0 AND t.amount) THEN
        RAISE EXCEPTION 'a top-up arrives once' USING ERRCODE = 'check_violation', CONSTRAINT = 'top_up_is_explained_once';
    END IF;
    IF cardinality(the_transfers) > 0 AND EXISTS (
               SELECT 1 FROM (SELECT m.fund_transfer_id, sum(m.amount) AS explained FROM reconciliation_statementmatch m
                              WHERE m.fund_transfer_id = ANY(the_transfers) GROUP BY m.fund_transfer_id) x
               LEFT JOIN payments_fundtransfer t ON t.id = x.fund_transfer_id
               WHERE t.id IS NULL OR CASE t.kind WHEN 'GIVEN_BACK' THEN x.explained ELSE -x.explained END NOT IN (0, t.amount)) THEN
        RAISE EXCEPTION 'a transfer is explained once' USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_is_explained_once';
    END IF;
    IF cardinality(the_people) > 0 THEN
        PERFORM 1 FROM staff_user WHERE id = ANY(the_people) ORDER BY id FOR KEY SHARE;
        IF (SELECT count(*) FROM staff_user WHERE id = ANY(the_people)) <> cardinality(the_people) THEN
            RAISE EXCEPTION 'somebody matched it' USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'match_names_who_made_it';
        END IF;
    END IF;
    IF cardinality(unpaid) > 0 THEN  -- few payments among many rows: the plans of this guard are not theirs
        PERFORM set_config('enable_nestloop', 'on', true), set_config('enable_seqscan', 'on', true), set_config('plan_cache_mode', 'auto', true);
        PERFORM reconciliation_mark_debited(unpaid, matched);
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0018_minutes_come_back_signed")]
    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
