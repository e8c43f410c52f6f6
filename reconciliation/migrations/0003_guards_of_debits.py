"""What a statement shows to have left holds the payment's money, whatever else is said of it (ADR 40)."""

from django.db import migrations

from staff.migrations._statements import make

# The rule, once: everything that names the payment, matched to it or bearing its reference and matched to nothing, netted. Two people's
# write-off ends a debit, and makes a return that differs whole. A payment that was returned has its return line still to come: of it only a
# second debit counts.
DEBITED = """
CREATE FUNCTION reconciliation_debited(ids bigint[]) RETURNS TABLE (payment_id bigint, debited_on date)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH shown AS (
        SELECT m.payment_id, m.kind, m.amount, l.id AS line_id, l.booked_on
        FROM reconciliation_livematch m JOIN reconciliation_statementline l ON l.id = m.line_id
        WHERE m.payment_id = ANY(ids) AND m.kind IN ('DEBIT', 'RETURN')
        UNION ALL
        SELECT p.id, CASE WHEN l.amount < 0 THEN 'DEBIT' ELSE 'RETURN' END, l.amount, l.id, l.booked_on
        FROM payments_payment p JOIN reconciliation_statementline l ON l.reference = p.end_to_end_id
        WHERE p.id = ANY(ids) AND NOT EXISTS (SELECT 1 FROM reconciliation_livematch m WHERE m.line_id = l.id)
    ), counted AS (
        SELECT s.payment_id, s.kind, s.booked_on,
               CASE WHEN w.ours IS NULL THEN s.amount WHEN s.amount < 0 THEN 0 ELSE greatest(s.amount, w.ours) END AS amount
        FROM shown s LEFT JOIN LATERAL (
            SELECT coalesce(d.ours, 0) AS ours FROM reconciliation_discrepancy d
            WHERE d.line_id = s.line_id AND d.payment_id = s.payment_id AND d.status = 'RESOLVED' AND d.ground = 'WRITTEN_OFF' LIMIT 1) w ON true
    )
    SELECT p.id, max(c.booked_on) FILTER (WHERE c.amount < 0)
    FROM counted c JOIN payments_payment p ON p.id = c.payment_id
    WHERE p.status IN ('DRAFT', 'READY', 'FAILED', 'CANCELLED', 'RETURNED')
    GROUP BY p.id, p.status, p.amount
    HAVING CASE WHEN p.status <> 'RETURNED' THEN sum(c.amount) < 0
                ELSE sum(c.amount) + CASE WHEN bool_or(c.kind = 'RETURN') THEN 0 ELSE p.amount END <= -p.amount END
$$;
"""

# The column is what the rule says, whoever writes the row: nobody can forget it, nor take it back.
DERIVE_DEBITED = """
CREATE FUNCTION reconciliation_derive_debited() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.debited_on := (SELECT d.debited_on FROM reconciliation_debited(ARRAY[NEW.payment_id]) d);
    RETURN NEW;
END $$;
CREATE TRIGGER derive_debited BEFORE INSERT OR UPDATE ON payments_contradiction FOR EACH ROW EXECUTE FUNCTION reconciliation_derive_debited();
"""

# Locked first: who confirms one of them at this moment has done so, and is seen, or comes after and is refused.
MARK_DEBITED = """
CREATE FUNCTION reconciliation_mark_debited(ids bigint[], at timestamptz) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM payments_payment WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO payments_contradiction (payment_id, told_at)
    SELECT d.payment_id, at FROM reconciliation_debited(ids) d LEFT JOIN payments_contradiction c ON c.payment_id = d.payment_id
    WHERE c.debited_on IS NULL
    ON CONFLICT (payment_id) DO UPDATE SET told_at = greatest(payments_contradiction.told_at, excluded.told_at);
    UPDATE payments_contradiction c SET told_at = c.told_at
    WHERE c.payment_id = ANY(ids)
      AND c.debited_on IS DISTINCT FROM (SELECT d.debited_on FROM reconciliation_debited(ARRAY[c.payment_id]) d);
END $$;
"""

# Whatever may change what the rule says: a line matched or a match undone, a difference named or ended, a payment that ends unpaid.
# Read by key: joined to the new rows, every payment there is would be hashed to find the few that are meant.
MARK_MATCHED = """
CREATE FUNCTION reconciliation_mark_matched() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE named bigint[]; unpaid bigint[];
BEGIN
    SELECT array_agg(payment_id) INTO named FROM new_rows WHERE payment_id IS NOT NULL;
    unpaid := ARRAY(SELECT id FROM payments_payment WHERE id = ANY(named) AND status IN ('DRAFT', 'READY', 'FAILED', 'CANCELLED', 'RETURNED'));
    IF cardinality(unpaid) > 0 THEN
        PERFORM reconciliation_mark_debited(unpaid, (SELECT max(matched_at) FROM new_rows));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER mark_debited AFTER INSERT ON reconciliation_statementmatch REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_mark_matched();
"""

MARK_NAMED = """
CREATE FUNCTION reconciliation_mark_named() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM reconciliation_mark_debited(ARRAY[NEW.payment_id], coalesce(NEW.resolved_at, NEW.found_at));
    RETURN NULL;
END $$;
CREATE TRIGGER mark_debited AFTER INSERT ON reconciliation_discrepancy FOR EACH ROW
    WHEN (NEW.payment_id IS NOT NULL AND NEW.line_id IS NOT NULL AND NEW.kind <> 'LATE') EXECUTE FUNCTION reconciliation_mark_named();
CREATE TRIGGER mark_debited_again AFTER UPDATE ON reconciliation_discrepancy FOR EACH ROW
    WHEN (NEW.payment_id IS NOT NULL AND NEW.line_id IS NOT NULL AND NEW.ground <> OLD.ground) EXECUTE FUNCTION reconciliation_mark_named();
"""

MARK_ENDED = """
CREATE FUNCTION reconciliation_mark_ended() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM reconciliation_mark_debited(ARRAY[NEW.id], NEW.status_at);
    RETURN NULL;
END $$;
CREATE TRIGGER mark_debited AFTER UPDATE OF status ON payments_payment FOR EACH ROW
    WHEN (OLD.status IN ('SENT', 'PROCESSING', 'POSTED') AND NEW.status IN ('READY', 'FAILED', 'CANCELLED', 'RETURNED'))
    EXECUTE FUNCTION reconciliation_mark_ended();
"""

# The mark, and the rule itself for what was with a bank: its line may have been matched while another transaction let it end. The rows before
# and after are never joined: the planner would compare each with each.
CONFIRMED_GUARD = """
CREATE FUNCTION reconciliation_confirmed_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE confirmed bigint[]; debited bigint[];
BEGIN
    confirmed := ARRAY(SELECT id FROM new_rows WHERE confirmed_at IS NOT NULL);
    IF cardinality(confirmed) = 0 THEN RETURN NULL; END IF;
    debited := ARRAY(SELECT c.payment_id FROM unnest(confirmed) AS x (id) JOIN payments_contradiction c ON c.payment_id = x.id
                     WHERE c.debited_on IS NOT NULL);
    confirmed := ARRAY(SELECT id FROM new_rows WHERE confirmed_at IS NOT NULL AND cause NOT IN ('STOP', 'NOT_COLLECTED'));
    IF cardinality(confirmed) > 0 THEN
        debited := debited || ARRAY(SELECT d.payment_id FROM reconciliation_debited(confirmed) d);
    END IF;
    IF cardinality(debited) > 0 AND EXISTS (SELECT 1 FROM old_rows o WHERE o.confirmed_at IS NULL AND o.id = ANY(debited)) THEN
        RAISE EXCEPTION 'a statement shows that this payment left' USING ERRCODE = 'check_violation', CONSTRAINT = 'debited_is_not_confirmed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_debited_guard AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_confirmed_guard();
"""


class Migration(migrations.Migration):
    replaces = [("reconciliation", "0016_debits_that_stand")]
    dependencies = [("reconciliation", "0002_guards_of_matches")]
    operations = [
        make(
            DEBITED,
            DERIVE_DEBITED,
            MARK_DEBITED,
            MARK_MATCHED,
            MARK_NAMED,
            MARK_ENDED,
            CONFIRMED_GUARD,
        ),
    ]
