"""A unit stays where it is: who reaches what, whom somebody stands in for and what a freeze holds are told by its path (ADR 75).

A reform makes new units, names the old ones' successors and lets the old ones end; it moves none. Two units that changed their ids would change
places with everything that names them.
"""

from django.db import migrations

from staff.migrations._statements import id_never_changes, make

UNIT_STAYS = """
CREATE FUNCTION staff_unit_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'unit % stays where it is', OLD.code USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_stays_where_it_is';
END $$;
CREATE TRIGGER unit_stays BEFORE UPDATE ON staff_administrativeunit FOR EACH ROW
    WHEN ((OLD.code, OLD.path, OLD.parent_id) IS DISTINCT FROM (NEW.code, NEW.path, NEW.parent_id)) EXECUTE FUNCTION staff_unit_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0006_readings_of_record_papers")]
    operations = [make(UNIT_STAYS, id_never_changes("staff_administrativeunit"))]
