"""Who signs a report, writes off a difference, closes and reopens a month: the role, the place, the time and the order are the database's to judge (ADR 77).

As with the signatures of lists (payments/0013): a time is not of a day to come and not before what it follows, a delegation holds on the
database's own day.
"""

from django.db import migrations

from staff.migrations._statements import make

HAS_ROLE = """
CREATE FUNCTION reconciliation_has_role(the_person bigint, the_roles text[], the_unit bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM staff_user me JOIN staff_administrativeunit mine ON mine.id = me.unit_id
                   JOIN staff_administrativeunit u ON u.id = the_unit
                   WHERE me.id = the_person AND me.is_active AND me.role = ANY(the_roles) AND starts_with(u.path, mine.path))
$$;
"""

# A report is addressed to the account holder of its unit, else of the nearest unit above, and to whoever stands in for that one by document.
REPORT_SIGNED = """
CREATE FUNCTION reconciliation_report_signed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE holder bigint; counted timestamptz;
BEGIN
    SELECT coalesce((SELECT d.delegator_id FROM staff_delegation d WHERE d.id = NEW.delegation_id), NEW.signed_by_id) INTO holder;
    IF NOT payments_may_sign(NEW.signed_by_id, 'RELEASER', NEW.delegation_id, NEW.unit_id, NEW.signed_at) OR EXISTS (
        SELECT 1 FROM staff_user nearer JOIN staff_administrativeunit theirs ON theirs.id = nearer.unit_id
        JOIN staff_user h ON h.id = holder JOIN staff_administrativeunit own ON own.id = h.unit_id
        JOIN staff_administrativeunit u ON u.id = NEW.unit_id
        WHERE nearer.is_active AND nearer.role = 'RELEASER' AND starts_with(u.path, theirs.path) AND length(theirs.path) > length(own.path)) THEN
        RAISE EXCEPTION 'report % is signed by whom it is addressed to', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_is_signed_by_whom_it_is_addressed_to';
    END IF;
    SELECT s.created_at INTO counted FROM reconciliation_reportsnapshot s WHERE s.id = NEW.snapshot_id;
    IF NEW.signed_at > clock_timestamp() OR NEW.signed_at < greatest(counted, OLD.status_at) THEN
        RAISE EXCEPTION 'report % is signed after it was counted, and now', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_is_signed_at_its_moment';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_signed BEFORE UPDATE ON reconciliation_reportrun FOR EACH ROW
    WHEN (NEW.status = 'SIGNED' AND OLD.status <> 'SIGNED') EXECUTE FUNCTION reconciliation_report_signed();
"""

# I10: who released a payment signs no write-off of it, the second signature is somebody else's than the first, and the first still stands.
STEP_GUARD = """
CREATE OR REPLACE FUNCTION reconciliation_step_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_unit bigint; last_word reconciliation_discrepancystep; found timestamptz;
BEGIN
    IF NEW.kind NOT IN ('PROPOSED', 'DECLINED') AND NOT (NEW.kind = 'RESOLVED' AND NEW.ground = 'WRITTEN_OFF') THEN RETURN NEW; END IF;
    SELECT d.found_at, f.paying_unit_id INTO found, the_unit FROM reconciliation_discrepancy d
    LEFT JOIN reconciliation_statement s ON s.id = d.statement_id LEFT JOIN payments_fundingaccount f ON f.id = s.funding_account_id
    WHERE d.id = NEW.discrepancy_id FOR NO KEY UPDATE OF d;
    IF NOT reconciliation_has_role(
        NEW.made_by_id, CASE WHEN NEW.kind = 'PROPOSED' THEN ARRAY['CHECKER'] ELSE ARRAY['CHECKER', 'RELEASER'] END, the_unit) THEN
        RAISE EXCEPTION 'a write-off is signed by a controller and by a controller or account holder, of its unit or above'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'write_off_is_signed_by_who_may';
    END IF;
    IF NEW.kind <> 'DECLINED' AND EXISTS (
        SELECT 1 FROM reconciliation_discrepancy d JOIN payments_payment p ON p.id = d.payment_id
        JOIN payments_signature s ON s.batch_id = p.batch_id AND s.step = 'RELEASER'
        WHERE d.id = NEW.discrepancy_id AND s.signer_id = NEW.made_by_id) THEN
        RAISE EXCEPTION 'nobody writes off what they released' USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_writes_off_what_they_released';
    END IF;
    SELECT * INTO last_word FROM reconciliation_discrepancystep s
    WHERE s.discrepancy_id = NEW.discrepancy_id AND s.kind IN ('PROPOSED', 'DECLINED', 'RESOLVED', 'REOPENED') ORDER BY s.id DESC LIMIT 1;
    IF NEW.kind = 'RESOLVED' AND (last_word.kind IS DISTINCT FROM 'PROPOSED' OR last_word.made_by_id = NEW.made_by_id) THEN
        RAISE EXCEPTION 'a write-off is signed by two people' USING ERRCODE = 'check_violation', CONSTRAINT = 'write_off_is_signed_by_two_people';
    END IF;
    IF NEW.made_at > clock_timestamp() OR NEW.made_at < greatest(found, last_word.made_at) THEN
        RAISE EXCEPTION 'a write-off is signed after what it follows, and now' USING ERRCODE = 'check_violation', CONSTRAINT = 'write_off_is_of_its_moment';
    END IF;
    RETURN NEW;
END $$;
"""

DISCREPANCY_BEGINS = """
CREATE FUNCTION reconciliation_discrepancy_begins() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a discrepancy begins open' USING ERRCODE = 'check_violation', CONSTRAINT = 'discrepancy_begins_open';
END $$;
CREATE TRIGGER discrepancy_begins BEFORE INSERT ON reconciliation_discrepancy FOR EACH ROW
    WHEN (NEW.status <> 'OPEN' OR NEW.write_off_by_id IS NOT NULL) EXECUTE FUNCTION reconciliation_discrepancy_begins();
"""

# The account is held, so that nobody opens a difference between this look and the end of the transaction.
PERIOD_STEP_GUARD = """
CREATE FUNCTION reconciliation_period_step_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_unit bigint; step_before reconciliation_periodstep; last_day date;
BEGIN
    SELECT f.paying_unit_id INTO the_unit FROM payments_fundingaccount f WHERE f.id = NEW.funding_account_id FOR NO KEY UPDATE;
    IF NOT reconciliation_has_role(NEW.made_by_id, CASE WHEN NEW.kind = 'CLOSED' THEN ARRAY['CHECKER'] ELSE ARRAY['RELEASER'] END, the_unit) THEN
        RAISE EXCEPTION 'a month is closed by a controller and reopened by an account holder, of its unit or above'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'period_step_is_of_who_may';
    END IF;
    SELECT * INTO step_before FROM reconciliation_periodstep s WHERE s.funding_account_id = NEW.funding_account_id AND s.month = NEW.month
    ORDER BY s.ordinal DESC LIMIT 1;
    IF NEW.ordinal <> coalesce(step_before.ordinal, 0) + 1 THEN
        RAISE EXCEPTION 'closing and reopening follow one another' USING ERRCODE = 'check_violation', CONSTRAINT = 'period_steps_follow_one_another';
    END IF;
    IF NEW.made_at > clock_timestamp() OR NEW.made_at < step_before.made_at
       OR NEW.decision_on > (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN
        RAISE EXCEPTION 'a month is closed and reopened after what was before, and now'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'period_step_is_of_its_moment';
    END IF;
    IF NEW.kind = 'REOPENED' THEN
        IF reconciliation_is_closed(NEW.funding_account_id, (NEW.month + interval '1 month')::date) THEN
            RAISE EXCEPTION 'a later month is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'later_month_is_closed';
        END IF;
        RETURN NEW;
    END IF;
    last_day := (NEW.month + interval '1 month')::date - 1;
    IF NOT EXISTS (SELECT 1 FROM reconciliation_statement s WHERE s.funding_account_id = NEW.funding_account_id AND s.closing IS NOT NULL AND s.to_on >= last_day) THEN
        RAISE EXCEPTION 'no statement reaches the last day' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_month_is_covered';
    END IF;
    IF EXISTS (
        SELECT 1 FROM reconciliation_discrepancy d
        LEFT JOIN reconciliation_statement s ON s.id = d.statement_id LEFT JOIN reconciliation_statementline l ON l.id = d.line_id
        LEFT JOIN payments_resultline r ON r.id = d.result_line_id LEFT JOIN payments_resultlist t ON t.id = r.result_list_id
        LEFT JOIN payments_paymentbatch b ON b.id = t.batch_id LEFT JOIN payments_cycle c ON c.id = b.cycle_id
        WHERE d.status = 'OPEN'
          AND ((s.funding_account_id = NEW.funding_account_id AND coalesce(l.booked_on, s.from_on) <= last_day)
               OR (d.funding_account_id = NEW.funding_account_id AND c.month <= NEW.month))
          AND NOT EXISTS (SELECT 1 FROM reconciliation_discrepancystep x WHERE x.discrepancy_id = d.id AND x.kind = 'CARRIED' AND x.due_on = NEW.month
                          AND x.made_at >= coalesce(step_before.made_at, x.made_at))) THEN
        RAISE EXCEPTION 'what is unexplained is carried by name' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_month_is_explained';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER period_step_guard BEFORE INSERT ON reconciliation_periodstep FOR EACH ROW EXECUTE FUNCTION reconciliation_period_step_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0010_a_file_is_known_by_its_bytes"),
        ("payments", "0013_what_signatures_rest_on"),
    ]
    operations = [
        make(HAS_ROLE, REPORT_SIGNED, DISCREPANCY_BEGINS, PERIOD_STEP_GUARD),
        migrations.RunSQL(STEP_GUARD, migrations.RunSQL.noop),
    ]
