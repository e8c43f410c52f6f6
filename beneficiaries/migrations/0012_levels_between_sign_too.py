"""Which levels between commune and province sign for their data is known to the database, and it holds them to it (ADR 76).

`migrate` writes the kinds the setting `SIGN_OFF_BETWEEN` names, as the owner of the schema; the application only reads them.
"""

from django.db import migrations, models

from staff.migrations._statements import make, revoke

# A unit signs only after the communes below it, and after every unit between of a kind named, where it has data of the day below it.
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
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0011_decisions_name_their_signer")]
    operations = [
        migrations.CreateModel(
            name="SignOffLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(help_text="of `AdministrativeUnit.Kind`", max_length=10, unique=True)),
            ],
        ),
        make(revoke("INSERT, UPDATE, DELETE", "beneficiaries_signofflevel"), SIGN_OFF_GUARD),
    ]
