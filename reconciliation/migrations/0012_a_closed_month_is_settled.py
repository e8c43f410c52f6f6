"""A month is closed when its payments came to an end and the months before it are closed: the database's to judge too, as what is unexplained is (ADR 77)."""

from django.db import migrations

# As reconciliation/0011, and: no payment without an end, no earlier month open in which something was booked.
PERIOD_STEP_GUARD = """
CREATE OR REPLACE FUNCTION reconciliation_period_step_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
    IF EXISTS (
        SELECT 1 FROM (
            SELECT DISTINCT date_trunc('month', j.booked_on)::date AS month FROM payments_ledgeraccount a
            JOIN payments_posting o ON o.account_id = a.id JOIN payments_journalentry j ON j.id = o.entry_id
            WHERE a.funding_account_id = NEW.funding_account_id AND j.booked_on < NEW.month
            UNION SELECT date_trunc('month', s.to_on)::date FROM reconciliation_statement s
            WHERE s.funding_account_id = NEW.funding_account_id AND s.to_on < NEW.month) used
        WHERE (SELECT x.kind FROM reconciliation_periodstep x WHERE x.funding_account_id = NEW.funding_account_id AND x.month = used.month
               ORDER BY x.ordinal DESC LIMIT 1) IS DISTINCT FROM 'CLOSED') THEN
        RAISE EXCEPTION 'an earlier month is open' USING ERRCODE = 'check_violation', CONSTRAINT = 'months_are_closed_in_their_order';
    END IF;
    last_day := (NEW.month + interval '1 month')::date - 1;
    IF NOT EXISTS (SELECT 1 FROM reconciliation_statement s WHERE s.funding_account_id = NEW.funding_account_id AND s.closing IS NOT NULL AND s.to_on >= last_day) THEN
        RAISE EXCEPTION 'no statement reaches the last day' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_month_is_covered';
    END IF;
    IF EXISTS (
        SELECT 1 FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN payments_cycle c ON c.id = b.cycle_id
        WHERE b.funding_account_id = NEW.funding_account_id AND c.month <= NEW.month AND p.status IN ('READY', 'SENT', 'PROCESSING')) THEN
        RAISE EXCEPTION 'payments of the month have no end yet' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_month_is_settled';
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0011_who_signs_what_is_settled"),
    ]
    operations = [
        migrations.RunSQL(PERIOD_STEP_GUARD, migrations.RunSQL.noop),
    ]
