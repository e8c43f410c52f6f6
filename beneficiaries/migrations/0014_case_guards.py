"""Cases move by their table, every step leaves a trail, and signatures under a handover are of the list as it stands."""

from django.db import migrations

LIVE = ["OPEN", "PROPOSED", "ESCALATED"]
TRANSITIONS = sorted(
    {(before, after) for before in LIVE for after in ("SOLVED", "REJECTED", "ESCALATED")}
    | {("OPEN", "PROPOSED"), ("ESCALATED", "PROPOSED")}
    | {(before, "OPEN") for before in ("PROPOSED", "ESCALATED", "SOLVED", "REJECTED")}
)
MOVES = ", ".join(f"('{before}', '{after}')" for before, after in TRANSITIONS if before != after)

# SECURITY DEFINER: the application can't write the trail by hand, so it can neither forge a step nor leave one out.
TRAIL = f"""
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
    WHERE o.status <> n.status AND (o.status, n.status) NOT IN ({MOVES}) LIMIT 1;
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

HANDOVER = """
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

APPEND_ONLY_TABLES = [
    "beneficiaries_casedecision",
    "beneficiaries_distinctpeople",
    "beneficiaries_handover",
    "beneficiaries_handoversignature",
]
APPEND_ONLY = (
    "\n".join(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();"
        for table in APPEND_ONLY_TABLES
    )
    + f"""
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE UPDATE, DELETE ON {", ".join(APPEND_ONLY_TABLES)} FROM ansinh_app';
        EXECUTE 'REVOKE INSERT ON beneficiaries_casedecision FROM ansinh_app';
    END IF;
END $$;
"""
)


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0013_cases_and_handovers"), ("payments", "0003_guards")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (TRAIL, HANDOVER, APPEND_ONLY)]
