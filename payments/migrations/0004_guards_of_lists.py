"""What the database refuses about lists and months: unsigned steps, redirection, releases apart from their list, what a freeze or a closed month holds."""

from django.db import migrations

from staff.migrations._statements import make, revoke, rows

BATCH_TRANSITIONS = [
    ("DRAFT", "SUBMITTED"),
    ("SUBMITTED", "APPROVED"),
    ("APPROVED", "RELEASED"),
    ("RELEASED", "CLOSED"),
    ("SUBMITTED", "DRAFT"),
    ("APPROVED", "DRAFT"),
    ("DRAFT", "CANCELLED"),
]

BATCH_TABLE = f"""
CREATE TABLE payments_batch_transition (source text, target text, PRIMARY KEY (source, target));
INSERT INTO payments_batch_transition VALUES {rows(BATCH_TRANSITIONS)};
"""

# The digest covers every line ever on the list: whom, how much, into which account (its keyed digest). A stop leaves it as it was signed.
# Called by a guard it would inherit its planning without nested loops, and read the accounts of the whole province for one list.
LIST_DIGEST = r"""
CREATE FUNCTION payments_list_digest(the_batch bigint) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp SET enable_nestloop = on AS $$
    SELECT encode(sha256(convert_to(coalesce(string_agg(
        concat_ws('|', p.ordinal, p.end_to_end_id, p.beneficiary_id, p.amount, coalesce(encode(a.digest, 'hex'), 'cash'), p.payee_name), E'\n' ORDER BY p.ordinal
    ), ''), 'UTF8')), 'hex')
    FROM payments_payment p
    LEFT JOIN beneficiaries_bankaccount b ON b.id = p.bank_account_id
    LEFT JOIN beneficiaries_accountnumber a ON a.id = b.number_id
    WHERE p.batch_id = the_batch
$$;
"""

# The list as text, line by line, of which the signed digest is the SHA-256: what is embedded in the printed list and compared when it comes back.
LIST_TEXT = r"""
CREATE FUNCTION payments_list_text(the_batch bigint) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(string_agg(
        concat_ws('|', p.ordinal, p.end_to_end_id, p.beneficiary_id, p.amount, coalesce(encode(a.digest, 'hex'), 'cash'), p.payee_name), E'\n' ORDER BY p.ordinal
    ), '')
    FROM payments_payment p
    LEFT JOIN beneficiaries_bankaccount b ON b.id = p.bank_account_id
    LEFT JOIN beneficiaries_accountnumber a ON a.id = b.number_id
    WHERE p.batch_id = the_batch
$$;
"""

BATCH_GUARD = """
CREATE FUNCTION payments_batch_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE steps text[]; needed text[]; signers bigint; digests bigint; signed_digest text;
BEGIN
    IF NEW.cycle_id <> OLD.cycle_id OR NEW.paying_unit_id <> OLD.paying_unit_id OR NEW.programme_id <> OLD.programme_id OR NEW.channel <> OLD.channel
       OR NEW.budget_source <> OLD.budget_source OR NEW.token <> OLD.token OR NEW.funding_account_id IS DISTINCT FROM OLD.funding_account_id THEN
        RAISE EXCEPTION 'a list is never redirected' USING ERRCODE = 'check_violation', CONSTRAINT = 'list_is_never_redirected';
    END IF;
    IF NEW.revision <> OLD.revision AND (NEW.status = OLD.status OR NEW.status <> 'DRAFT') THEN
        RAISE EXCEPTION 'a revision begins when a list is returned' USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_begins_with_a_return';
    END IF;
    IF NEW.status = OLD.status THEN RETURN NEW; END IF;
    IF NOT EXISTS (SELECT 1 FROM payments_batch_transition WHERE source = OLD.status AND target = NEW.status) THEN
        RAISE EXCEPTION 'list may not move % -> %', OLD.status, NEW.status USING ERRCODE = 'check_violation', CONSTRAINT = 'list_moves_by_the_table';
    END IF;
    IF NEW.status = 'DRAFT' THEN
        IF NEW.revision <> OLD.revision + 1 THEN
            RAISE EXCEPTION 'a returned list is a new revision' USING ERRCODE = 'check_violation', CONSTRAINT = 'returned_list_is_a_new_revision';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status = 'CLOSED' AND EXISTS (SELECT 1 FROM payments_payment WHERE batch_id = NEW.id AND status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING')) THEN
        RAISE EXCEPTION 'list % has payments that are not final', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_list_is_final';
    END IF;
    IF NEW.status IN ('SUBMITTED', 'APPROVED', 'RELEASED') THEN
        SELECT array_agg(step::text), count(DISTINCT signer_id), count(DISTINCT digest), max(digest)
        INTO steps, signers, digests, signed_digest
        FROM payments_signature WHERE batch_id = NEW.id AND revision = NEW.revision;
        needed := payments_required_steps(NEW.id);
        needed := CASE NEW.status WHEN 'SUBMITTED' THEN needed[1:1] WHEN 'APPROVED' THEN needed[1:array_position(needed, 'CHECKER')] ELSE needed END;
        IF NOT coalesce(steps @> needed, false)
           OR signers <> cardinality(steps) OR digests <> 1 THEN
            RAISE EXCEPTION 'list % is not signed for %', NEW.id, NEW.status USING ERRCODE = 'check_violation', CONSTRAINT = 'list_is_signed_by_different_people';
        END IF;
        IF signed_digest <> payments_list_digest(NEW.id) THEN
            RAISE EXCEPTION 'list % changed since it was signed', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'list_is_what_was_signed';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER batch_guard BEFORE UPDATE ON payments_paymentbatch FOR EACH ROW EXECUTE FUNCTION payments_batch_guard();
"""

BATCH_GUARD_INSERT = """
CREATE FUNCTION payments_batch_guard_insert() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.status <> 'DRAFT' OR NEW.revision <> 1 THEN
        RAISE EXCEPTION 'a list begins in draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'list_begins_in_draft';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER batch_guard_insert BEFORE INSERT ON payments_paymentbatch FOR EACH ROW EXECUTE FUNCTION payments_batch_guard_insert();
"""

# It computes digests of the lists that are released, not of every list at every move of a payment.
RELEASE_GUARD = """
CREATE FUNCTION payments_release_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
DECLARE released bigint[];
BEGIN
    SELECT array_agg(DISTINCT n.batch_id) INTO released
    FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE o.status = 'DRAFT' AND n.status = 'READY';
    IF released IS NULL THEN RETURN NULL; END IF;
    IF EXISTS (SELECT 1 FROM payments_paymentbatch b
               LEFT JOIN payments_signature s ON s.batch_id = b.id AND s.revision = b.revision AND s.step = 'RELEASER'
               WHERE b.id = ANY(released) AND (b.status <> 'RELEASED' OR s.digest IS DISTINCT FROM payments_list_digest(b.id))) THEN
        RAISE EXCEPTION 'payments are released with their list' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_released_with_its_list';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_release_guard AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_release_guard();
"""

# Nothing leaves from an account that is closed.
CLOSED_ACCOUNT_GUARD = """
CREATE FUNCTION payments_closed_account_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_fundingaccount f WHERE f.id = NEW.funding_account_id AND f.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'nothing is released from a closed account' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_account_pays_nothing';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_account_guard BEFORE UPDATE OF status ON payments_paymentbatch FOR EACH ROW
    WHEN (NEW.status = 'RELEASED' AND OLD.status <> 'RELEASED') EXECUTE FUNCTION payments_closed_account_guard();
"""

CYCLE_GUARD = """
CREATE FUNCTION payments_cycle_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR (NEW.month, NEW.opening, NEW.built_at) IS DISTINCT FROM (OLD.month, OLD.opening, OLD.built_at) THEN
        RAISE EXCEPTION 'a closed cycle stays closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_stays_as_it_is';
    END IF;
    IF NEW.closed_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM payments_paymentbatch b LEFT JOIN payments_payment p ON p.batch_id = b.id AND p.status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING')
        WHERE b.cycle_id = NEW.id AND b.status <> 'CANCELLED' AND (p.id IS NOT NULL OR b.status NOT IN ('RELEASED', 'CLOSED'))) THEN
        RAISE EXCEPTION 'a cycle is closed when every payment is final' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cycle_guard BEFORE UPDATE ON payments_cycle FOR EACH ROW EXECUTE FUNCTION payments_cycle_guard();
"""

CLOSED_CYCLE_GUARD = """
CREATE FUNCTION payments_closed_cycle_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_cycle c WHERE c.id = NEW.cycle_id AND c.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'nothing joins a closed cycle' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_stays_as_it_is';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_cycle_guard BEFORE INSERT ON payments_paymentbatch FOR EACH ROW EXECUTE FUNCTION payments_closed_cycle_guard();
"""

FROZENLIST = """
CREATE VIEW payments_frozenlist AS
SELECT b.id AS batch_id, f.id AS freeze_id
FROM payments_freeze f JOIN staff_administrativeunit fu ON fu.id = f.unit_id
JOIN staff_administrativeunit u ON u.path LIKE fu.path || '%'
JOIN payments_paymentbatch b ON b.paying_unit_id = u.id AND (f.programme_id IS NULL OR b.programme_id = f.programme_id)
WHERE f.ended_at IS NULL;
"""

FREEZE_GUARD = """
CREATE FUNCTION payments_freeze_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1970001);
    IF TG_OP = 'UPDATE' AND (OLD.ended_at IS NOT NULL
       OR (to_jsonb(OLD) - '{ended_at,ended_by_id,end_reason}'::text[]) IS DISTINCT FROM (to_jsonb(NEW) - '{ended_at,ended_by_id,end_reason}'::text[])) THEN
        RAISE EXCEPTION 'a freeze is only ever ended' USING ERRCODE = 'check_violation', CONSTRAINT = 'freeze_is_only_ended';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER freeze_guard BEFORE INSERT OR UPDATE ON payments_freeze FOR EACH ROW EXECUTE FUNCTION payments_freeze_guard();
"""

# Total paid = list - slips: nobody on a signed list is stopped without one, and one that was asked for is signed by two. What is on a slip, or
# under a freeze, goes nowhere; the shared lock makes whoever switches the freeze on wait for claims under way, so that none follows it.
LEAVING_GUARD = """
CREATE FUNCTION payments_leaving_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE o.status <> n.status AND n.cause IN ('CLAIM', 'HANDED_OVER')) THEN
        PERFORM pg_advisory_xact_lock_shared(1970001);
        IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id JOIN payments_frozenlist z ON z.batch_id = n.batch_id
                   WHERE o.status <> n.status AND n.cause IN ('CLAIM', 'HANDED_OVER')) THEN
            RAISE EXCEPTION 'nothing leaves while payment is suspended' USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_leaves_while_frozen';
        END IF;
        IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id JOIN payments_removalslip s ON s.payment_id = n.id AND s.refused_at IS NULL
                   WHERE o.status <> n.status AND n.cause IN ('CLAIM', 'HANDED_OVER')) THEN
            RAISE EXCEPTION 'who is on a slip is not paid' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_on_a_slip_stays';
        END IF;
    END IF;
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id JOIN payments_paymentbatch b ON b.id = n.batch_id
               LEFT JOIN (SELECT s.payment_id, s.ground <> 'REQUESTED' OR count(g.id) = 2 AS done
                          FROM payments_removalslip s LEFT JOIN payments_slipsignature g ON g.slip_id = s.id
                          WHERE s.refused_at IS NULL AND s.payment_id IN (SELECT id FROM new_rows) GROUP BY s.id) slip ON slip.payment_id = n.id
               WHERE o.status <> n.status AND n.cause = 'STOP' AND b.status <> 'DRAFT' AND slip.done IS NOT TRUE) THEN
        RAISE EXCEPTION 'nobody is taken off a signed list without a signed slip' USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_list_less_its_slips';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_leaving_guard AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_leaving_guard();
"""


class Migration(migrations.Migration):
    replaces = [("payments", "0026_release_guard_only_of_releases")]
    dependencies = [("payments", "0003_guards_of_entitlements")]
    operations = [
        make(
            BATCH_TABLE,
            LIST_DIGEST,
            LIST_TEXT,
            BATCH_GUARD,
            BATCH_GUARD_INSERT,
            RELEASE_GUARD,
            CLOSED_ACCOUNT_GUARD,
            CYCLE_GUARD,
            CLOSED_CYCLE_GUARD,
            FROZENLIST,
            FREEZE_GUARD,
            LEAVING_GUARD,
            revoke("INSERT, UPDATE, DELETE", "payments_batch_transition", "payments_frozenlist"),
        ),
    ]
