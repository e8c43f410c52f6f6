"""A commune officer looks after communes: the open work of a whole district or province is no assignment of theirs, whoever writes the row."""

from django.db import migrations

from staff.migrations._statements import make

COMMUNES_ALONE = """
CREATE FUNCTION staff_communes_alone() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM staff_user o, staff_administrativeunit u
               WHERE o.id = NEW.officer_id AND o.role = 'COMMUNE_OFFICER' AND u.id = NEW.unit_id AND u.kind <> 'COMMUNE') THEN
        RAISE EXCEPTION 'a commune officer looks after communes alone' USING ERRCODE = 'check_violation', CONSTRAINT = 'officers_look_after_communes_alone';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER communes_alone BEFORE INSERT ON staff_assignment FOR EACH ROW EXECUTE FUNCTION staff_communes_alone();
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0018_moved_to_another_province"), ("staff", "0008_what_inspectors_open")]
    operations = [make(COMMUNES_ALONE)]
