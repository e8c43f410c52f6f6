"""Who gave out a look-up code, or ended one, stands in the history: whoever holds a code is told where somebody's money is."""

from django.db import migrations

from staff.migrations._statements import make

# Row by row, and only where a statement names the column: lists and matching write millions of people and no code. Neither a code nor its digest is
# kept. GIVEN: the first one; CHANGED: a new one in its place, or none any more by the person's wish; which of them, the address says.
HISTORY = """
CREATE FUNCTION history_of_beneficiaries_beneficiary() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO staff_historyrow (at, relation, row_id, operation, changes, actor_id, why, request_id, session_role)
    VALUES (clock_timestamp(), 'beneficiaries_beneficiary', NEW.id, 'U',
            jsonb_build_object('lookup_code', jsonb_build_array(
                CASE WHEN OLD.lookup_digest IS NOT NULL THEN 'GIVEN' END,
                CASE WHEN NEW.lookup_digest IS NULL THEN NULL WHEN OLD.lookup_digest IS NULL THEN 'GIVEN' ELSE 'CHANGED' END)),
            nullif(current_setting('ansinh.actor', true), '')::bigint,
            left(coalesce(nullif(current_setting('ansinh.why', true), ''), current_setting('application_name')), 80),
            coalesce(current_setting('ansinh.request', true), ''), session_user);
    RETURN NULL;
END $$;
CREATE TRIGGER history_of_codes AFTER UPDATE OF lookup_digest ON beneficiaries_beneficiary FOR EACH ROW
    WHEN (OLD.lookup_digest IS DISTINCT FROM NEW.lookup_digest) EXECUTE FUNCTION history_of_beneficiaries_beneficiary();
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0009_readings_of_names")]
    operations = [make(HISTORY)]
