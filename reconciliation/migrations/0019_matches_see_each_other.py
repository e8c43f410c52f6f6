"""The guard of matches adds up what others committed meanwhile: under an older snapshot it would not see it, and a line would be explained twice."""

from django.db import migrations

GUARD = """
CREATE FUNCTION reconciliation_sees_others() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'matches are written where their guard sees those of others' USING ERRCODE = 'check_violation', CONSTRAINT = 'matches_see_each_other';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sees_others BEFORE INSERT ON reconciliation_statementmatch FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_sees_others();
"""


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0018_guards_instead_of_row_checks")]
    operations = [
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER sees_others ON reconciliation_statementmatch; DROP FUNCTION reconciliation_sees_others();",
        )
    ]
