"""An entitlement goes from one payment straight to the next: by way of none, it would be forgotten which payment follows which (ADR 30)."""

from django.db import migrations

ENTITLEMENT_GUARD = """
CREATE OR REPLACE FUNCTION payments_entitlement_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0035_fewer_indexes")]
    operations = [migrations.RunSQL(ENTITLEMENT_GUARD, migrations.RunSQL.noop)]
