"""Who has died, who moved, whose record is corrected, which cases are about whom: what the database refuses about people."""

from django.db import migrations

from staff.migrations._statements import make, revoke, rows

# What the events say stands above the extract; an extract that still repeats a withdrawn death is not believed.
LIFE = """
CREATE VIEW beneficiaries_life AS
SELECT b.id AS beneficiary_id,
       coalesce(s.deceased_on, CASE WHEN s.not_deceased_on IS NULL OR r.deceased_on <> s.not_deceased_on THEN r.deceased_on END) AS deceased_on,
       s.notice_on
FROM beneficiaries_beneficiary b
LEFT JOIN beneficiaries_identityrecord r ON r.id = b.identity_id
LEFT JOIN beneficiaries_lifestatus s ON s.beneficiary_id = b.id;
"""

# A unit signs for its data only after the communes below it.
SIGN_OFF_GUARD = """
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

LIVE = ["OPEN", "PROPOSED", "ESCALATED"]
CASE_TRANSITIONS = sorted(
    {(before, after) for before in LIVE for after in ("SOLVED", "REJECTED", "ESCALATED") if before != after}
    | {("OPEN", "PROPOSED"), ("ESCALATED", "PROPOSED")}
    | {(before, "OPEN") for before in ("PROPOSED", "ESCALATED", "SOLVED", "REJECTED")}
)

# SECURITY DEFINER: the application can't write the trail by hand, so it can neither forge a step nor leave one out.
CASE_TRAIL = f"""
CREATE FUNCTION beneficiaries_case_trail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_nestloop = off SET search_path = public, pg_temp AS $$
DECLARE refused text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO beneficiaries_casedecision (case_id, status_before, status_after, level_before, level_after, owner_before_id, owner_after_id,
                                                solution, proposal, document, note, decided_by_id, decided_at)
        SELECT n.id, '', n.status, '', n.level, NULL, n.owner_id, n.solution, n.proposal, n.document, n.note, n.decided_by_id, n.decided_at
        FROM new_rows n WHERE n.status <> 'OPEN' OR n.owner_id IS NOT NULL;
        RETURN NULL;
    END IF;
    SELECT o.status || ' -> ' || n.status INTO refused FROM old_rows o JOIN new_rows n ON n.id = o.id
    WHERE o.status <> n.status AND (o.status, n.status) NOT IN ({rows(CASE_TRANSITIONS)}) LIMIT 1;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION 'case may not move %', refused USING ERRCODE = 'check_violation', CONSTRAINT = 'case_moves_by_the_table';
    END IF;
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE ROW(o.kind, o.beneficiary_id, o.subject, o.opened_at) IS DISTINCT FROM ROW(n.kind, n.beneficiary_id, n.subject, n.opened_at)) THEN
        RAISE EXCEPTION 'what a case is about never changes' USING ERRCODE = 'check_violation', CONSTRAINT = 'case_stays_about_the_same';
    END IF;
    INSERT INTO beneficiaries_casedecision (case_id, status_before, status_after, level_before, level_after, owner_before_id, owner_after_id,
                                            solution, proposal, document, note, decided_by_id, decided_at)
    SELECT n.id, o.status, n.status, o.level, n.level, o.owner_id, n.owner_id, n.solution, n.proposal, n.document, n.note, n.decided_by_id, n.decided_at
    FROM old_rows o JOIN new_rows n ON n.id = o.id
    WHERE ROW(o.status, o.level, o.owner_id) IS DISTINCT FROM ROW(n.status, n.level, n.owner_id);
    RETURN NULL;
END $$;
CREATE TRIGGER case_trail_update AFTER UPDATE ON beneficiaries_case REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION beneficiaries_case_trail();
CREATE TRIGGER case_trail_insert AFTER INSERT ON beneficiaries_case REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION beneficiaries_case_trail();
"""

# Signatures under a handover are of the list as it stands.
HANDOVER_GUARD = """
CREATE FUNCTION beneficiaries_handover_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM beneficiaries_handover h WHERE h.id = NEW.handover_id AND h.digest = NEW.digest
                   AND (NEW.side = 'GIVER' OR h.receiver_id = NEW.signer_id)) THEN
        RAISE EXCEPTION 'signature is not of handover % by the one it names', NEW.handover_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'handover_is_signed_as_listed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handover_guard BEFORE INSERT ON beneficiaries_handoversignature FOR EACH ROW EXECUTE FUNCTION beneficiaries_handover_guard();
"""

# Moving: the new commune starts with the month after the last one paid, the old one has given nothing for it.
TRANSFER_GUARD = """
CREATE FUNCTION beneficiaries_transfer_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = NEW.enrolment_id AND t.month > NEW.last_month
               AND t.not_payable_reason = '' AND t.withdrawn_in_id IS NULL) THEN
        RAISE EXCEPTION 'the old commune gave more months than it says' USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_names_the_last_month_given';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER transfer_guard AFTER INSERT ON beneficiaries_decision FOR EACH ROW WHEN (NEW.kind = 'TRANSFER_OUT')
    EXECUTE FUNCTION beneficiaries_transfer_guard();
"""

CONTINUES_GUARD = """
CREATE FUNCTION beneficiaries_continues_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM beneficiaries_enrolment o WHERE o.id = NEW.continues_id AND o.moved_to_id = NEW.unit_id AND o.ended_month = NEW.starts_month
                   AND o.programme_id = NEW.programme_id AND o.beneficiary_id = NEW.beneficiary_id) THEN
        RAISE EXCEPTION 'the new commune goes on where the old one stopped' USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_leaves_no_gap_and_no_overlap';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER continues_guard AFTER INSERT OR UPDATE ON beneficiaries_enrolment FOR EACH ROW WHEN (NEW.continues_id IS NOT NULL)
    EXECUTE FUNCTION beneficiaries_continues_guard();
"""

CONTINUED_GUARD = """
CREATE FUNCTION beneficiaries_continued_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM beneficiaries_enrolment after WHERE after.continues_id = NEW.id) THEN
        RAISE EXCEPTION 'another commune already goes on with it' USING ERRCODE = 'check_violation', CONSTRAINT = 'continued_enrolment_stays_ended';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER continued_guard AFTER UPDATE ON beneficiaries_enrolment FOR EACH ROW
    WHEN ((OLD.ended_month, OLD.moved_to_id, OLD.beneficiary_id, OLD.programme_id) IS DISTINCT FROM
          (NEW.ended_month, NEW.moved_to_id, NEW.beneficiary_id, NEW.programme_id) AND OLD.moved_to_id IS NOT NULL)
    EXECUTE FUNCTION beneficiaries_continued_guard();
"""

# A proposed level is decided once, and stays as it was proposed.
LEVEL_GUARD = """
CREATE FUNCTION beneficiaries_level_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE o.status <> 'PENDING'
                  OR ROW(o.category_id, o.programme_id, o.value, o.valid_from, o.known_on, o.legal_source, o.paper_id, o.proposed_by_id)
                     IS DISTINCT FROM ROW(n.category_id, n.programme_id, n.value, n.valid_from, n.known_on, n.legal_source, n.paper_id, n.proposed_by_id)) THEN
        RAISE EXCEPTION 'a proposed level is decided once, as it was proposed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'level_is_decided_once_as_proposed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER level_guard AFTER UPDATE ON beneficiaries_levelproposal REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION beneficiaries_level_guard();
"""

# What was proposed stays as proposed; where it stands is written once more, when somebody decides.
CORRECTION_GUARD = """
CREATE FUNCTION beneficiaries_correction_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
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
    RETURN NULL;
END $$;
CREATE TRIGGER correction_begins AFTER INSERT ON beneficiaries_correction REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION beneficiaries_correction_guard();
CREATE TRIGGER correction_guard AFTER UPDATE ON beneficiaries_correction REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION beneficiaries_correction_guard();
"""

# Nobody's birth or sex changes without a correction. By row, because the condition is asked of rows that changed only, and those come one at
# a time: matching updates a whole register for nothing.
PERSON_GUARD = """
CREATE FUNCTION beneficiaries_person_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM beneficiaries_correction c WHERE c.beneficiary_id = NEW.id AND c.status = 'IN_FORCE'
                   AND coalesce(nullif(c.sex_after, ''), c.sex_before) = NEW.sex
                   AND (NEW.birth_year, NEW.birth_date) IS NOT DISTINCT FROM
                       (coalesce(c.birth_year_after, c.birth_year_before), CASE WHEN c.birth_year_after IS NULL THEN c.birth_date_before ELSE c.birth_date_after END)) THEN
        RAISE EXCEPTION 'birth and sex of a person change by a correction' USING ERRCODE = 'check_violation', CONSTRAINT = 'person_changes_by_correction';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_guard BEFORE UPDATE ON beneficiaries_beneficiary FOR EACH ROW
    WHEN ((OLD.birth_year, OLD.birth_date, OLD.sex) IS DISTINCT FROM (NEW.birth_year, NEW.birth_date, NEW.sex))
    EXECUTE FUNCTION beneficiaries_person_guard();
"""


class Migration(migrations.Migration):
    replaces = [("beneficiaries", "0014_case_guards")]
    dependencies = [("beneficiaries", "0002_guards_of_accounts")]
    operations = [
        make(
            LIFE,
            SIGN_OFF_GUARD,
            CASE_TRAIL,
            HANDOVER_GUARD,
            TRANSFER_GUARD,
            CONTINUES_GUARD,
            CONTINUED_GUARD,
            LEVEL_GUARD,
            CORRECTION_GUARD,
            PERSON_GUARD,
            revoke("INSERT, UPDATE, DELETE", "beneficiaries_life"),
        ),
    ]
