"""What the database refuses about what is owed: edits, another carrier, paying a month in two communes, recovering too much, reviving what was withdrawn."""

from django.db import migrations

from staff.migrations._statements import make

# An entitlement goes from one payment straight to the next: by way of none, it would be forgotten which payment follows which (ADR 30).
ENTITLEMENT_GUARD = """
CREATE FUNCTION payments_entitlement_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE (o.cycle_id, o.enrolment_id, o.month, o.kind, o.amount, o.not_payable_reason) IS DISTINCT FROM
                     (n.cycle_id, n.enrolment_id, n.month, n.kind, n.amount, n.not_payable_reason)
                  OR o.corrects_id IS DISTINCT FROM n.corrects_id) THEN
        RAISE EXCEPTION 'an entitlement is corrected by a new row' USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_is_never_edited';
    END IF;
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id JOIN payments_payment p ON p.id = o.payment_id
               WHERE n.payment_id IS DISTINCT FROM o.payment_id
                 AND (p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED') OR p.confirmed_at IS NULL)) THEN
        RAISE EXCEPTION 'an entitlement leaves a payment only when that is confirmed to have left nothing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_has_one_live_payment';
    END IF;
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE o.payment_id IS NOT NULL AND n.payment_id IS NULL) THEN
        RAISE EXCEPTION 'an entitlement leaves a payment only for another'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_leaves_for_another';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entitlement_guard AFTER UPDATE ON payments_entitlement REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_entitlement_guard();
"""

# A household head receives for the members: the payment is to the person, or to whom the enrolment is paid.
ENTITLEMENT_JOINS = """
CREATE FUNCTION payments_entitlement_joins() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN payments_payment p ON p.id = n.payment_id JOIN beneficiaries_enrolment e ON e.id = n.enrolment_id
               WHERE p.beneficiary_id <> e.beneficiary_id AND p.beneficiary_id IS DISTINCT FROM e.paid_to_id) THEN
        RAISE EXCEPTION 'an entitlement is carried by a payment to its own person' USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_is_paid_to_its_person';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT n.payment_id FROM new_rows n) joined JOIN payments_payment p ON p.id = joined.payment_id
               WHERE p.status <> 'DRAFT' AND p.id NOT IN (SELECT o.payment_id FROM old_rows o WHERE o.payment_id IS NOT NULL)) THEN
        RAISE EXCEPTION 'an entitlement joins only a payment in draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_joins_a_draft';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entitlement_joins AFTER UPDATE ON payments_entitlement REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_entitlement_joins();
"""

ENTITLEMENT_INSERT = """
CREATE FUNCTION payments_entitlement_insert() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN payments_payment p ON p.id = n.payment_id JOIN beneficiaries_enrolment e ON e.id = n.enrolment_id
               WHERE (p.beneficiary_id <> e.beneficiary_id AND p.beneficiary_id IS DISTINCT FROM e.paid_to_id) OR p.status <> 'DRAFT') THEN
        RAISE EXCEPTION 'an entitlement joins only a draft payment to its own person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_is_paid_to_its_person';
    END IF;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN beneficiaries_enrolment e ON e.id = n.enrolment_id
               WHERE e.moved_to_id IS NOT NULL AND n.month >= e.ended_month AND n.not_payable_reason = '') THEN
        RAISE EXCEPTION 'who moved is paid no further' USING ERRCODE = 'check_violation', CONSTRAINT = 'moved_enrolment_is_paid_no_further';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT cycle_id FROM new_rows) n JOIN payments_cycle c ON c.id = n.cycle_id WHERE c.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'nothing joins a closed cycle' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_stays_as_it_is';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entitlement_insert AFTER INSERT ON payments_entitlement REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_entitlement_insert();
"""

ENTITLEMENT_WITHDRAWAL = """
CREATE FUNCTION payments_entitlement_withdrawal() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE o.decision_id IS DISTINCT FROM n.decision_id
               OR o.withdrawn_in_id IS NOT NULL AND (n.withdrawn_in_id IS DISTINCT FROM o.withdrawn_in_id OR n.payment_id IS DISTINCT FROM o.payment_id)) THEN
        RAISE EXCEPTION 'what was withdrawn stays so' USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_entitlement_stays_so';
    END IF;
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id LEFT JOIN payments_payment p ON p.id = n.payment_id
               WHERE o.withdrawn_in_id IS NULL AND n.withdrawn_in_id IS NOT NULL
                 AND p.id IS NOT NULL AND (p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED') OR p.confirmed_at IS NULL)) THEN
        RAISE EXCEPTION 'only what certainly reached nobody is withdrawn' USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_entitlement_reached_nobody';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entitlement_withdrawal AFTER UPDATE ON payments_entitlement REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_entitlement_withdrawal();
"""

DEDUCTION_GUARD = """
CREATE FUNCTION payments_deduction_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN beneficiaries_decision d ON d.id = n.decision_id JOIN beneficiaries_enrolment e ON e.id = d.enrolment_id
               JOIN payments_payment p ON p.id = n.payment_id
               WHERE d.kind <> 'RECOVER' OR p.status <> 'DRAFT' OR n.amount > d.monthly_ceiling
                  OR (p.beneficiary_id <> e.beneficiary_id AND p.beneficiary_id IS DISTINCT FROM e.paid_to_id)) THEN
        RAISE EXCEPTION 'a recovery takes its instalment from a draft payment to its own person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deduction_rests_on_a_decision_to_recover';
    END IF;
    IF EXISTS (SELECT 1 FROM payments_deduction x JOIN payments_payment p ON p.id = x.payment_id AND p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED')
               JOIN beneficiaries_decision d ON d.id = x.decision_id
               WHERE x.decision_id IN (SELECT decision_id FROM new_rows) GROUP BY d.id HAVING sum(x.amount) > d.amount) THEN
        RAISE EXCEPTION 'no more is recovered than was decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'deductions_stay_below_the_decision';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER deduction_guard AFTER INSERT ON payments_deduction REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_deduction_guard();
"""

# Money paid back at the counter on a decision to recover: with instalments never more than was decided.
RECOVERED_TOO_MUCH = """
CREATE FUNCTION payments_recovered_too_much(decisions bigint[]) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM beneficiaries_decision d WHERE d.id = ANY(decisions) AND d.amount <
            coalesce((SELECT sum(x.amount) FROM payments_deduction x JOIN payments_payment p ON p.id = x.payment_id
                      WHERE x.decision_id = d.id AND p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED')), 0)
            + coalesce((SELECT sum(r.amount) FROM payments_recoveryreceipt r WHERE r.decision_id = d.id), 0))
$$;
"""

RECEIPT_GUARD = """
CREATE FUNCTION payments_receipt_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN beneficiaries_decision d ON d.id = n.decision_id WHERE d.kind <> 'RECOVER') THEN
        RAISE EXCEPTION 'a receipt is about a decision to recover' USING ERRCODE = 'check_violation', CONSTRAINT = 'receipt_rests_on_a_decision_to_recover';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('payments:recoveries'));  -- lists and receipts, one after the other
    IF payments_recovered_too_much(ARRAY(SELECT decision_id FROM new_rows)) THEN
        RAISE EXCEPTION 'no more is recovered than was decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'recovered_at_most_what_was_decided';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER receipt_guard AFTER INSERT ON payments_recoveryreceipt REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_receipt_guard();
"""

DEDUCTION_BESIDE_RECEIPTS = """
CREATE FUNCTION payments_deduction_beside_receipts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('payments:recoveries'));  -- lists and receipts, one after the other
    IF payments_recovered_too_much(ARRAY(SELECT DISTINCT decision_id FROM new_rows)) THEN
        RAISE EXCEPTION 'no more is recovered than was decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'recovered_at_most_what_was_decided';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER deduction_beside_receipts AFTER INSERT ON payments_deduction REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_deduction_beside_receipts();
"""

RECOVERY_GUARD = """
CREATE FUNCTION payments_recovery_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN payments_entitlement e ON e.id = n.entitlement_id JOIN payments_payment p ON p.id = n.payment_id
               WHERE n.withdrawn_at IS NULL
                 AND (n.amount <> e.amount OR e.payment_id IS DISTINCT FROM p.id OR p.status <> 'POSTED' OR e.month <= n.deceased_on)) THEN
        RAISE EXCEPTION 'only what was credited for months after the death is proposed for recovery'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_is_of_money_paid_after_death';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER recovery_guard_insert AFTER INSERT ON payments_recoveryproposal REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_recovery_guard();
CREATE TRIGGER recovery_guard_update AFTER UPDATE ON payments_recoveryproposal REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_recovery_guard();
"""

# A notice that was sent stays sent: it is not queued again.
NOTICE_GUARD = """
CREATE FUNCTION payments_notice_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE (o.payment_id, o.kind) IS DISTINCT FROM (n.payment_id, n.kind) OR (o.status <> 'WAITING' AND n.status <> o.status)) THEN
        RAISE EXCEPTION 'a notice is sent once' USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_is_sent_once';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notice_guard AFTER UPDATE ON payments_notice REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_notice_guard();
"""


class Migration(migrations.Migration):
    replaces = [("payments", "0012_owing_guards")]
    dependencies = [("payments", "0002_guards_of_payments")]
    operations = [
        make(
            ENTITLEMENT_GUARD,
            ENTITLEMENT_JOINS,
            ENTITLEMENT_INSERT,
            ENTITLEMENT_WITHDRAWAL,
            DEDUCTION_GUARD,
            RECOVERED_TOO_MUCH,
            RECEIPT_GUARD,
            DEDUCTION_BESIDE_RECEIPTS,
            RECOVERY_GUARD,
            NOTICE_GUARD,
        ),
    ]
