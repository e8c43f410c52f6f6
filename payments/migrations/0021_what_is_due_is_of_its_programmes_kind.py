"""What is due is of the kind of its programme: paid once, each month or for a funeral; and a programme keeps its kind.

The kind decides what is answered once (`paid_once_is_answered_once`), carried over and closed with its month: a gift entered as a monthly right
would have been owed again each month, and a monthly right as a gift never.
"""

from django.db import migrations

# The records are read once for all questions, the programmes are a handful: it costs one more look-up a row.
ENTITLEMENT_INSERT = """
CREATE OR REPLACE FUNCTION payments_entitlement_insert() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
DECLARE of_another boolean; of_who_moved boolean; of_another_kind boolean;
BEGIN
    PERFORM 1 FROM beneficiaries_enrolment e WHERE e.id IN (SELECT n.enrolment_id FROM new_rows n) ORDER BY e.id FOR KEY SHARE;
    SELECT bool_or((p.beneficiary_id <> e.beneficiary_id AND p.beneficiary_id IS DISTINCT FROM e.paid_to_id) OR p.status <> 'DRAFT'),
           bool_or(e.moved_to_id IS NOT NULL AND n.month >= e.ended_month AND n.not_payable_reason = ''),
           bool_or(n.kind <> g.kind OR n.programme_id <> e.programme_id)
    INTO of_another, of_who_moved, of_another_kind
    FROM new_rows n JOIN beneficiaries_enrolment e ON e.id = n.enrolment_id JOIN beneficiaries_programme g ON g.id = n.programme_id
    LEFT JOIN payments_payment p ON p.id = n.payment_id;
    IF of_another THEN
        RAISE EXCEPTION 'an entitlement joins only a draft payment to its own person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_is_paid_to_its_person';
    END IF;
    IF of_who_moved THEN
        RAISE EXCEPTION 'who moved is paid no further' USING ERRCODE = 'check_violation', CONSTRAINT = 'moved_enrolment_is_paid_no_further';
    END IF;
    IF of_another_kind THEN
        RAISE EXCEPTION 'what is due is of the programme of its record, and of its kind'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_is_of_its_programmes_kind';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT cycle_id FROM new_rows) n JOIN payments_cycle c ON c.id = n.cycle_id WHERE c.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'nothing joins a closed cycle' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_stays_as_it_is';
    END IF;
    RETURN NULL;
END $$;
"""

PROGRAMME_GUARD = """
CREATE FUNCTION payments_programme_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a programme keeps its kind' USING ERRCODE = 'check_violation', CONSTRAINT = 'programme_keeps_its_kind';
END $$;
CREATE TRIGGER programme_guard BEFORE UPDATE OF kind ON beneficiaries_programme FOR EACH ROW
    WHEN (NEW.kind <> OLD.kind) EXECUTE FUNCTION payments_programme_guard();
"""

# Which programme a row is of was not among what is never edited.
ENTITLEMENT_GUARD = """
CREATE FUNCTION payments_entitlement_programme_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'an entitlement is corrected by a new row' USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_is_never_edited';
END $$;
CREATE TRIGGER entitlement_programme_guard BEFORE UPDATE OF programme_id ON payments_entitlement FOR EACH ROW
    WHEN (NEW.programme_id <> OLD.programme_id) EXECUTE FUNCTION payments_entitlement_programme_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0020_lists_are_held_and_frozen_ones_wait")]
    operations = [
        migrations.RunSQL(ENTITLEMENT_INSERT, migrations.RunSQL.noop),
        migrations.RunSQL(
            PROGRAMME_GUARD,
            "DROP TRIGGER programme_guard ON beneficiaries_programme; DROP FUNCTION payments_programme_guard();",
        ),
        migrations.RunSQL(
            ENTITLEMENT_GUARD,
            "DROP TRIGGER entitlement_programme_guard ON payments_entitlement; "
            "DROP FUNCTION payments_entitlement_programme_guard();",
        ),
    ]
