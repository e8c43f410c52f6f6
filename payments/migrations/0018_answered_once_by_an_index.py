"""What is paid once has one answer by an index, not by a trigger that asked for each row.

Planned while the table was empty, the question read the whole table for each of the rows going in: a first month with 27,000 gifts took a minute.
An index also knows what another transaction is about to write. The guard of new entitlements reads each row once again, as since 0010.
And whoever leaves somebody for the next month holds the list, as whoever signs it does: what is being signed meanwhile is waited for.
"""

from django.db import migrations, models

WITHOUT_THE_TRIGGER = """
DROP TRIGGER once_guard ON payments_entitlement;
DROP FUNCTION payments_once_guard();
"""

# Before it is asked who moved, all records are held, by id (0016).
ENTITLEMENT_INSERT = """
CREATE OR REPLACE FUNCTION payments_entitlement_insert() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
DECLARE of_another boolean; of_who_moved boolean;
BEGIN
    PERFORM 1 FROM beneficiaries_enrolment e WHERE e.id IN (SELECT n.enrolment_id FROM new_rows n) ORDER BY e.id FOR KEY SHARE;
    SELECT bool_or((p.beneficiary_id <> e.beneficiary_id AND p.beneficiary_id IS DISTINCT FROM e.paid_to_id) OR p.status <> 'DRAFT'),
           bool_or(e.moved_to_id IS NOT NULL AND n.month >= e.ended_month AND n.not_payable_reason = '')
    INTO of_another, of_who_moved
    FROM new_rows n JOIN beneficiaries_enrolment e ON e.id = n.enrolment_id LEFT JOIN payments_payment p ON p.id = n.payment_id;
    IF of_another THEN
        RAISE EXCEPTION 'an entitlement joins only a draft payment to its own person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_is_paid_to_its_person';
    END IF;
    IF of_who_moved THEN
        RAISE EXCEPTION 'who moved is paid no further' USING ERRCODE = 'check_violation', CONSTRAINT = 'moved_enrolment_is_paid_no_further';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT cycle_id FROM new_rows) n JOIN payments_cycle c ON c.id = n.cycle_id WHERE c.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'nothing joins a closed cycle' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_stays_as_it_is';
    END IF;
    RETURN NULL;
END $$;
"""

ROW_NOTE_GUARD = """
CREATE OR REPLACE FUNCTION payments_row_note_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
    WHERE p.id = NEW.payment_id AND p.status = 'DRAFT' AND b.status = 'DRAFT' FOR SHARE OF b;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a signed list leaves nobody for the next month' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'left_for_the_next_month_from_a_draft';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0017_people_left_for_the_next_month")]
    operations = [
        migrations.AddConstraint(
            model_name="entitlement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "REGULAR"), _negated=True),
                fields=("enrolment",),
                name="paid_once_is_answered_once",
            ),
        ),
        migrations.RunSQL(WITHOUT_THE_TRIGGER + ENTITLEMENT_INSERT + ROW_NOTE_GUARD, migrations.RunSQL.noop),
    ]
