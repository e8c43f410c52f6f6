"""Questions, verdicts, look-ups, scores and their sign-off are never edited; a unit signs for its data only after the communes below it."""

from django.db import migrations

APPEND_ONLY = [
    "beneficiaries_identityenquiry",
    "beneficiaries_identityquestion",
    "beneficiaries_enquiryfile",
    "beneficiaries_verdict",
    "beneficiaries_candidatelookup",
    "beneficiaries_qualityscore",
    "beneficiaries_qualitysignoff",
]
SIGN_OFF = """
CREATE FUNCTION beneficiaries_sign_off_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
    RETURN NULL;
END $$;
CREATE TRIGGER sign_off_guard AFTER INSERT ON beneficiaries_qualitysignoff REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION beneficiaries_sign_off_guard();
"""
REVOKE = f"""
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE UPDATE, DELETE ON {", ".join(APPEND_ONLY)} FROM ansinh_app';
    END IF;
END $$;
"""
GUARDS = "\n".join(
    [
        *(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();"
            for table in APPEND_ONLY
        ),
        SIGN_OFF,
        REVOKE,
    ]
)


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0005_verdicts_lookups_and_quality"), ("payments", "0003_guards")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
