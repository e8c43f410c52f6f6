"""Steps about a difference, months closed and reopened, reports ordered and signed: the rules of all three in the database."""

from django.db import migrations

from staff.migrations._statements import make, revoke, rows

# I10: who released a payment signs no write-off of it, and the second signature is somebody else's than the first.
STEP_GUARD = """
CREATE FUNCTION reconciliation_step_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.kind <> 'PROPOSED' AND NOT (NEW.kind = 'RESOLVED' AND NEW.ground = 'WRITTEN_OFF') THEN RETURN NEW; END IF;
    IF EXISTS (SELECT 1 FROM reconciliation_discrepancy d JOIN payments_payment p ON p.id = d.payment_id
               JOIN payments_signature s ON s.batch_id = p.batch_id AND s.step = 'RELEASER'
               WHERE d.id = NEW.discrepancy_id AND s.signer_id = NEW.made_by_id) THEN
        RAISE EXCEPTION 'nobody writes off what they released' USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_writes_off_what_they_released';
    END IF;
    IF NEW.kind = 'RESOLVED' AND coalesce((SELECT s.made_by_id FROM reconciliation_discrepancystep s WHERE s.discrepancy_id = NEW.discrepancy_id
                                           AND s.kind = 'PROPOSED' ORDER BY s.id DESC LIMIT 1), NEW.made_by_id) = NEW.made_by_id THEN
        RAISE EXCEPTION 'a write-off is signed by two people' USING ERRCODE = 'check_violation', CONSTRAINT = 'write_off_is_signed_by_two_people';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER step_guard BEFORE INSERT ON reconciliation_discrepancystep FOR EACH ROW EXECUTE FUNCTION reconciliation_step_guard();
"""

# A difference stays about its line, its payment and its transfer.
DISCREPANCY_GUARD = """
CREATE FUNCTION reconciliation_discrepancy_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
CREATE TRIGGER discrepancy_guard BEFORE UPDATE ON reconciliation_discrepancy FOR EACH ROW EXECUTE FUNCTION reconciliation_discrepancy_guard();
"""

# A provider's word that is not ours is a difference of its own.
DISCREPANCY_KEEPS_ITS_WORD = """
CREATE FUNCTION reconciliation_discrepancy_keeps_its_word() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what a discrepancy is about never changes' USING ERRCODE = 'check_violation', CONSTRAINT = 'discrepancy_is_never_redirected';
END $$;
CREATE TRIGGER discrepancy_keeps_its_word BEFORE UPDATE ON reconciliation_discrepancy FOR EACH ROW
    WHEN ((OLD.result_line_id, OLD.funding_account_id) IS DISTINCT FROM (NEW.result_line_id, NEW.funding_account_id))
    EXECUTE FUNCTION reconciliation_discrepancy_keeps_its_word();
"""

# Into a month before a closed one nothing is booked either: it would change what the closed month began and ended with.
IS_CLOSED = """
CREATE FUNCTION reconciliation_is_closed(the_account bigint, the_day date) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM (SELECT DISTINCT ON (s.month) s.kind FROM reconciliation_periodstep s
                                  WHERE s.funding_account_id = the_account AND s.month >= date_trunc('month', the_day)::date
                                  ORDER BY s.month, s.ordinal DESC) x WHERE x.kind = 'CLOSED')
$$;
"""

PERIOD_GUARD = """
CREATE FUNCTION reconciliation_period_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE closed boolean;
BEGIN
    IF TG_TABLE_NAME = 'payments_posting' THEN
        SELECT bool_or(reconciliation_is_closed(x.funding_account_id, x.booked_on)) INTO closed
        FROM (SELECT DISTINCT a.funding_account_id, j.booked_on FROM new_rows n JOIN payments_ledgeraccount a ON a.id = n.account_id
              JOIN payments_journalentry j ON j.id = n.entry_id) x;
    ELSE
        SELECT bool_or(reconciliation_is_closed(x.funding_account_id, x.booked_on)) INTO closed
        FROM (SELECT DISTINCT s.funding_account_id, n.booked_on FROM new_rows n JOIN reconciliation_statement s ON s.id = n.statement_id) x;
    END IF;
    IF closed THEN
        RAISE EXCEPTION 'the month is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_period_takes_nothing_in';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER period_guard AFTER INSERT ON payments_posting REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_period_guard();
CREATE TRIGGER period_guard AFTER INSERT ON reconciliation_statementline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_period_guard();
"""

RUN_TRANSITIONS = [
    ("WAITING", "CLAIM", "RUNNING"),
    ("RUNNING", "PUT_BACK", "WAITING"),
    ("RUNNING", "GIVE_UP", "FAILED"),
    ("RUNNING", "TIES_OUT", "MADE"),
    ("RUNNING", "DIFFERS", "DRAFTED"),
    ("MADE", "ORDER_AGAIN", "WAITING"),
    ("DRAFTED", "ORDER_AGAIN", "WAITING"),
    ("FAILED", "ORDER_AGAIN", "WAITING"),
    ("MADE", "SIGN", "SIGNED"),
]

RUN_TABLE = f"""
CREATE TABLE reconciliation_run_transition (source varchar(7), cause varchar(11), target varchar(7) NOT NULL, PRIMARY KEY (source, cause));
INSERT INTO reconciliation_run_transition VALUES {rows(RUN_TRANSITIONS)};
"""

# Moves outside the table, a signature under a draft or other figures, changes after it.
RUN_GUARD = """
CREATE FUNCTION reconciliation_run_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN old_rows o ON o.id = n.id
               WHERE (n.kind, n.unit_id, n.from_on, n.to_on) IS DISTINCT FROM (o.kind, o.unit_id, o.from_on, o.to_on)
                  OR (o.status = 'SIGNED' AND n IS DISTINCT FROM o)) THEN
        RAISE EXCEPTION 'what a report is about, and what is signed, never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_report_never_changes';
    END IF;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN old_rows o ON o.id = n.id
               LEFT JOIN reconciliation_run_transition t ON t.source = o.status AND t.cause = n.cause
               WHERE n.status <> o.status AND t.target IS DISTINCT FROM n.status) THEN
        RAISE EXCEPTION 'a report does not move like this' USING ERRCODE = 'check_violation', CONSTRAINT = 'report_moves_by_the_table';
    END IF;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN reconciliation_reportsnapshot s ON s.id = n.snapshot_id
               WHERE (s.unit_id, s.from_on, s.to_on) IS DISTINCT FROM (n.unit_id, n.from_on, n.to_on)
                  OR (n.status IN ('MADE', 'SIGNED') AND NOT s.ties_out) OR (n.status = 'DRAFTED' AND s.ties_out)
                  OR (n.status = 'SIGNED' AND n.signed_digest <> s.digest)) THEN
        RAISE EXCEPTION 'a report has the figures of its unit and period, and is signed over figures that tie out'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_is_signed_over_figures_that_tie_out';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER run_guard AFTER UPDATE ON reconciliation_reportrun REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_run_guard();
"""

RUN_BORN = """
CREATE FUNCTION reconciliation_run_born() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows WHERE status <> 'WAITING' OR snapshot_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a report begins waiting' USING ERRCODE = 'check_violation', CONSTRAINT = 'report_begins_waiting';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER run_born AFTER INSERT ON reconciliation_reportrun REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_run_born();
"""


class Migration(migrations.Migration):
    replaces = [("reconciliation", "0009_report_run_guards")]
    dependencies = [("reconciliation", "0003_guards_of_debits")]
    operations = [
        make(
            STEP_GUARD,
            DISCREPANCY_GUARD,
            DISCREPANCY_KEEPS_ITS_WORD,
            IS_CLOSED,
            PERIOD_GUARD,
            RUN_TABLE,
            RUN_GUARD,
            RUN_BORN,
            revoke("INSERT, UPDATE, DELETE", "reconciliation_run_transition"),
        ),
    ]
