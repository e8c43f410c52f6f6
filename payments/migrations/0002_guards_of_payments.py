"""What the database refuses about payments: moves outside the table of `payments.states`, edits, a second use of a key, two carriers of one sum."""

from django.db import migrations

from staff.migrations._statements import make, revoke, rows

TRANSITIONS = [
    ("DRAFT", "RELEASE", "READY"),
    ("DRAFT", "STOP", "CANCELLED"),
    ("READY", "STOP", "CANCELLED"),
    ("READY", "CLAIM", "SENT"),
    ("SENT", "NOT_TAKEN", "READY"),
    ("SENT", "ACCEPTED", "PROCESSING"),
    ("SENT", "BANK_POSTED", "POSTED"),
    ("PROCESSING", "BANK_POSTED", "POSTED"),
    ("SENT", "BANK_FAILED", "FAILED"),
    ("PROCESSING", "BANK_FAILED", "FAILED"),
    ("SENT", "BANK_CANCELLED", "CANCELLED"),
    ("PROCESSING", "BANK_CANCELLED", "CANCELLED"),
    ("SENT", "BANK_RETURNED", "RETURNED"),
    ("PROCESSING", "BANK_RETURNED", "RETURNED"),
    ("POSTED", "BANK_RETURNED", "RETURNED"),
    ("READY", "HANDED_OVER", "PROCESSING"),
    ("PROCESSING", "COLLECTED", "POSTED"),
    ("PROCESSING", "NOT_COLLECTED", "FAILED"),
    ("SENT", "NEVER_HAD", "CANCELLED"),
    ("READY", "FOUND_ARRIVED", "POSTED"),
    ("FAILED", "FOUND_ARRIVED", "POSTED"),
    ("CANCELLED", "FOUND_ARRIVED", "POSTED"),
    ("POSTED", "FOUND_WRONG", "FAILED"),
]

TABLE = f"""
CREATE TABLE payments_transition (source text, cause text, target text, PRIMARY KEY (source, cause));
INSERT INTO payments_transition VALUES {rows(TRANSITIONS)};
"""

# `search_path`: else a temporary table of the session, of the same name, would be read instead of the rules.
# Transition tables have no statistics; without `enable_nestloop = off` the planner may compare every row with every other.
PAYMENT_GUARD_UPDATE = """
CREATE FUNCTION payments_payment_guard_update() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
DECLARE refused text;
BEGIN
    SELECT moved.before || ' -> ' || moved.after || ' by ' || moved.cause INTO refused
    FROM (SELECT DISTINCT o.status AS before, n.cause AS cause, n.status AS after
          FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE o.status <> n.status) moved
    LEFT JOIN payments_transition t ON t.source = moved.before AND t.cause = moved.cause AND t.target = moved.after
    WHERE t.source IS NULL LIMIT 1;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION 'payment may not move %', refused USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_moves_by_cause';
    END IF;
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE (o.batch_id, o.ordinal, o.beneficiary_id, o.amount, o.end_to_end_id, o.payee_name) IS DISTINCT FROM
                     (n.batch_id, n.ordinal, n.beneficiary_id, n.amount, n.end_to_end_id, n.payee_name)
                  OR o.bank_account_id IS DISTINCT FROM n.bank_account_id) THEN
        RAISE EXCEPTION 'a payment is never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_never_edited';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_guard_update AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_payment_guard_update();
"""

# Why a payment stands as it does is written when it moves, and never apart from that: rules that ask for the cause would believe whatever was
# written later. Row by row, and only for rows whose cause changes alone: on every other update of a payment it costs a comparison.
CAUSE_GUARD = """
CREATE FUNCTION payments_cause_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the cause of a state comes with the state' USING ERRCODE = 'check_violation', CONSTRAINT = 'cause_comes_with_its_move';
END $$;
CREATE TRIGGER payment_cause_guard BEFORE UPDATE OF cause ON payments_payment FOR EACH ROW
    WHEN (NEW.cause IS DISTINCT FROM OLD.cause AND NEW.status = OLD.status) EXECUTE FUNCTION payments_cause_guard();
"""

CHANNEL_GUARD = """
CREATE FUNCTION payments_channel_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT n.batch_id, n.cause FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE o.status <> n.status) moved
               JOIN payments_paymentbatch b ON b.id = moved.batch_id
               WHERE (b.channel = 'ACCOUNT' AND moved.cause IN ('HANDED_OVER', 'COLLECTED', 'NOT_COLLECTED'))
                  OR (b.channel = 'CASH' AND moved.cause IN ('CLAIM', 'NOT_TAKEN', 'ACCEPTED', 'BANK_POSTED', 'BANK_FAILED', 'BANK_CANCELLED', 'BANK_RETURNED'))) THEN
        RAISE EXCEPTION 'a bank moves transfers, a provider moves cash' USING ERRCODE = 'check_violation', CONSTRAINT = 'cause_is_of_the_channel';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_channel_guard AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_channel_guard();
"""

PAYMENT_GUARD_INSERT = """
CREATE FUNCTION payments_payment_guard_insert() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT batch_id, status FROM new_rows) n JOIN payments_paymentbatch b ON b.id = n.batch_id
               WHERE n.status <> 'DRAFT' OR b.status <> 'DRAFT') THEN
        RAISE EXCEPTION 'payments are added only to a list in draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_list_is_a_ceiling';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_guard_insert AFTER INSERT ON payments_payment REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_payment_guard_insert();
"""

# A reissue stays one: neither the place of a list among those of its month nor the payment it repeats is ever changed.
REISSUE_GUARD = """
CREATE FUNCTION payments_reissue_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what a reissue repeats is never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'reissue_is_never_edited';
END $$;
CREATE TRIGGER reissue_guard BEFORE UPDATE ON payments_payment FOR EACH ROW WHEN (OLD.reissues_id IS DISTINCT FROM NEW.reissues_id)
    EXECUTE FUNCTION payments_reissue_guard();
CREATE TRIGGER sequence_guard BEFORE UPDATE ON payments_paymentbatch FOR EACH ROW WHEN (OLD.sequence <> NEW.sequence)
    EXECUTE FUNCTION payments_reissue_guard();
"""

# A key is never used again: the attempt, which is part of it, only grows, and a payment people ended goes out under none (ADR 30).
KEY_GUARD = """
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

# Written as the owner: the application can neither forge who follows whom nor forget it (ADR 30).
NOTE_SUCCESSION = """
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
"""

# Asked only about what sets out, by its own ids: an index probe per order of a chunk, whatever else the table holds.
SUCCESSION_GUARD = """
CREATE FUNCTION payments_succession_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE leaving bigint[]; doubted bigint[];
BEGIN
    leaving := ARRAY(SELECT id FROM new_rows WHERE (status, cause) IN (('SENT', 'CLAIM'), ('PROCESSING', 'HANDED_OVER')));
    IF cardinality(leaving) = 0 THEN RETURN NULL; END IF;
    doubted := ARRAY(SELECT DISTINCT s.successor_id FROM unnest(leaving) AS x (id) JOIN payments_succession s ON s.successor_id = x.id
                     JOIN payments_payment p ON p.id = s.predecessor_id
                     WHERE p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED') OR p.confirmed_at IS NULL);
    IF cardinality(doubted) = 0 THEN RETURN NULL; END IF;
    IF EXISTS (SELECT 1 FROM old_rows o WHERE o.status = 'READY' AND o.id = ANY(doubted)) THEN
        RAISE EXCEPTION 'a payment sets out only while what it replaces is confirmed to have left nothing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'successor_waits_for_what_it_replaces';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_succession_guard AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_succession_guard();
"""

# A transfer on a list that a provider has is claimed by no sender: nobody is paid by the bank and by the provider.
HANDED_OVER_GUARD = """
CREATE FUNCTION payments_handed_over_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN payments_handover h ON h.batch_id = n.batch_id
               WHERE o.status = 'READY' AND n.status = 'SENT' AND (n.lease_by <> '' OR n.file_id IS NOT NULL)) THEN
        RAISE EXCEPTION 'the list is with a provider' USING ERRCODE = 'check_violation', CONSTRAINT = 'handed_over_list_is_paid_by_its_provider';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_handed_over_guard AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_handed_over_guard();
"""


class Migration(migrations.Migration):
    replaces = [("payments", "0003_guards")]
    # The last folded one, for 0001: where only some of those are applied it is a node that does not exist, and nothing is migrated (ADR 54).
    dependencies = [("payments", "0048_cause_comes_with_its_move"), ("beneficiaries", "0003_guards_of_people")]
    operations = [
        make(
            TABLE,
            PAYMENT_GUARD_UPDATE,
            CAUSE_GUARD,
            CHANNEL_GUARD,
            PAYMENT_GUARD_INSERT,
            REISSUE_GUARD,
            KEY_GUARD,
            NOTE_SUCCESSION,
            SUCCESSION_GUARD,
            HANDED_OVER_GUARD,
            revoke("INSERT, UPDATE, DELETE", "payments_transition"),
        ),
    ]
