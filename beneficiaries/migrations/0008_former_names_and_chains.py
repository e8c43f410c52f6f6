"""What a record said before the civil registry changed it is what it really said; no more is recovered along a chain of moves than was paid along it."""

from django.db import migrations

from staff.migrations._statements import make

# A name or number may go back to what stood before, so what stood before is written while it stands, and let go once it stands again. AFTER: an upsert
# asks BEFORE INSERT of rows it then updates.
FORMER = """
CREATE FUNCTION beneficiaries_former_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    b beneficiaries_beneficiary;
    named text := '';
    numbered bigint;
BEGIN
    SELECT * INTO b FROM beneficiaries_beneficiary WHERE id = NEW.beneficiary_id;
    IF TG_OP = 'UPDATE' THEN
        named := OLD.name_before;
        numbered := OLD.number_before_id;
    END IF;
    IF NEW.name_before <> named AND (NEW.name_before NOT IN ('', b.full_name) OR named NOT IN ('', b.full_name))
       OR NEW.number_before_id IS DISTINCT FROM numbered
          AND (NEW.number_before_id IS NOT NULL AND NEW.number_before_id IS DISTINCT FROM b.number_id
               OR numbered IS NOT NULL AND numbered IS DISTINCT FROM b.number_id) THEN
        RAISE EXCEPTION 'a former name or number is what the record said' USING ERRCODE = 'check_violation', CONSTRAINT = 'former_name_is_what_stood';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER former_guard_insert AFTER INSERT ON beneficiaries_lifestatus FOR EACH ROW
    WHEN (NEW.name_before <> '' OR NEW.number_before_id IS NOT NULL) EXECUTE FUNCTION beneficiaries_former_guard();
CREATE TRIGGER former_guard_update AFTER UPDATE ON beneficiaries_lifestatus FOR EACH ROW
    WHEN ((OLD.name_before, OLD.number_before_id) IS DISTINCT FROM (NEW.name_before, NEW.number_before_id))
    EXECUTE FUNCTION beneficiaries_former_guard();
"""
# As before, what was paid up to this enrolment bounds what is recovered up to it. Moreover what was paid along the whole chain bounds all of it: a
# recovery at the new place counts for one decided at the old. Whoever decides about a chain waits for its oldest enrolment, and for no other: of two who
# each hold their own, neither then waits for the other.
# Going back leaves both, as it leaves every guard made better: OR REPLACE.
RECOVERY = """
CREATE OR REPLACE FUNCTION beneficiaries_paid_along(chain bigint[]) RETURNS numeric LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (WITH ours AS (
        SELECT min(t.month) AS since, max(t.amount) AS most, coalesce(sum(t.amount) FILTER (WHERE p.status = 'POSTED'), 0) AS paid
        FROM payments_entitlement t LEFT JOIN payments_payment p ON p.id = t.payment_id WHERE t.enrolment_id = ANY(chain)
    ), began AS (
        SELECT min(e.starts_month) AS month FROM beneficiaries_enrolment e WHERE e.id = ANY(chain)
    )
    SELECT o.paid + o.most * greatest(0, (extract(year FROM o.since) - extract(year FROM b.month)) * 12 + extract(month FROM o.since) - extract(month FROM b.month))
           - (SELECT coalesce(sum(d.amount), 0) FROM beneficiaries_decision d WHERE d.kind = 'RECOVER' AND d.enrolment_id = ANY(chain))
    FROM ours o, began b WHERE o.since IS NOT NULL);
END $$;
CREATE OR REPLACE FUNCTION beneficiaries_recovery_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    upward bigint[];
    whole bigint[];
BEGIN
    WITH RECURSIVE back (id, step) AS (
        SELECT NEW.enrolment_id, 0
        UNION ALL SELECT e.continues_id, b.step + 1 FROM beneficiaries_enrolment e JOIN back b ON e.id = b.id WHERE e.continues_id IS NOT NULL
    ) SELECT array_agg(id ORDER BY step DESC) INTO upward FROM back;
    PERFORM 1 FROM beneficiaries_enrolment WHERE id = upward[1] FOR NO KEY UPDATE;
    WITH RECURSIVE onward (id) AS (
        SELECT upward[1]
        UNION ALL SELECT e.id FROM beneficiaries_enrolment e JOIN onward o ON e.continues_id = o.id
    ) SELECT array_agg(id) INTO whole FROM onward;
    IF least(beneficiaries_paid_along(upward), beneficiaries_paid_along(whole)) < 0 THEN
        RAISE EXCEPTION 'no more is recovered than was paid' USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_is_at_most_what_was_paid';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0007_keys_and_blind_judges")]
    operations = [make(FORMER, RECOVERY)]
