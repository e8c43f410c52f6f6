"""What signatures rest on does not move under them: the day of a list, the time and the place of a signer, and who made the list (ADR 75).

A time is judged by the database's clock from above and by what was done before from below: a signature is neither older than what it follows
nor of a time to come. A delegation counts while it holds now, not only at the time a signature claims for itself. Who made a list and who signs
it hold the list, one after the other; under a snapshot from before, who signs would not see who made it.
"""

from django.db import migrations

# A month keeps the day its lists were made on: by it is told which signing rule counts.
CYCLE_GUARD = """
CREATE OR REPLACE FUNCTION payments_cycle_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR (NEW.month, NEW.opening, NEW.built_at) IS DISTINCT FROM (OLD.month, OLD.opening, OLD.built_at) THEN
        RAISE EXCEPTION 'a closed cycle stays closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_stays_as_it_is';
    END IF;
    IF NEW.listed_on <> OLD.listed_on THEN
        RAISE EXCEPTION 'lists stay of the day they were made on' USING ERRCODE = 'check_violation', CONSTRAINT = 'cycle_keeps_the_day_of_its_lists';
    END IF;
    IF NEW.closed_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM payments_paymentbatch b LEFT JOIN payments_payment p ON p.batch_id = b.id AND p.status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING')
        WHERE b.cycle_id = NEW.id AND b.status <> 'CANCELLED' AND (p.id IS NOT NULL OR b.status NOT IN ('RELEASED', 'CLOSED'))) THEN
        RAISE EXCEPTION 'a cycle is closed when every payment is final' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_is_final';
    END IF;
    IF NEW.closed_at IS NOT NULL AND NOT NEW.opening AND EXISTS (
        SELECT 1 FROM beneficiaries_enrolment e JOIN beneficiaries_programme g ON g.id = e.programme_id AND g.kind <> 'REGULAR'
        WHERE e.starts_month = NEW.month AND e.ended_month > NEW.month AND e.suspended_month IS NULL
          AND NOT EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = e.id)) THEN
        RAISE EXCEPTION 'somebody granted it once has no answer' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_answered_everybody';
    END IF;
    RETURN NEW;
END $$;
"""

# Whoever signs, for whom and by what: of units the list lies in, all of them, and now.
MAY_SIGN = """
CREATE OR REPLACE FUNCTION payments_may_sign(the_signer bigint, the_step text, the_delegation bigint, the_unit bigint, at timestamptz)
RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN the_delegation IS NULL
        THEN EXISTS (
            SELECT 1 FROM staff_user me
            JOIN staff_administrativeunit mine ON mine.id = me.unit_id JOIN staff_administrativeunit u ON u.id = the_unit
            WHERE me.id = the_signer AND me.is_active AND me.role = the_step AND starts_with(u.path, mine.path))
        ELSE EXISTS (
            SELECT 1 FROM staff_delegation d
            JOIN staff_user me ON me.id = d.delegate_id AND me.is_active AND me.role IN (the_step, 'REVIEWER', 'COSIGNER')
            JOIN staff_user other ON other.id = d.delegator_id AND other.is_active AND other.role = the_step
            JOIN staff_administrativeunit mine ON mine.id = me.unit_id JOIN staff_administrativeunit theirs ON theirs.id = other.unit_id
            JOIN staff_administrativeunit du ON du.id = d.unit_id JOIN staff_administrativeunit u ON u.id = the_unit
            WHERE d.id = the_delegation AND d.delegate_id = the_signer AND d.role = the_step
              AND starts_with(u.path, du.path) AND starts_with(u.path, mine.path) AND starts_with(u.path, theirs.path)
              AND (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN d.valid_from AND d.valid_to
              AND (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= d.valid_to AND d.revoked_at IS NULL)
        END
$$;
"""

SIGNATURE_GUARD = """
CREATE OR REPLACE FUNCTION payments_signature_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE list payments_paymentbatch; stands_for bigint; needed text[]; signed bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'who made list % meanwhile is seen', NEW.batch_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_sees_who_made_the_list';
    END IF;
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
    IF NEW.signed_at > clock_timestamp() OR NEW.signed_at < greatest(
        (SELECT c.built_at FROM payments_cycle c WHERE c.id = list.cycle_id),
        (SELECT max(m.done_at) FROM payments_listmaker m WHERE m.batch_id = NEW.batch_id),
        (SELECT max(s.signed_at) FROM payments_signature s WHERE s.batch_id = NEW.batch_id)) THEN
        RAISE EXCEPTION 'list % is signed after what was done to it, and now', NEW.batch_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_is_of_its_moment';
    END IF;
    RETURN NEW;
END $$;
"""

# Whoever signs the list holds it, and sees who made it.
MAKER_GUARD = """
CREATE OR REPLACE FUNCTION payments_maker_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM payments_paymentbatch b WHERE b.id = NEW.batch_id AND b.status = 'DRAFT' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a list is made while it is in draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'list_is_made_in_draft';
    END IF;
    RETURN NEW;
END $$;
"""

SLIP_SIGNATURE_GUARD = """
CREATE OR REPLACE FUNCTION payments_slip_signature_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
    IF NEW.signed_at > clock_timestamp() OR NEW.signed_at < greatest(
        slip.requested_at, (SELECT max(s.signed_at) FROM payments_slipsignature s WHERE s.slip_id = NEW.slip_id)) THEN
        RAISE EXCEPTION 'slip % is signed after it was asked for, and now', NEW.slip_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'slip_is_signed_at_its_moment';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0012_a_list_is_held_while_somebody_joins"),
        ("staff", "0007_units_stay_where_they_are"),
    ]
    operations = [
        migrations.RunSQL(
            CYCLE_GUARD + MAY_SIGN + SIGNATURE_GUARD + MAKER_GUARD + SLIP_SIGNATURE_GUARD, migrations.RunSQL.noop
        )
    ]
