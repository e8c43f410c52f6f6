"""The guard of what replaces other payments costs one index probe per order that sets out.

Joined with the rows as they were, the planner compared every order with every other: a file of 24,000 took fifteen times as long as one of 6,000.
"""

from django.db import migrations

SUCCESSION = """
CREATE OR REPLACE FUNCTION payments_succession_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE leaving bigint[]; doubted bigint[];
BEGIN
    leaving := ARRAY(SELECT id FROM new_rows WHERE (status, cause) IN (('SENT', 'CLAIM'), ('PROCESSING', 'HANDED_OVER')));
    IF cardinality(leaving) = 0 THEN RETURN NULL; END IF;
    doubted := ARRAY(SELECT DISTINCT s.successor_id FROM unnest(leaving) AS x (id) JOIN payments_succession s ON s.successor_id = x.id
                     JOIN payments_payment p ON p.id = s.predecessor_id
                     WHERE p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED') OR p.confirmed_at IS NULL);
    IF cardinality(doubted) = 0 THEN RETURN NULL; END IF;
    IF EXISTS (SELECT 1 FROM old_rows o WHERE o.status = 'READY' AND o.id = ANY(doubted)) THEN
        RAISE EXCEPTION 'a payment sets out only while what it replaces is confirmed to have left nothing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'successor_waits_for_what_it_replaces';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0036_money_keeps_its_trail")]
    operations = [migrations.RunSQL(SUCCESSION, migrations.RunSQL.noop)]
