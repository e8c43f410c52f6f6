"""Who signs what, and what the database refuses about signatures, signing rules, delegations, makers and removal slips."""

from django.db import migrations

from staff.migrations._statements import make

# Which steps sign a list, in their order: maker, checker and releaser always; whom a rule adds, by the rule in force on the day the list was
# made and the sum of every line ever on it, so that taking people off never spares a signature.
REQUIRED_STEPS = """
CREATE FUNCTION payments_required_steps(the_batch bigint) RETURNS text[] LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT array_agg(s.step ORDER BY s.place)
    FROM (VALUES ('MAKER', 1), ('REVIEWER', 2), ('CHECKER', 3), ('COSIGNER', 4), ('RELEASER', 5)) s(step, place)
    WHERE s.step IN ('MAKER', 'CHECKER', 'RELEASER')
       OR (SELECT r.from_amount <= (SELECT coalesce(sum(p.amount), 0) FROM payments_payment p WHERE p.batch_id = b.id)
           FROM payments_paymentbatch b JOIN payments_cycle c ON c.id = b.cycle_id
           JOIN payments_signingrule r ON r.step = s.step AND r.valid_from <= c.listed_on
           WHERE b.id = the_batch ORDER BY r.valid_from DESC LIMIT 1)
$$;
"""

SIGNING_RULE_GUARD = """
CREATE FUNCTION payments_signing_rule_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_cycle WHERE listed_on >= NEW.valid_from) THEN
        RAISE EXCEPTION 'a rule is for lists to come' USING ERRCODE = 'check_violation', CONSTRAINT = 'signing_rule_is_for_lists_to_come';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signing_rule_guard BEFORE INSERT ON payments_signingrule FOR EACH ROW EXECUTE FUNCTION payments_signing_rule_guard();
"""

# A rule that says who signs is itself signed by two; the same as they accepted it.
SIGNING_RULE_ACCEPTED = """
CREATE FUNCTION payments_signing_rule_accepted() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_settingchange c WHERE c.id = NEW.change_id AND c.kind = 'SIGNING_RULE' AND c.accepted
                   AND c.said = jsonb_build_object('step', NEW.step, 'title', NEW.title, 'from_amount', NEW.from_amount, 'valid_from', NEW.valid_from)) THEN
        RAISE EXCEPTION 'nobody accepted this rule' USING ERRCODE = 'check_violation', CONSTRAINT = 'signing_rule_was_accepted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signing_rule_accepted AFTER INSERT ON payments_signingrule FOR EACH ROW EXECUTE FUNCTION payments_signing_rule_accepted();
"""

# Whether somebody may sign at a step for a unit at a time: by the own role, or by a delegation of somebody who has it.
MAY_SIGN = """
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

# A signature is of the list as it stands. The list is locked, so that of two who sign at once the second one sees the first.
SIGNATURE_GUARD = """
CREATE FUNCTION payments_signature_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
CREATE TRIGGER signature_guard BEFORE INSERT ON payments_signature FOR EACH ROW EXECUTE FUNCTION payments_signature_guard();
"""

MAKER_GUARD = """
CREATE FUNCTION payments_maker_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_paymentbatch b WHERE b.id = NEW.batch_id AND b.status = 'DRAFT') THEN
        RAISE EXCEPTION 'a list is made while it is in draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'list_is_made_in_draft';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER maker_guard BEFORE INSERT ON payments_listmaker FOR EACH ROW EXECUTE FUNCTION payments_maker_guard();
"""

SLIP_DIGEST = """
CREATE FUNCTION payments_slip_digest(the_slip bigint) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(concat_ws('|', s.id, p.end_to_end_id, p.beneficiary_id, p.amount, s.ground, s.reason, s.document_number), 'UTF8')), 'hex')
    FROM payments_removalslip s JOIN payments_payment p ON p.id = s.payment_id WHERE s.id = the_slip
$$;
"""

# Who waits to be sent into an account the bank has closed since is taken off a released list, by a slip that says so; of any other account it
# is refused.
SLIP_GUARD = """
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
          AND (NEW.ground <> 'CHANGED' OR (b.status = 'RELEASED' AND (p.status = 'DRAFT' OR EXISTS (
               SELECT 1 FROM beneficiaries_bankaccount a WHERE a.id = p.bank_account_id AND a.status <> 'VERIFIED' AND (a.status <> 'OPENED'
               OR a.last_credited_month IS NULL OR a.reason IN ('ACCOUNT_CLOSED', 'ACCOUNT_BLOCKED', 'INVALID_ACCOUNT', 'RETURNED', 'DECLINED'))))))
          AND (NEW.ground <> 'LIFE' OR EXISTS (SELECT 1 FROM beneficiaries_life l WHERE l.beneficiary_id = p.beneficiary_id
                                               AND (l.deceased_on IS NOT NULL OR l.notice_on IS NOT NULL)))) THEN
        RAISE EXCEPTION 'only who stands on a signed list and was not sent is taken off it by a slip'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'slip_is_of_a_signed_list';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER slip_guard BEFORE INSERT OR UPDATE ON payments_removalslip FOR EACH ROW EXECUTE FUNCTION payments_slip_guard();
"""

SLIP_SIGNATURE_GUARD = """
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


class Migration(migrations.Migration):
    replaces = [("payments", "0015_signature_guards")]
    dependencies = [("payments", "0004_guards_of_lists"), ("staff", "0003_guards_of_roles")]
    operations = [
        make(
            REQUIRED_STEPS,
            SIGNING_RULE_GUARD,
            SIGNING_RULE_ACCEPTED,
            MAY_SIGN,
            SIGNATURE_GUARD,
            MAKER_GUARD,
            SLIP_DIGEST,
            SLIP_GUARD,
            SLIP_SIGNATURE_GUARD,
        ),
    ]
