"""What ends an enquiry, and what people may find about a payment of which two things were said (ADR 30, 35, 44, 48)."""

from django.db import migrations

from staff.migrations._statements import make

# Who looks into it and who ends it are written with the role they have; what was decided is never decided again.
ENQUIRY_GUARD = """
CREATE FUNCTION payments_enquiry_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.outcome <> '' OR NEW.letter_id IS NOT NULL) THEN
        RAISE EXCEPTION 'an enquiry begins without an answer' USING ERRCODE = 'check_violation', CONSTRAINT = 'enquiry_begins_unanswered';
    END IF;
    IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.owner_id AND u.is_active AND u.role = NEW.owner_role) THEN
        RAISE EXCEPTION 'the owner has not this role' USING ERRCODE = 'check_violation', CONSTRAINT = 'enquiry_owner_has_the_role';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.outcome <> '' THEN
            RAISE EXCEPTION 'what was decided stays decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'enquiry_is_decided_once';
        END IF;
        IF (OLD.payment_id, OLD.attempt, OLD.owner_id, OLD.owner_role, OLD.taken_at)
           IS DISTINCT FROM (NEW.payment_id, NEW.attempt, NEW.owner_id, NEW.owner_role, NEW.taken_at) THEN
            RAISE EXCEPTION 'an enquiry stays the same question' USING ERRCODE = 'check_violation', CONSTRAINT = 'enquiry_is_never_redirected';
        END IF;
        IF NEW.outcome <> '' THEN
            IF (OLD.letter_id, OLD.document, OLD.answered_at) IS DISTINCT FROM (NEW.letter_id, NEW.document, NEW.answered_at) THEN
                RAISE EXCEPTION 'who ends it does not bring the letter' USING ERRCODE = 'check_violation', CONSTRAINT = 'enquiry_letter_was_on_file';
            END IF;
            IF NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.decided_by_id AND u.is_active AND u.role = NEW.decided_role) THEN
                RAISE EXCEPTION 'who ends it has not this role' USING ERRCODE = 'check_violation', CONSTRAINT = 'enquiry_decider_has_the_role';
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enquiry_guard BEFORE INSERT OR UPDATE ON payments_enquiry FOR EACH ROW EXECUTE FUNCTION payments_enquiry_guard();
"""

FINDING_GUARD = """
CREATE FUNCTION payments_finding_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.confirmed_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a finding begins unconfirmed' USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_begins_unconfirmed';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.found_by_id AND u.is_active AND u.role = NEW.found_role) THEN
            RAISE EXCEPTION 'who found it has not this role' USING ERRCODE = 'check_violation', CONSTRAINT = 'finder_has_the_role';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.confirmed_by_id IS NOT NULL OR (to_jsonb(OLD) - ARRAY['confirmed_by_id', 'confirmed_role', 'confirmed_at'])
       IS DISTINCT FROM (to_jsonb(NEW) - ARRAY['confirmed_by_id', 'confirmed_role', 'confirmed_at']) THEN
        RAISE EXCEPTION 'a finding is confirmed once and never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_is_confirmed_once';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.confirmed_by_id AND u.is_active AND u.role = NEW.confirmed_role) THEN
        RAISE EXCEPTION 'who confirms it has not this role' USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_confirmer_has_the_role';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finding_guard BEFORE INSERT OR UPDATE ON payments_finding FOR EACH ROW EXECUTE FUNCTION payments_finding_guard();
"""

# The newest finding decides, both ways: an older letter is no letter any more.
LAST_FINDING = """
CREATE FUNCTION payments_last_finding(the_payment bigint) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN f.found_at > (SELECT c.told_at FROM payments_contradiction c WHERE c.payment_id = the_payment) THEN f.outcome END
    FROM payments_finding f WHERE f.payment_id = the_payment AND f.confirmed_at IS NOT NULL ORDER BY f.found_at DESC, f.id DESC LIMIT 1
$$;
"""

CONTRADICTION_GUARD = """
CREATE FUNCTION payments_contradiction_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.payment_id <> OLD.payment_id OR NEW.told_at < OLD.told_at THEN
        RAISE EXCEPTION 'what was told is not untold' USING ERRCODE = 'check_violation', CONSTRAINT = 'contradiction_only_moves_on';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contradiction_guard BEFORE UPDATE ON payments_contradiction FOR EACH ROW EXECUTE FUNCTION payments_contradiction_guard();
"""

# What was found to have arrived is not confirmed to have left nothing, unless the bank returned it since. Row by row, and only for the few rows
# that are confirmed: on every other update of a payment it costs a comparison. So the next two.
CONFIRMED_GUARD = """
CREATE FUNCTION payments_confirmed_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.status IN ('FAILED', 'CANCELLED') AND EXISTS (
           SELECT 1 FROM (SELECT f.outcome FROM payments_finding f WHERE f.payment_id = NEW.id AND f.confirmed_at IS NOT NULL
                          ORDER BY f.found_at DESC, f.id DESC LIMIT 1) last WHERE last.outcome = 'ARRIVED') THEN
        RAISE EXCEPTION 'two people found that it arrived' USING ERRCODE = 'check_violation', CONSTRAINT = 'what_arrived_is_not_confirmed';
    END IF;
    IF EXISTS (SELECT 1 FROM payments_contradiction c WHERE c.payment_id = NEW.id AND NOT EXISTS (
                   SELECT 1 FROM payments_finding f WHERE f.payment_id = c.payment_id
                   AND (f.outcome = 'LEFT_NOTHING' OR (f.outcome = 'ARRIVED' AND NEW.status = 'RETURNED'))
                   AND f.confirmed_at IS NOT NULL AND f.found_at > c.told_at))
       AND (NEW.file_id IS NOT NULL OR EXISTS (SELECT 1 FROM payments_paymentbatch b WHERE b.id = NEW.batch_id AND b.channel = 'CASH')
            OR EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = NEW.batch_id)
            OR EXISTS (SELECT 1 FROM payments_paymentfile p WHERE p.batch_id = NEW.batch_id)) THEN
        RAISE EXCEPTION 'two things were said of this payment' USING ERRCODE = 'check_violation', CONSTRAINT = 'contradicted_is_not_confirmed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_confirmed_guard BEFORE UPDATE OF confirmed_at ON payments_payment FOR EACH ROW
    WHEN (NEW.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at) EXECUTE FUNCTION payments_confirmed_guard();
"""

# What a letter two people read says to have arrived stands as paid, while no other payment carries its money (ADR 44).
ARRIVED_GUARD = """
CREATE FUNCTION payments_arrived_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF payments_last_finding(NEW.id) IS DISTINCT FROM 'ARRIVED' THEN
        RAISE EXCEPTION 'only a letter two people read says that it arrived' USING ERRCODE = 'check_violation', CONSTRAINT = 'arrived_by_a_finding';
    END IF;
    IF EXISTS (SELECT 1 FROM payments_succession s WHERE s.predecessor_id = NEW.id) THEN
        RAISE EXCEPTION 'another payment carries its money' USING ERRCODE = 'check_violation', CONSTRAINT = 'arrived_while_it_carries_its_money';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_arrived_guard BEFORE UPDATE OF status ON payments_payment FOR EACH ROW
    WHEN (NEW.cause = 'FOUND_ARRIVED' AND NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION payments_arrived_guard();
"""

# What two people found to have arrived may be found wrong by two people with another letter (ADR 48).
FOUND_WRONG_GUARD = """
CREATE FUNCTION payments_found_wrong_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.cause <> 'FOUND_ARRIVED' OR payments_last_finding(NEW.id) IS DISTINCT FROM 'LEFT_NOTHING' THEN
        RAISE EXCEPTION 'only another letter two people read takes back that it arrived'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'found_wrong_by_a_finding';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_found_wrong_guard BEFORE UPDATE OF status ON payments_payment FOR EACH ROW
    WHEN (NEW.cause = 'FOUND_WRONG' AND NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION payments_found_wrong_guard();
"""


class Migration(migrations.Migration):
    replaces = [("payments", "0028_end_of_enquiry_guards")]
    dependencies = [("payments", "0005_guards_of_signatures")]
    operations = [
        make(
            ENQUIRY_GUARD,
            FINDING_GUARD,
            LAST_FINDING,
            CONTRADICTION_GUARD,
            CONFIRMED_GUARD,
            ARRIVED_GUARD,
            FOUND_WRONG_GUARD,
        ),
    ]
