"""Name and number of a person change by a correction or the civil registry's word only, and the paper of a correction is kept (ADR 46).

A payee's end that lies ahead may come nearer; a resident somebody may not be says nothing about whether they live (ADR 55).
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from staff.migrations._statements import append_only, make

# Birth and sex change by the newest correction in force; a name also by a civil change of name told under a number of theirs, a number by a
# re-issue told under one; both go back to what stood before when the registry takes its word back.
PERSON = """
CREATE OR REPLACE FUNCTION beneficiaries_person_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    c beneficiaries_correction;
    s beneficiaries_lifestatus;
BEGIN
    SELECT * INTO c FROM beneficiaries_correction WHERE beneficiary_id = NEW.id AND status = 'IN_FORCE' ORDER BY id DESC LIMIT 1;
    SELECT * INTO s FROM beneficiaries_lifestatus WHERE beneficiary_id = NEW.id;
    IF (OLD.birth_year, OLD.birth_date, OLD.sex) IS DISTINCT FROM (NEW.birth_year, NEW.birth_date, NEW.sex)
       AND (coalesce(nullif(c.sex_after, ''), c.sex_before), coalesce(c.birth_year_after, c.birth_year_before),
            CASE WHEN c.birth_year_after IS NULL THEN c.birth_date_before ELSE c.birth_date_after END)
           IS DISTINCT FROM (NEW.sex, NEW.birth_year, NEW.birth_date) THEN
        RAISE EXCEPTION 'birth and sex of a person change by a correction' USING ERRCODE = 'check_violation', CONSTRAINT = 'person_changes_by_correction';
    END IF;
    IF NEW.full_name IS DISTINCT FROM OLD.full_name AND c.full_name_after IS DISTINCT FROM NEW.full_name
       AND s.name_before IS DISTINCT FROM NEW.full_name
       AND NOT EXISTS (SELECT 1 FROM beneficiaries_lifeevent e WHERE e.kind = 'NAME' AND e.new_name = NEW.full_name
                       AND e.number_id IN (SELECT beneficiaries_numbers_of(OLD.number_id, OLD.identity_id, s.number_before_id))) THEN
        RAISE EXCEPTION 'a name changes by a correction or the civil registry' USING ERRCODE = 'check_violation', CONSTRAINT = 'name_changes_by_paper';
    END IF;
    IF NEW.number_id IS DISTINCT FROM OLD.number_id
       AND NOT coalesce(c.number_after_id = NEW.number_id OR c.number_removed AND NEW.number_id IS NULL, false)
       AND (s.number_before_id IS NULL OR s.number_before_id IS DISTINCT FROM NEW.number_id)
       AND NOT EXISTS (SELECT 1 FROM beneficiaries_lifeevent e WHERE e.kind = 'NUMBER' AND e.new_number_id = NEW.number_id
                       AND e.number_id IN (SELECT beneficiaries_numbers_of(OLD.number_id, OLD.identity_id, s.number_before_id))) THEN
        RAISE EXCEPTION 'a number changes by a correction or the civil registry' USING ERRCODE = 'check_violation', CONSTRAINT = 'number_changes_by_paper';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER person_guard ON beneficiaries_beneficiary;
CREATE TRIGGER person_guard BEFORE UPDATE ON beneficiaries_beneficiary FOR EACH ROW
    WHEN ((OLD.birth_year, OLD.birth_date, OLD.sex, OLD.full_name, OLD.number_id)
          IS DISTINCT FROM (NEW.birth_year, NEW.birth_date, NEW.sex, NEW.full_name, NEW.number_id))
    EXECUTE FUNCTION beneficiaries_person_guard();
"""
# The number of a list, of the resident, and those the registry changed them into, however often.
NUMBERS = """
CREATE FUNCTION beneficiaries_numbers_of(listed bigint, resident bigint, former bigint) RETURNS SETOF bigint LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    WITH RECURSIVE own (number_id) AS (
        SELECT n FROM unnest(ARRAY[listed, former, (SELECT r.number_id FROM beneficiaries_identityrecord r WHERE r.id = resident)]) n WHERE n IS NOT NULL
        UNION
        SELECT e.new_number_id FROM beneficiaries_lifeevent e JOIN own ON e.number_id = own.number_id WHERE e.kind = 'NUMBER' AND e.new_number_id IS NOT NULL
    )
    SELECT number_id FROM own
$$;
"""
# A relation is ended once; an end that lies ahead may only come nearer: who replaces or dies meanwhile ends it sooner.
PAYEES = """
CREATE OR REPLACE FUNCTION beneficiaries_payee_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.ended_on IS NOT NULL AND (NEW.ended_on IS NULL OR NEW.ended_on >= OLD.ended_on))
       OR (to_jsonb(NEW) - ARRAY['ended_on', 'end_reason', 'ended_by_id']) <> (to_jsonb(OLD) - ARRAY['ended_on', 'end_reason', 'ended_by_id']) THEN
        RAISE EXCEPTION 'a payee relation is ended, never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'payee_relation_is_never_edited';
    END IF;
    RETURN NEW;
END $$;
"""
# What the events say stands above the extract; an extract that still repeats a withdrawn death is not believed, nor is that of a resident the
# person may not be.
LIFE = """
CREATE OR REPLACE VIEW beneficiaries_life AS
SELECT b.id AS beneficiary_id,
       coalesce(s.deceased_on, CASE WHEN b.identity_status <> 'CONFLICT' AND (s.not_deceased_on IS NULL OR r.deceased_on <> s.not_deceased_on)
                                    THEN r.deceased_on END) AS deceased_on,
       s.notice_on
FROM beneficiaries_beneficiary b
LEFT JOIN beneficiaries_identityrecord r ON r.id = b.identity_id
LEFT JOIN beneficiaries_lifestatus s ON s.beneficiary_id = b.id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0004_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="CorrectionScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_type", models.CharField(max_length=20)),
                ("sealed", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                (
                    "correction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scan",
                        to="beneficiaries.correction",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        make(NUMBERS, PERSON, PAYEES, LIFE, append_only("beneficiaries_correctionscan")),
    ]
