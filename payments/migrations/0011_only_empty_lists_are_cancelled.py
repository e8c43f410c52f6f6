"""A list is cancelled when nobody is left on it: a cancelled one waits for no signature, and whoever were on it would be paid by none."""

from django.db import migrations

from staff.migrations._statements import make

GUARD = """
CREATE FUNCTION payments_cancelled_list_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_payment p WHERE p.batch_id = NEW.id AND p.status <> 'CANCELLED') THEN
        RAISE EXCEPTION 'a list with people on it is not cancelled' USING ERRCODE = 'check_violation', CONSTRAINT = 'cancelled_list_is_empty';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cancelled_list_guard BEFORE UPDATE OF status ON payments_paymentbatch FOR EACH ROW
    WHEN (NEW.status = 'CANCELLED' AND OLD.status <> 'CANCELLED') EXECUTE FUNCTION payments_cancelled_list_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_guards_in_their_time")]
    operations = [make(GUARD)]
