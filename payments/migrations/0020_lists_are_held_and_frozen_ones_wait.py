"""Whoever takes somebody off a draft holds its list, as whoever signs it does; and a frozen list is not released.

Whether a list was in draft was read as it was seen, not as it is: by SQL, or in a snapshot from before, somebody was stopped without a slip while
the list was being signed. The payments are held already then, and lists come before payments (ADR 71): so it is not waited for the list, it is refused.
"""

from django.db import migrations

# Not in a snapshot from before: a freeze, or a slip, committed since would not be seen.
LEAVING_GUARD = """
CREATE OR REPLACE FUNCTION payments_leaving_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
DECLARE without_slip bigint[]; in_draft boolean;
BEGIN
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE o.status <> n.status AND n.cause IN ('CLAIM', 'HANDED_OVER')) THEN
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE EXCEPTION 'whoever suspended payment meanwhile is seen' USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_leaves_while_frozen';
        END IF;
        PERFORM pg_advisory_xact_lock_shared(1970001);
        IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id JOIN payments_frozenlist z ON z.batch_id = n.batch_id
                   WHERE o.status <> n.status AND n.cause IN ('CLAIM', 'HANDED_OVER')) THEN
            RAISE EXCEPTION 'nothing leaves while payment is suspended' USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_leaves_while_frozen';
        END IF;
        IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id JOIN payments_removalslip s ON s.payment_id = n.id AND s.refused_at IS NULL
                   WHERE o.status <> n.status AND n.cause IN ('CLAIM', 'HANDED_OVER')) THEN
            RAISE EXCEPTION 'who is on a slip is not paid' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_on_a_slip_stays';
        END IF;
    END IF;
    SELECT array_agg(DISTINCT n.batch_id) INTO without_slip
    FROM old_rows o JOIN new_rows n ON n.id = o.id
    LEFT JOIN (SELECT s.payment_id, s.ground <> 'REQUESTED' OR count(g.id) = 2 AS done
               FROM payments_removalslip s LEFT JOIN payments_slipsignature g ON g.slip_id = s.id
               WHERE s.refused_at IS NULL AND s.payment_id IN (SELECT id FROM new_rows) GROUP BY s.id) slip ON slip.payment_id = n.id
    WHERE o.status <> n.status AND n.cause = 'STOP' AND slip.done IS NOT TRUE;
    IF without_slip IS NOT NULL THEN
        BEGIN
            SELECT bool_and(held.status = 'DRAFT') INTO in_draft
            FROM (SELECT b.status FROM payments_paymentbatch b WHERE b.id = ANY(without_slip) ORDER BY b.id FOR SHARE NOWAIT) held;
        EXCEPTION WHEN lock_not_available OR serialization_failure THEN
            RAISE EXCEPTION 'nobody is taken off a list while it is being signed'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_list_less_its_slips';
        END;
        IF NOT in_draft THEN
            RAISE EXCEPTION 'nobody is taken off a signed list without a signed slip'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_list_less_its_slips';
        END IF;
    END IF;
    RETURN NULL;
END $$;
"""

# As whoever sends does: who switches the freeze on waits for the release under way, who releases for the freeze.
FROZEN_LIST_GUARD = """
CREATE FUNCTION payments_frozen_list_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'whoever suspended payment meanwhile is seen' USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_is_released_while_frozen';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(1970001);
    IF EXISTS (SELECT 1 FROM payments_frozenlist z WHERE z.batch_id = NEW.id) THEN
        RAISE EXCEPTION 'nothing is released while payment is suspended' USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_is_released_while_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen_list_guard BEFORE UPDATE OF status ON payments_paymentbatch FOR EACH ROW
    WHEN (NEW.status = 'RELEASED' AND OLD.status <> 'RELEASED') EXECUTE FUNCTION payments_frozen_list_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0019_an_alarm_of_freezes")]
    operations = [
        migrations.RunSQL(LEAVING_GUARD, migrations.RunSQL.noop),
        migrations.RunSQL(
            FROZEN_LIST_GUARD,
            "DROP TRIGGER frozen_list_guard ON payments_paymentbatch; DROP FUNCTION payments_frozen_list_guard();",
        ),
    ]
