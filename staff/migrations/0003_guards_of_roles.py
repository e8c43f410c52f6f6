"""Who may stand in for whom, which roles one person never has at the same time, and what of both is never rewritten."""

from django.db import migrations

from staff.migrations._statements import keep_history, make, never_deleted, revoke, rows

CHAIN = ["MAKER", "REVIEWER", "CHECKER", "COSIGNER", "RELEASER"]
# Two links of one chain of signatures; whoever enters registries and whoever controls or releases; whoever audits and whoever acts.
INCOMPATIBLE = [
    *((one, other) for one in CHAIN for other in CHAIN if one < other and {one, other} != {"REVIEWER", "COSIGNER"}),
    *(("COMMUNE_OFFICER", other) for other in ("CHECKER", "RELEASER", "COSIGNER")),
    *(("AUDITOR", other) for other in (*CHAIN, "COMMUNE_OFFICER", "LEADER")),
    *(("CIVIL_REGISTRY", other) for other in (*CHAIN, "COMMUNE_OFFICER", "LEADER", "AUDITOR")),
]
INCOMPATIBLE_ROLES = f"""
CREATE TABLE staff_incompatiblerole (one text, other text, PRIMARY KEY (one, other));
INSERT INTO staff_incompatiblerole VALUES {rows(pair for a, b in INCOMPATIBLE for pair in ((a, b), (b, a)))};
"""

DELEGATION_GUARD = """
CREATE FUNCTION staff_delegation_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
           OR (to_jsonb(OLD) - 'revoked_at') IS DISTINCT FROM (to_jsonb(NEW) - 'revoked_at') THEN
            RAISE EXCEPTION 'a delegation is only ever revoked' USING ERRCODE = 'check_violation', CONSTRAINT = 'delegation_is_only_revoked';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.revoked_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM staff_user d JOIN staff_administrativeunit du ON du.id = d.unit_id JOIN staff_administrativeunit u ON u.id = NEW.unit_id
        WHERE d.id = NEW.delegator_id AND d.is_active AND d.role = NEW.role AND u.path LIKE du.path || '%') THEN
        RAISE EXCEPTION 'nobody delegates what they have not' USING ERRCODE = 'check_violation', CONSTRAINT = 'delegation_is_of_the_own_role';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM staff_user d WHERE d.id = NEW.delegate_id AND d.is_active AND d.role IN (NEW.role, 'REVIEWER', 'COSIGNER')) THEN
        RAISE EXCEPTION 'the delegate has a role that does not go with signing' USING ERRCODE = 'check_violation', CONSTRAINT = 'delegate_may_sign';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delegation_guard BEFORE INSERT OR UPDATE ON staff_delegation FOR EACH ROW EXECUTE FUNCTION staff_delegation_guard();
"""

ROLE_GUARD = """
CREATE FUNCTION staff_role_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM staff_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF TG_OP = 'UPDATE' AND (to_jsonb(OLD) - 'valid_to') IS DISTINCT FROM (to_jsonb(NEW) - 'valid_to') THEN
        RAISE EXCEPTION 'only the end of a role is set' USING ERRCODE = 'check_violation', CONSTRAINT = 'role_assignment_is_only_ended';
    END IF;
    IF EXISTS (
        SELECT 1 FROM (SELECT r.role, r.valid_from, coalesce(r.valid_to, 'infinity'::date) AS valid_to
                       FROM staff_roleassignment r WHERE r.user_id = NEW.user_id AND r.id <> NEW.id
                       UNION ALL
                       SELECT u.role, '-infinity'::date, 'infinity'::date FROM staff_user u
                       WHERE u.id = NEW.user_id AND NOT EXISTS (SELECT 1 FROM staff_roleassignment r WHERE r.user_id = u.id)) held
        JOIN staff_incompatiblerole x ON x.one = held.role AND x.other = NEW.role
        WHERE held.valid_from <= coalesce(NEW.valid_to, 'infinity'::date) AND held.valid_to >= NEW.valid_from) THEN
        RAISE EXCEPTION 'this person has a role that does not go with %', NEW.role USING ERRCODE = 'check_violation', CONSTRAINT = 'roles_are_compatible';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_guard BEFORE INSERT OR UPDATE ON staff_roleassignment FOR EACH ROW EXECUTE FUNCTION staff_role_guard();
"""


class Migration(migrations.Migration):
    replaces = [("staff", "0009_delegation_guards")]
    dependencies = [("staff", "0002_history")]
    operations = [
        make(
            INCOMPATIBLE_ROLES,
            DELEGATION_GUARD,
            ROLE_GUARD,
            revoke("INSERT, UPDATE, DELETE", "staff_incompatiblerole"),
            never_deleted("staff_delegation", "staff_roleassignment", by="staff_never_deleted"),
            never_deleted("staff_assignment", by="staff_append_only"),
            keep_history("staff_user", "role", "unit_id", "is_active", "is_superuser", inserts=True),
            keep_history(
                "staff_delegation",
                "delegator_id",
                "delegate_id",
                "role",
                "unit_id",
                "document_number",
                "valid_from",
                "valid_to",
                "revoked_at",
                inserts=True,
            ),
            keep_history(
                "staff_roleassignment",
                "user_id",
                "role",
                "unit_id",
                "document_number",
                "valid_from",
                "valid_to",
                "assigned_by_id",
                inserts=True,
            ),
            keep_history(
                "staff_assignment", "officer_id", "unit_id", "from_on", "until_on", "assigned_by_id", inserts=True
            ),
        ),
    ]
