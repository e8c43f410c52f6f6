"""Who drew an audit sample judges none of its pairs; keys of names are those of normaliser 3; a holder nobody can be certain of has no name."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from beneficiaries.services.identity.rebuild_keys import rebuild_keys
from staff.migrations._statements import make

# A key of an older normaliser hides the person it stands for: their next list would make them somebody new, and pay them twice.
KEYS_OF_NORMALISER = "3"
JUDGES = """
CREATE FUNCTION beneficiaries_audit_answer_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM beneficiaries_audititem i JOIN beneficiaries_auditsample s ON s.id = i.sample_id
               WHERE i.id = NEW.item_id AND s.drawn_by_id = NEW.answered_by_id) THEN
        RAISE EXCEPTION 'who drew the sample does not judge it' USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_is_judged_by_another';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_answer_guard AFTER INSERT ON beneficiaries_auditanswer FOR EACH ROW EXECUTE FUNCTION beneficiaries_audit_answer_guard();
"""
# 0006 named holders from the enrolment; where two enrolments name two people, either was a guess.
GUESSED = """
UPDATE beneficiaries_bankaccount a SET holder_name = ''
WHERE a.source = 'REGISTRY' AND a.holder_kind <> 'OWN' AND a.holder_name <> ''
  AND (SELECT count(DISTINCT lower(e.payee_name)) FROM beneficiaries_enrolment e
       WHERE e.beneficiary_id = a.beneficiary_id AND e.payee_kind = a.holder_kind AND e.payee_name <> '') > 1
  AND NOT EXISTS (SELECT 1 FROM beneficiaries_payeerelation r WHERE r.beneficiary_id = a.beneficiary_id AND r.kind = a.holder_kind);
"""


def bring_keys_up(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody has to remember it: whoever updates has the keys of the version they run."""
    rebuild_keys()


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0006_papers_and_one_way")]
    operations = [
        make(JUDGES),
        migrations.RunSQL(GUESSED, migrations.RunSQL.noop),
        migrations.RunPython(bring_keys_up, migrations.RunPython.noop),
    ]
