"""Why a payment stands as it does is written when it moves, and never apart from that: rules that ask for the cause believed whatever was written later."""

from django.db import migrations

# Row by row, and only for rows whose cause changes alone: on every other update of a payment it costs a comparison.
GUARD = """
CREATE FUNCTION payments_cause_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the cause of a state comes with the state' USING ERRCODE = 'check_violation', CONSTRAINT = 'cause_comes_with_its_move';
END $$;
CREATE TRIGGER payment_cause_guard BEFORE UPDATE OF cause ON payments_payment FOR EACH ROW
    WHEN (NEW.cause IS DISTINCT FROM OLD.cause AND NEW.status = OLD.status) EXECUTE FUNCTION payments_cause_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0047_budget_codes")]
    operations = [
        migrations.RunSQL(
            GUARD, "DROP TRIGGER payment_cause_guard ON payments_payment; DROP FUNCTION payments_cause_guard();"
        )
    ]
