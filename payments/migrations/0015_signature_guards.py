"""Further signatures, delegations, makers, removal slips and the freeze switch: what the database refuses about them."""

from django.db import migrations

# Which steps sign a list, in their order: maker, checker and releaser always; whom a rule adds, by the rule in force on the day the list was
# made and the sum of every line ever on it, so that taking people off never spares a signature.
REQUIRED = """
CREATE FUNCTION payments_required_steps(the_batch bigint) RETURNS text[] LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT array_agg(s.step ORDER BY s.place)
    FROM (VALUES ('MAKER', 1), ('REVIEWER', 2), ('CHECKER', 3), ('COSIGNER', 4), ('RELEASER', 5)) s(step, place)
    WHERE s.step IN ('MAKER', 'CHECKER', 'RELEASER')
       OR (SELECT r.from_amount <= (SELECT coalesce(sum(p.amount), 0) FROM payments_payment p WHERE p.batch_id = b.id)
           FROM payments_paymentbatch b JOIN payments_cycle c ON c.id = b.cycle_id
           JOIN payments_signingrule r ON r.step = s.step AND r.valid_from <= c.listed_on
           WHERE b.id = the_batch ORDER BY r.valid_from DESC LIMIT 1)
$$;

CREATE FUNCTION payments_signing_rule_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_cycle WHERE listed_on >= NEW.valid_from) THEN
        RAISE EXCEPTION 'a rule is for lists to come' USING ERRCODE = 'check_violation', CONSTRAINT = 'signing_rule_is_for_lists_to_come';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signing_rule_guard BEFORE INSERT ON payments_signingrule FOR EACH ROW EXECUTE FUNCTION payments_signing_rule_guard();
"""

BATCH_GUARD = """
CREATE OR REPLACE FUNCTION payments_batch_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
"""

# Whether somebody may sign at a step for a unit at a time: by the own role, or by a delegation of somebody who has it.
SIGNER = """
CREATE FUNCTION payments_may_sign(the_signer bigint, the_step text, the_delegation bigint, the_unit bigint, at timestamptz)
RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN the_delegation IS NULL
        THEN EXISTS (SELECT 1 FROM staff_user u WHERE u.id = the_signer AND u.is_active AND u.role = the_step)
        ELSE EXISTS (
            SELECT 1 FROM staff_delegation d
            JOIN staff_user me ON me.id = d.delegate_id AND me.is_active AND me.role IN (the_step, 'REVIEWER', 'COSIGNER')
            JOIN staff_user other ON other.id = d.delegator_id AND other.is_active AND other.role = the_step
            JOIN staff_administrativeunit du ON du.id = d.unit_id JOIN staff_administrativeunit u ON u.id = the_unit
            WHERE d.id = the_delegation AND d.delegate_id = the_signer AND d.role = the_step AND u.path LIKE du.path || '%'
              AND (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN d.valid_from AND d.valid_to AND (d.revoked_at IS NULL OR at < d.revoked_at))
        END
$$;
"""

# The list is locked, so that of two who sign at once the second one sees the first.
SIGNATURE_GUARD = """
CREATE OR REPLACE FUNCTION payments_signature_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE list payments_paymentbatch; stands_for bigint; needed text[]; signed bigint;
BEGIN
    SELECT * INTO list FROM payments_paymentbatch WHERE id = NEW.batch_id FOR NO KEY UPDATE;
    IF NOT payments_may_sign(NEW.signer_id, NEW.step, NEW.delegation_id, list.paying_unit_id, NEW.signed_at) THEN
        RAISE EXCEPTION 'signer has not the role for step %', NEW.step USING ERRCODE = 'check_violation', CONSTRAINT = 'signer_has_the_role_of_the_step';
    END IF;
    IF list.revision <> NEW.revision THEN
        RAISE EXCEPTION 'only the present revision is signed' USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_is_of_the_present_revision';
    END IF;
    IF NEW.digest <> payments_list_digest(NEW.batch_id) THEN
        RAISE EXCEPTION 'signature is not of list % as it stands', NEW.batch_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_is_of_the_list_as_it_stands';
    END IF;
    SELECT delegator_id INTO stands_for FROM staff_delegation WHERE id = NEW.delegation_id;
    IF EXISTS (SELECT 1 FROM payments_signature s LEFT JOIN staff_delegation d ON d.id = s.delegation_id
               WHERE s.batch_id = NEW.batch_id AND s.revision = NEW.revision
                 AND (d.delegator_id IN (NEW.signer_id, stands_for) OR s.signer_id IN (NEW.signer_id, stands_for))) THEN
        RAISE EXCEPTION 'list % is signed by different people for different people', NEW.batch_id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'signer_once_per_batch_revision';
    END IF;
    IF NEW.step <> 'MAKER' AND EXISTS (SELECT 1 FROM payments_listmaker m WHERE m.batch_id = NEW.batch_id AND m.maker_id IN (NEW.signer_id, stands_for)) THEN
        RAISE EXCEPTION 'who made list % signs it as its maker only', NEW.batch_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'maker_signs_as_maker_only';
    END IF;
    needed := payments_required_steps(NEW.batch_id);
    SELECT count(*) INTO signed FROM payments_signature s WHERE s.batch_id = NEW.batch_id AND s.revision = NEW.revision;
    IF needed[signed + 1] IS DISTINCT FROM NEW.step
       OR list.status <> (CASE WHEN NEW.step = 'MAKER' THEN 'DRAFT' WHEN NEW.step IN ('REVIEWER', 'CHECKER') THEN 'SUBMITTED' ELSE 'APPROVED' END) THEN
        RAISE EXCEPTION 'step % does not sign list % now', NEW.step, NEW.batch_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'list_is_signed_in_order';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION payments_maker_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_paymentbatch b WHERE b.id = NEW.batch_id AND b.status = 'DRAFT') THEN
        RAISE EXCEPTION 'a list is made while it is in draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'list_is_made_in_draft';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER maker_guard BEFORE INSERT ON payments_listmaker FOR EACH ROW EXECUTE FUNCTION payments_maker_guard();
"""

SLIPS = """
CREATE FUNCTION payments_slip_digest(the_slip bigint) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(concat_ws('|', s.id, p.end_to_end_id, p.beneficiary_id, p.amount, s.ground, s.reason, s.document_number), 'UTF8')), 'hex')
    FROM payments_removalslip s JOIN payments_payment p ON p.id = s.payment_id WHERE s.id = the_slip
$$;

CREATE FUNCTION payments_slip_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.refused_at IS NOT NULL OR (SELECT count(*) FROM payments_slipsignature g WHERE g.slip_id = OLD.id) = 2
           OR (to_jsonb(OLD) - '{refused_at,refused_by_id,refusal_note}'::text[]) IS DISTINCT FROM (to_jsonb(NEW) - '{refused_at,refused_by_id,refusal_note}'::text[]) THEN
            RAISE EXCEPTION 'a slip is signed or refused, never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'slip_is_never_edited';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.refused_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
        WHERE p.id = NEW.payment_id AND p.status IN ('DRAFT', 'READY') AND b.status IN ('SUBMITTED', 'APPROVED', 'RELEASED')
          AND (NEW.ground <> 'CHANGED' OR (p.status = 'DRAFT' AND b.status = 'RELEASED'))
          AND (NEW.ground <> 'LIFE' OR EXISTS (SELECT 1 FROM beneficiaries_life l WHERE l.beneficiary_id = p.beneficiary_id
                                               AND (l.deceased_on IS NOT NULL OR l.notice_on IS NOT NULL)))) THEN
        RAISE EXCEPTION 'only who stands on a signed list and was not sent is taken off it by a slip'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'slip_is_of_a_signed_list';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER slip_guard BEFORE INSERT OR UPDATE ON payments_removalslip FOR EACH ROW EXECUTE FUNCTION payments_slip_guard();

CREATE FUNCTION payments_slip_signature_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE stands_for bigint; slip payments_removalslip; unit bigint;
BEGIN
    SELECT * INTO slip FROM payments_removalslip WHERE id = NEW.slip_id FOR NO KEY UPDATE;
    SELECT b.paying_unit_id INTO unit FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id WHERE p.id = slip.payment_id;
    IF slip.refused_at IS NOT NULL OR NOT payments_may_sign(NEW.signer_id, NEW.step, NEW.delegation_id, unit, NEW.signed_at) THEN
        RAISE EXCEPTION 'signer has not the role for step %', NEW.step USING ERRCODE = 'check_violation', CONSTRAINT = 'slip_signer_has_the_role';
    END IF;
    IF NEW.digest <> payments_slip_digest(NEW.slip_id) THEN
        RAISE EXCEPTION 'signature is not of slip %', NEW.slip_id USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_is_of_the_slip';
    END IF;
    SELECT delegator_id INTO stands_for FROM staff_delegation WHERE id = NEW.delegation_id;
    IF EXISTS (SELECT 1 FROM payments_slipsignature s LEFT JOIN staff_delegation d ON d.id = s.delegation_id
               WHERE s.slip_id = NEW.slip_id AND (d.delegator_id IN (NEW.signer_id, stands_for) OR s.signer_id IN (NEW.signer_id, stands_for))) THEN
        RAISE EXCEPTION 'slip % is signed by two people', NEW.slip_id USING ERRCODE = 'unique_violation', CONSTRAINT = 'slip_signer_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER slip_signature_guard BEFORE INSERT ON payments_slipsignature FOR EACH ROW EXECUTE FUNCTION payments_slip_signature_guard();
"""

# Total paid = list - slips: nobody on a signed list is stopped without one, and one that was asked for is signed by two. What is on a slip, or
# under a freeze, goes nowhere; the shared lock makes whoever switches the freeze on wait for claims under way, so that none follows it.
LEAVING = """
CREATE VIEW payments_frozenlist AS
SELECT b.id AS batch_id, f.id AS freeze_id
FROM payments_freeze f JOIN staff_administrativeunit fu ON fu.id = f.unit_id
JOIN staff_administrativeunit u ON u.path LIKE fu.path || '%'
JOIN payments_paymentbatch b ON b.paying_unit_id = u.id AND (f.programme_id IS NULL OR b.programme_id = f.programme_id)
WHERE f.ended_at IS NULL;

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

# The list as text, line by line, of which the signed digest is the SHA-256: what is embedded in the printed list and compared when it comes back.
LIST_TEXT = """
CREATE FUNCTION payments_list_text(the_batch bigint) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(string_agg(
        concat_ws('|', p.ordinal, p.end_to_end_id, p.beneficiary_id, p.amount, coalesce(encode(a.digest, 'hex'), 'cash'), p.payee_name), E'\\n' ORDER BY p.ordinal
    ), '')
    FROM payments_payment p
    LEFT JOIN beneficiaries_bankaccount b ON b.id = p.bank_account_id
    LEFT JOIN beneficiaries_accountnumber a ON a.id = b.number_id
    WHERE p.batch_id = the_batch
$$;
"""

APPEND_ONLY = [
    "payments_signingrule",
    "payments_listmaker",
    "payments_conflictnote",
    "payments_slipsignature",
    "payments_signedpaper",
    "payments_treasuryvoucher",
]
NEVER_DELETED = ["payments_removalslip", "payments_freeze"]


def refuse(table, *, what, name):
    """SQL that lets nobody do `what` to rows of `table`."""
    return f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();"


def revoke(tables, rights):
    """SQL that takes rights from the application's role, where that role exists."""
    return f"""
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE {rights} ON {", ".join(tables)} FROM ansinh_app';
    END IF;
END $$;
"""


GUARDS = "\n".join(
    [
        REQUIRED,
        BATCH_GUARD,
        SIGNER,
        SIGNATURE_GUARD,
        SLIPS,
        LEAVING,
        LIST_TEXT,
        *(refuse(table, what="UPDATE OR DELETE", name="append_only") for table in APPEND_ONLY),
        *(refuse(table, what="DELETE", name="never_deleted") for table in NEVER_DELETED),
        revoke(APPEND_ONLY, "UPDATE, DELETE"),
        revoke(NEVER_DELETED, "DELETE"),
        revoke(["payments_frozenlist"], "INSERT, UPDATE, DELETE"),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0014_signatures"), ("staff", "0009_delegation_guards")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
