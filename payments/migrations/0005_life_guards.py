"""The one place that says who has died or is asked about, and what nobody may rewrite about it."""

from django.db import migrations

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

RECOVERY_GUARD = """
CREATE FUNCTION payments_recovery_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN payments_entitlement e ON e.id = n.entitlement_id JOIN payments_payment p ON p.id = n.payment_id
               WHERE n.withdrawn_at IS NULL
                 AND (n.amount <> e.amount OR e.payment_id IS DISTINCT FROM p.id OR p.status <> 'POSTED' OR e.month <= n.deceased_on)) THEN
        RAISE EXCEPTION 'only what was credited for months after the death is proposed for recovery'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_is_of_money_paid_after_death';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER recovery_guard_insert AFTER INSERT ON payments_recoveryproposal REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_recovery_guard();
CREATE TRIGGER recovery_guard_update AFTER UPDATE ON payments_recoveryproposal REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_recovery_guard();
"""
APPEND_ONLY = ["beneficiaries_lifeevent", "beneficiaries_noticeanswer", "beneficiaries_funeralfilestep"]
NEVER_DELETED = [
    "beneficiaries_lifestatus",
    "beneficiaries_child",
    "beneficiaries_funeralfile",
    "payments_stopnotice",
    "payments_recoveryproposal",
]


def refuse(table, *, what, name):
    """SQL that lets nobody do `what` to rows of `table`."""
    return f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();"


def revoke(tables, rights):
    """SQL that takes rights from the application's role, where that role exists."""
    return f"""
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE {rights} ON {", ".join(tables)} FROM ansinh_app';
    END IF;
END $$;
"""


GUARDS = "\n".join(
    [
        LIFE,
        RECOVERY_GUARD,
        *(refuse(table, what="UPDATE OR DELETE", name="append_only") for table in APPEND_ONLY),
        *(refuse(table, what="DELETE", name="never_deleted") for table in NEVER_DELETED),
        revoke(APPEND_ONLY, "UPDATE, DELETE"),
        revoke(NEVER_DELETED, "DELETE"),
        revoke(["beneficiaries_life"], "INSERT, UPDATE, DELETE"),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_life_events"), ("beneficiaries", "0003_life_events")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
