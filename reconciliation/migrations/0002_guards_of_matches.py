"""What may explain what: lines and matches are checked once a statement (ADR 24, 42)."""

from django.db import migrations

from staff.migrations._statements import make

# `IS NOT NULL` says nothing new, and lets the planner read the few counter-rows instead of every match.
LIVEMATCH = """
CREATE VIEW reconciliation_livematch AS
SELECT m.* FROM reconciliation_statementmatch m
WHERE m.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM reconciliation_statementmatch r WHERE r.reverses_id = m.id AND r.reverses_id IS NOT NULL);
"""

# Columns no query chooses rows by: statistics of them cost a third of each ANALYZE between two grounds.
STATISTICS = """
ALTER TABLE reconciliation_statementmatch ALTER amount SET STATISTICS 0, ALTER reason SET STATISTICS 0, ALTER matched_at SET STATISTICS 0;
"""

# `id_never_changes` and `never_deleted` hold what matches and lines refer to, but for users: of those nobody who matched by hand goes.
# TRUNCATE is the owner's alone; emptying the tables together is allowed.
STILL_REFERRED = """
CREATE FUNCTION reconciliation_still_referred() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE referred boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE %I IS NOT NULL)', TG_ARGV[0], TG_ARGV[1]) INTO referred;
    IF referred THEN
        RAISE EXCEPTION '% still names rows of %', TG_ARGV[0], TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'referred_rows_stay';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER referred_rows_stay AFTER TRUNCATE ON reconciliation_statement FOR EACH STATEMENT
    EXECUTE FUNCTION reconciliation_still_referred('reconciliation_statementline', 'statement_id');
CREATE TRIGGER referred_rows_stay AFTER TRUNCATE ON reconciliation_statementline FOR EACH STATEMENT
    EXECUTE FUNCTION reconciliation_still_referred('reconciliation_statementmatch', 'line_id');
CREATE TRIGGER referred_rows_stay AFTER TRUNCATE ON payments_payment FOR EACH STATEMENT
    EXECUTE FUNCTION reconciliation_still_referred('reconciliation_statementmatch', 'payment_id');
CREATE TRIGGER referred_rows_stay AFTER TRUNCATE ON payments_topup FOR EACH STATEMENT
    EXECUTE FUNCTION reconciliation_still_referred('reconciliation_statementmatch', 'top_up_id');
CREATE TRIGGER referred_rows_stay AFTER TRUNCATE ON payments_fundtransfer FOR EACH STATEMENT
    EXECUTE FUNCTION reconciliation_still_referred('reconciliation_statementmatch', 'fund_transfer_id');
CREATE TRIGGER referred_rows_stay AFTER TRUNCATE ON staff_user FOR EACH STATEMENT
    EXECUTE FUNCTION reconciliation_still_referred('reconciliation_statementmatch', 'matched_by_id');
"""

USER_MATCHED = """
CREATE FUNCTION reconciliation_user_matched() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM old_rows o JOIN reconciliation_statementmatch m ON m.matched_by_id = o.id) THEN
        RAISE EXCEPTION 'somebody who matched lines stays' USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'referred_rows_stay';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER who_matched_stays AFTER DELETE ON staff_user REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_user_matched();
"""

LINE_GUARD = """
CREATE FUNCTION reconciliation_line_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT statement_id FROM new_rows) n LEFT JOIN reconciliation_statement s ON s.id = n.statement_id WHERE s.id IS NULL) THEN
        RAISE EXCEPTION 'a line is of a statement' USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'line_is_of_a_statement';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER line_guard AFTER INSERT ON reconciliation_statementline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_line_guard();
"""

# The guard of matches adds up what others committed meanwhile: under an older snapshot it would not see it, and a line would be explained twice.
SEES_OTHERS = """
CREATE FUNCTION reconciliation_sees_others() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'matches are written where their guard sees those of others' USING ERRCODE = 'check_violation', CONSTRAINT = 'matches_see_each_other';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sees_others BEFORE INSERT ON reconciliation_statementmatch FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_sees_others();
"""

# One pass over the rows, then one look by index at each table they name. The settings make it one plan for one row and for a million: sorted
# ids through an index, joined by hashing; a plan made while the tables were small would compare all with all. Who matched is locked as a
# foreign key would lock it; the rest is never deleted.
MATCH_GUARD = """
CREATE FUNCTION reconciliation_match_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan SET search_path = public, pg_temp AS $$
DECLARE the_lines bigint[]; the_payments bigint[]; the_top_ups bigint[]; the_transfers bigint[]; the_people bigint[]; others bigint; undone boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('reconciliation_match'));
    SELECT array_agg(line_id), array_agg(payment_id), count(*) - count(payment_id) + count(matched_by_id), count(reverses_id) > 0
    INTO the_lines, the_payments, others, undone FROM new_rows;
    IF the_lines IS NULL THEN RETURN NULL; END IF;
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
    IF EXISTS (SELECT 1 FROM (SELECT m.line_id, sum(m.amount)::bigint AS explained FROM reconciliation_statementmatch m
                              WHERE m.line_id = ANY(the_lines) GROUP BY m.line_id) x
               LEFT JOIN (SELECT id, amount FROM reconciliation_statementline WHERE id = ANY(the_lines)) l ON l.id = x.line_id
               WHERE l.id IS NULL OR x.explained NOT BETWEEN least(l.amount, 0) AND greatest(l.amount, 0)) THEN
        RAISE EXCEPTION 'a line is explained once' USING ERRCODE = 'check_violation', CONSTRAINT = 'line_is_explained_once';
    END IF;
    IF EXISTS (
               SELECT 1 FROM (SELECT m.payment_id, m.kind, sum(m.amount)::bigint AS explained FROM reconciliation_statementmatch m
                              WHERE m.payment_id = ANY(the_payments) GROUP BY m.payment_id, m.kind) x
               LEFT JOIN (SELECT id, amount FROM payments_payment WHERE id = ANY(the_payments)) p ON p.id = x.payment_id
               WHERE p.id IS NULL OR CASE x.kind WHEN 'DEBIT' THEN -x.explained ELSE x.explained END NOT BETWEEN 0 AND p.amount) THEN
        RAISE EXCEPTION 'a payment is debited once and returned once' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_explained_once';
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
    RETURN NULL;
END $$;
CREATE TRIGGER match_guard AFTER INSERT ON reconciliation_statementmatch REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_match_guard();
"""

# A line of one funding account explains nothing of another's. The lines of one import are of one account: then no pair of line and payment
# needs looking at, only which lists there are.
ONE_ACCOUNT_GUARD = """
CREATE FUNCTION reconciliation_one_account_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET enable_seqscan = off
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
CREATE TRIGGER one_account_guard AFTER INSERT ON reconciliation_statementmatch REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_one_account_guard();
"""


class Migration(migrations.Migration):
    replaces = [("reconciliation", "0018_guards_instead_of_row_checks")]
    # The last folded one, for 0001: where only some of those are applied it is a node that does not exist, and nothing is migrated (ADR 54).
    dependencies = [("reconciliation", "0023_before_a_closed_month"), ("payments", "0007_guards_of_files_and_settings")]
    operations = [
        make(
            LIVEMATCH,
            STATISTICS,
            STILL_REFERRED,
            USER_MATCHED,
            LINE_GUARD,
            SEES_OTHERS,
            MATCH_GUARD,
            ONE_ACCOUNT_GUARD,
        ),
    ]
