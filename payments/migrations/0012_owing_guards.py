"""What the database refuses about what is owed: paying a month in two communes, recovering too much, reviving what was withdrawn."""

from importlib import import_module

from django.db import migrations

guards = import_module("payments.migrations.0003_guards")

# A household head receives for the members: the payment is to the person, or to whom the enrolment is paid.
CARRIERS = """
CREATE OR REPLACE FUNCTION payments_entitlement_joins() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
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
CREATE OR REPLACE FUNCTION payments_entitlement_insert() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
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
"""

WITHDRAWAL = """
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

DEDUCTIONS = """
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

# Moving: the new commune starts with the month after the last one paid, the old one has given nothing for it.
MOVES = """
CREATE FUNCTION beneficiaries_transfer_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = NEW.enrolment_id AND t.month > NEW.last_month
               AND t.not_payable_reason = '' AND t.withdrawn_in_id IS NULL) THEN
        RAISE EXCEPTION 'the old commune gave more months than it says' USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_names_the_last_month_given';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER transfer_guard AFTER INSERT ON beneficiaries_decision FOR EACH ROW WHEN (NEW.kind = 'TRANSFER_OUT')
    EXECUTE FUNCTION beneficiaries_transfer_guard();

CREATE FUNCTION beneficiaries_continues_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM beneficiaries_enrolment o WHERE o.id = NEW.continues_id AND o.moved_to_id = NEW.unit_id AND o.ended_month = NEW.starts_month
                   AND o.programme_id = NEW.programme_id AND o.beneficiary_id = NEW.beneficiary_id) THEN
        RAISE EXCEPTION 'the new commune goes on where the old one stopped' USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_leaves_no_gap_and_no_overlap';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER continues_guard AFTER INSERT OR UPDATE ON beneficiaries_enrolment FOR EACH ROW WHEN (NEW.continues_id IS NOT NULL)
    EXECUTE FUNCTION beneficiaries_continues_guard();
CREATE FUNCTION beneficiaries_continued_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM beneficiaries_enrolment after WHERE after.continues_id = NEW.id) THEN
        RAISE EXCEPTION 'another commune already goes on with it' USING ERRCODE = 'check_violation', CONSTRAINT = 'continued_enrolment_stays_ended';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER continued_guard AFTER UPDATE ON beneficiaries_enrolment FOR EACH ROW
    WHEN ((OLD.ended_month, OLD.moved_to_id, OLD.beneficiary_id, OLD.programme_id) IS DISTINCT FROM
          (NEW.ended_month, NEW.moved_to_id, NEW.beneficiary_id, NEW.programme_id) AND OLD.moved_to_id IS NOT NULL)
    EXECUTE FUNCTION beneficiaries_continued_guard();
"""

CLOSING = """
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
CREATE FUNCTION payments_closed_cycle_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_cycle c WHERE c.id = NEW.cycle_id AND c.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'nothing joins a closed cycle' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_stays_as_it_is';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_cycle_guard BEFORE INSERT ON payments_paymentbatch FOR EACH ROW EXECUTE FUNCTION payments_closed_cycle_guard();
"""
APPEND_ONLY = ["payments_entitlementpart", "payments_deduction", "beneficiaries_decisionpaper"]

GUARDS = "\n".join(
    [
        CARRIERS,
        WITHDRAWAL,
        DEDUCTIONS,
        MOVES,
        CLOSING,
        *(guards.refuse(table, what="UPDATE OR DELETE", name="append_only") for table in APPEND_ONLY),
        guards.revoke(APPEND_ONLY, "UPDATE, DELETE"),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_owing"), ("beneficiaries", "0012_decisions")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
