"""Whoever joins a list holds it: one that is being cancelled, or signed, at the same time waits, and then sees who is on it.

A foreign key's lock does not do that: it holds only against another id. Under a snapshot taken before, neither would see the other's work.
"""

from django.db import migrations

GUARDS = """
CREATE OR REPLACE FUNCTION payments_payment_guard_insert() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM payments_paymentbatch b WHERE b.id IN (SELECT n.batch_id FROM new_rows n) ORDER BY b.id FOR SHARE;
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT batch_id, status FROM new_rows) n JOIN payments_paymentbatch b ON b.id = n.batch_id
               WHERE n.status <> 'DRAFT' OR b.status <> 'DRAFT') THEN
        RAISE EXCEPTION 'payments are added only to a list in draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_list_is_a_ceiling';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION payments_cancelled_list_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'who joined a list meanwhile is seen' USING ERRCODE = 'check_violation', CONSTRAINT = 'cancelled_list_is_empty';
    END IF;
    IF EXISTS (SELECT 1 FROM payments_payment p WHERE p.batch_id = NEW.id AND p.status <> 'CANCELLED') THEN
        RAISE EXCEPTION 'a list with people on it is not cancelled' USING ERRCODE = 'check_violation', CONSTRAINT = 'cancelled_list_is_empty';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_only_empty_lists_are_cancelled")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
