"""What is paid once has one answer, and nobody is granted it for a month that is closed: that month would never pay them, and no other does.

Whoever closes a month sees what others committed: a snapshot from before would close it over somebody who was granted something meanwhile.
"""

from django.db import migrations

from staff.migrations._statements import make

# Inserting holds the month, as closing does. A decision about a record that stands already holds that record, and takes no month after it (ADR 71).
GUARDS = """
CREATE OR REPLACE FUNCTION payments_cycle_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR (NEW.month, NEW.opening, NEW.built_at) IS DISTINCT FROM (OLD.month, OLD.opening, OLD.built_at) THEN
        RAISE EXCEPTION 'a closed cycle stays closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_stays_as_it_is';
    END IF;
    IF NEW.listed_on <> OLD.listed_on THEN
        RAISE EXCEPTION 'lists stay of the day they were made on' USING ERRCODE = 'check_violation', CONSTRAINT = 'cycle_keeps_the_day_of_its_lists';
    END IF;
    IF NEW.closed_at IS NOT NULL AND current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'who was granted it meanwhile is seen' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_answered_everybody';
    END IF;
    IF NEW.closed_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM payments_paymentbatch b LEFT JOIN payments_payment p ON p.batch_id = b.id AND p.status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING')
        WHERE b.cycle_id = NEW.id AND b.status <> 'CANCELLED' AND (p.id IS NOT NULL OR b.status NOT IN ('RELEASED', 'CLOSED'))) THEN
        RAISE EXCEPTION 'a cycle is closed when every payment is final' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_is_final';
    END IF;
    IF NEW.closed_at IS NOT NULL AND NOT NEW.opening AND EXISTS (
        SELECT 1 FROM beneficiaries_enrolment e JOIN beneficiaries_programme g ON g.id = e.programme_id AND g.kind <> 'REGULAR'
        WHERE e.starts_month = NEW.month AND coalesce(e.ended_month > NEW.month, true) AND e.suspended_month IS NULL
          AND NOT EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = e.id)) THEN
        RAISE EXCEPTION 'somebody granted it once has no answer' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_answered_everybody';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION payments_once_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = NEW.enrolment_id) THEN
        RAISE EXCEPTION 'what is paid once is answered once' USING ERRCODE = 'unique_violation', CONSTRAINT = 'paid_once_is_answered_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER once_guard BEFORE INSERT ON payments_entitlement FOR EACH ROW
    WHEN (NEW.kind <> 'REGULAR') EXECUTE FUNCTION payments_once_guard();
CREATE FUNCTION payments_closed_month_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM beneficiaries_programme g WHERE g.id = NEW.programme_id AND g.kind <> 'REGULAR') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM payments_cycle c WHERE c.month = NEW.starts_month AND NOT c.opening FOR SHARE;
    END IF;
    IF EXISTS (SELECT 1 FROM payments_cycle c WHERE c.month = NEW.starts_month AND NOT c.opening AND c.closed_at IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = NEW.id) THEN
        RAISE EXCEPTION 'a closed month takes nobody' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_month_takes_nobody';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_month_guard_insert BEFORE INSERT ON beneficiaries_enrolment FOR EACH ROW
    WHEN (NEW.ended_month = (NEW.starts_month + interval '1 month')::date AND NEW.suspended_month IS NULL)
    EXECUTE FUNCTION payments_closed_month_guard();
CREATE TRIGGER closed_month_guard_update BEFORE UPDATE OF starts_month, ended_month, suspended_month ON beneficiaries_enrolment FOR EACH ROW
    WHEN (NEW.ended_month = (NEW.starts_month + interval '1 month')::date AND NEW.suspended_month IS NULL
          AND (OLD.starts_month, OLD.ended_month, OLD.suspended_month) IS DISTINCT FROM (NEW.starts_month, NEW.ended_month, NEW.suspended_month))
    EXECUTE FUNCTION payments_closed_month_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0014_gift_lists_as_seen")]
    operations = [make(GUARDS)]
