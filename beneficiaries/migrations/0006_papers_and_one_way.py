"""A correction and a doubted death are settled by a paper; a funeral file goes one way (ADR 65). An account of a payee says in whose name it came (ADR 64)."""

from django.db import migrations, models

from staff.migrations._statements import make

# What was proposed stays as proposed; it is in force once its paper is there, or whoever confirms says which original was seen.
CORRECTION = """
CREATE OR REPLACE FUNCTION beneficiaries_correction_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM new_rows n WHERE n.status <> 'PROPOSED') THEN
            RAISE EXCEPTION 'a correction begins proposed' USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_begins_proposed';
        END IF;
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE o.status <> 'PROPOSED'
                  OR to_jsonb(n) - ARRAY['status', 'decided_by_id', 'decided_at', 'note'] <> to_jsonb(o) - ARRAY['status', 'decided_by_id', 'decided_at', 'note']) THEN
        RAISE EXCEPTION 'a correction is decided once, never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_is_decided_once';
    END IF;
    IF EXISTS (SELECT 1 FROM new_rows n WHERE n.status = 'IN_FORCE' AND n.note = ''
               AND NOT EXISTS (SELECT 1 FROM beneficiaries_correctionscan s WHERE s.correction_id = n.id)) THEN
        RAISE EXCEPTION 'a correction rests on a scan or an original somebody saw' USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_in_force_has_its_paper';
    END IF;
    RETURN NULL;
END $$;
"""
# Whether somebody lives is not settled by a word: it names a paper. By row, and of rows that end such a case only.
DOUBTED_DEATH = """
CREATE FUNCTION beneficiaries_doubted_death_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a doubted death is settled by a paper' USING ERRCODE = 'check_violation', CONSTRAINT = 'doubted_death_is_settled_by_paper';
END $$;
CREATE TRIGGER doubted_death_guard BEFORE UPDATE ON beneficiaries_case FOR EACH ROW
    WHEN (NEW.reason = 'DEATH_IN_DOUBT' AND NEW.status IN ('SOLVED', 'REJECTED') AND OLD.status <> NEW.status AND NEW.document = '')
    EXECUTE FUNCTION beneficiaries_doubted_death_guard();
"""
# A file that ended goes on only where the death was taken back and registered again; one under way is not unreceived.
FUNERAL = """
CREATE FUNCTION beneficiaries_funeral_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE last beneficiaries_funeralfilestep;
BEGIN
    PERFORM 1 FROM beneficiaries_funeralfile WHERE id = NEW.file_id FOR NO KEY UPDATE;
    SELECT * INTO last FROM beneficiaries_funeralfilestep WHERE file_id = NEW.file_id AND id < NEW.id ORDER BY id DESC LIMIT 1;
    IF last.status = 'SETTLED'
       OR (last.status = 'STOPPED' AND NEW.status <> 'NOT_RECEIVED')
       OR (last.status = 'REFUSED' AND NEW.status NOT IN ('IN_PROGRESS', 'SUPPLEMENT'))
       OR (last.status IN ('IN_PROGRESS', 'SUPPLEMENT') AND NEW.status = 'NOT_RECEIVED') THEN
        RAISE EXCEPTION 'a funeral file may not move % -> %', last.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'funeral_file_goes_one_way';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER funeral_guard AFTER INSERT ON beneficiaries_funeralfilestep FOR EACH ROW EXECUTE FUNCTION beneficiaries_funeral_guard();
"""
# No more is recovered than was paid: what our payments credited, and for months before our first one at most as much each as the most we owed for
# one; less what earlier decisions recover. Of an enrolment we never listed nobody here knows what was paid.
RECOVERY = """
CREATE FUNCTION beneficiaries_recovery_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE bound numeric;
BEGIN
    PERFORM 1 FROM beneficiaries_enrolment WHERE id = NEW.enrolment_id FOR NO KEY UPDATE;
    WITH RECURSIVE chain (id) AS (
        SELECT NEW.enrolment_id
        UNION SELECT e.continues_id FROM beneficiaries_enrolment e JOIN chain c ON e.id = c.id WHERE e.continues_id IS NOT NULL
    ), ours AS (
        SELECT min(t.month) AS since, max(t.amount) AS most, coalesce(sum(t.amount) FILTER (WHERE p.status = 'POSTED'), 0) AS paid
        FROM payments_entitlement t JOIN chain c ON c.id = t.enrolment_id LEFT JOIN payments_payment p ON p.id = t.payment_id
    ), began AS (
        SELECT min(e.starts_month) AS month FROM beneficiaries_enrolment e JOIN chain c ON c.id = e.id
    )
    SELECT o.paid + o.most * greatest(0, (extract(year FROM o.since) - extract(year FROM b.month)) * 12 + extract(month FROM o.since) - extract(month FROM b.month))
           - (SELECT coalesce(sum(d.amount), 0) FROM beneficiaries_decision d JOIN chain c ON c.id = d.enrolment_id WHERE d.kind = 'RECOVER' AND d.id <> NEW.id)
    INTO bound FROM ours o, began b WHERE o.since IS NOT NULL;
    IF NEW.amount > bound THEN
        RAISE EXCEPTION 'no more is recovered than was paid' USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_is_at_most_what_was_paid';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER recovery_guard AFTER INSERT ON beneficiaries_decision FOR EACH ROW WHEN (NEW.kind = 'RECOVER')
    EXECUTE FUNCTION beneficiaries_recovery_guard();
"""
# Accounts of payees that came from wards' lists before their holder was kept: in the name the list gave, where no paper named another since.
HOLDERS = """
UPDATE beneficiaries_bankaccount a SET holder_name = e.payee_name
FROM beneficiaries_enrolment e
WHERE e.beneficiary_id = a.beneficiary_id AND e.payee_kind = a.holder_kind AND e.payee_name <> '' AND a.holder_kind <> 'OWN' AND a.holder_name = ''
  AND a.source = 'REGISTRY'
  AND NOT EXISTS (SELECT 1 FROM beneficiaries_payeerelation r WHERE r.beneficiary_id = a.beneficiary_id AND r.kind = a.holder_kind);
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0005_records_change_by_paper")]
    operations = [
        migrations.AlterField(
            model_name="correction",
            name="note",
            field=models.CharField(
                blank=True,
                default="",
                help_text="why it was refused or withdrawn; which original was seen",
                max_length=300,
            ),
        ),
        make(CORRECTION, DOUBTED_DEATH, FUNERAL, RECOVERY),
        migrations.RunSQL(HOLDERS, migrations.RunSQL.noop),
    ]
