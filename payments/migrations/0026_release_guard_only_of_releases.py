"""The guard of releases computes digests of the lists that are released, not of every list at every move of a payment.

The planner was free to join all lists to their signatures first, and so to read every payment ever built, for each two hundred claimed.
"""

from django.db import migrations

RELEASE_GUARD = """
CREATE OR REPLACE FUNCTION payments_release_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
DECLARE released bigint[];
BEGIN
    SELECT array_agg(DISTINCT n.batch_id) INTO released
    FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE o.status = 'DRAFT' AND n.status = 'READY';
    IF released IS NULL THEN RETURN NULL; END IF;
    IF EXISTS (SELECT 1 FROM payments_paymentbatch b
               LEFT JOIN payments_signature s ON s.batch_id = b.id AND s.revision = b.revision AND s.step = 'RELEASER'
               WHERE b.id = ANY(released) AND (b.status <> 'RELEASED' OR s.digest IS DISTINCT FROM payments_list_digest(b.id))) THEN
        RAISE EXCEPTION 'payments are released with their list' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_released_with_its_list';
    END IF;
    RETURN NULL;
END $$;
-- Called by a guard it would inherit its planning without nested loops, and read the accounts of the whole province for one list.
ALTER FUNCTION payments_list_digest(bigint) SET enable_nestloop = on;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0025_ready_by_list")]

    operations = [migrations.RunSQL(RELEASE_GUARD, migrations.RunSQL.noop)]
