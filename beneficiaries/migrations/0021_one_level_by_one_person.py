"""Whoever signed that a commune's data was cleaned does not sign for a unit above it too: the higher signature is a second pair of eyes."""

from django.db import migrations

BEFORE = """
CREATE OR REPLACE FUNCTION beneficiaries_sign_off_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n WHERE NOT EXISTS (
            SELECT 1 FROM beneficiaries_qualityscore q JOIN staff_administrativeunit u ON u.id = q.unit_id
            JOIN staff_administrativeunit s ON s.id = n.unit_id WHERE q.taken_on = n.taken_on AND starts_with(u.path, s.path))) THEN
        RAISE EXCEPTION 'nothing was counted' USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off_is_of_counted_data';
    END IF;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN staff_administrativeunit s ON s.id = n.unit_id
               JOIN beneficiaries_qualityscore q ON q.taken_on = n.taken_on
               JOIN staff_administrativeunit u ON u.id = q.unit_id AND u.id <> s.id AND starts_with(u.path, s.path)
               LEFT JOIN beneficiaries_qualitysignoff o ON o.taken_on = n.taken_on AND o.unit_id = u.id
               WHERE o.id IS NULL) THEN
        RAISE EXCEPTION 'a commune below has not signed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off_goes_from_below';
    END IF;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN staff_administrativeunit s ON s.id = n.unit_id
               JOIN staff_administrativeunit b ON b.id <> s.id AND starts_with(b.path, s.path)
                    AND b.kind IN (SELECT kind FROM beneficiaries_signofflevel)
               WHERE EXISTS (SELECT 1 FROM beneficiaries_qualityscore q JOIN staff_administrativeunit u ON u.id = q.unit_id
                             WHERE q.taken_on = n.taken_on AND starts_with(u.path, b.path))
                 AND NOT EXISTS (SELECT 1 FROM beneficiaries_qualitysignoff o WHERE o.taken_on = n.taken_on AND o.unit_id = b.id)) THEN
        RAISE EXCEPTION 'a level between has not signed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off_goes_level_by_level';
    END IF;
    RETURN NULL;
END $$;
"""
SIGN_OFF_GUARD = """
CREATE OR REPLACE FUNCTION beneficiaries_sign_off_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n WHERE NOT EXISTS (
            SELECT 1 FROM beneficiaries_qualityscore q JOIN staff_administrativeunit u ON u.id = q.unit_id
            JOIN staff_administrativeunit s ON s.id = n.unit_id WHERE q.taken_on = n.taken_on AND starts_with(u.path, s.path))) THEN
        RAISE EXCEPTION 'nothing was counted' USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off_is_of_counted_data';
    END IF;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN staff_administrativeunit s ON s.id = n.unit_id
               JOIN beneficiaries_qualityscore q ON q.taken_on = n.taken_on
               JOIN staff_administrativeunit u ON u.id = q.unit_id AND u.id <> s.id AND starts_with(u.path, s.path)
               LEFT JOIN beneficiaries_qualitysignoff o ON o.taken_on = n.taken_on AND o.unit_id = u.id
               WHERE o.id IS NULL) THEN
        RAISE EXCEPTION 'a commune below has not signed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off_goes_from_below';
    END IF;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN staff_administrativeunit s ON s.id = n.unit_id
               JOIN staff_administrativeunit b ON b.id <> s.id AND starts_with(b.path, s.path)
                    AND b.kind IN (SELECT kind FROM beneficiaries_signofflevel)
               WHERE EXISTS (SELECT 1 FROM beneficiaries_qualityscore q JOIN staff_administrativeunit u ON u.id = q.unit_id
                             WHERE q.taken_on = n.taken_on AND starts_with(u.path, b.path))
                 AND NOT EXISTS (SELECT 1 FROM beneficiaries_qualitysignoff o WHERE o.taken_on = n.taken_on AND o.unit_id = b.id)) THEN
        RAISE EXCEPTION 'a level between has not signed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off_goes_level_by_level';
    END IF;
    -- One of two signatures of one person given at once waits here, and then sees the other.
    PERFORM 1 FROM staff_user WHERE id IN (SELECT signed_by_id FROM new_rows) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN staff_administrativeunit s ON s.id = n.unit_id
               JOIN beneficiaries_qualitysignoff o ON o.taken_on = n.taken_on AND o.signed_by_id = n.signed_by_id AND o.unit_id <> n.unit_id
               JOIN staff_administrativeunit u ON u.id = o.unit_id AND (starts_with(u.path, s.path) OR starts_with(s.path, u.path))) THEN
        RAISE EXCEPTION 'signed for another level' USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off_is_one_level_by_one_person';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0020_a_term_is_of_its_time")]
    operations = [migrations.RunSQL(SIGN_OFF_GUARD, BEFORE)]
