"""What the database itself refuses: moves outside the tables of `payments.states`, unsigned releases, edits of history."""

from django.db import migrations

TRANSITIONS = [
    ("DRAFT", "RELEASE", "READY"),
    ("DRAFT", "STOP", "CANCELLED"),
    ("READY", "STOP", "CANCELLED"),
    ("READY", "CLAIM", "SENT"),
    ("SENT", "NOT_TAKEN", "READY"),
    ("SENT", "ACCEPTED", "PROCESSING"),
    ("SENT", "BANK_POSTED", "POSTED"),
    ("PROCESSING", "BANK_POSTED", "POSTED"),
    ("SENT", "BANK_FAILED", "FAILED"),
    ("PROCESSING", "BANK_FAILED", "FAILED"),
    ("SENT", "BANK_CANCELLED", "CANCELLED"),
    ("PROCESSING", "BANK_CANCELLED", "CANCELLED"),
    ("SENT", "BANK_RETURNED", "RETURNED"),
    ("PROCESSING", "BANK_RETURNED", "RETURNED"),
    ("POSTED", "BANK_RETURNED", "RETURNED"),
    ("READY", "HANDED_OVER", "PROCESSING"),
    ("PROCESSING", "COLLECTED", "POSTED"),
    ("PROCESSING", "NOT_COLLECTED", "FAILED"),
]
BATCH_TRANSITIONS = [
    ("DRAFT", "SUBMITTED"),
    ("SUBMITTED", "APPROVED"),
    ("APPROVED", "RELEASED"),
    ("RELEASED", "CLOSED"),
    ("SUBMITTED", "DRAFT"),
    ("APPROVED", "DRAFT"),
    ("DRAFT", "CANCELLED"),
]


def _rows(rows):
    return ", ".join("(" + ", ".join(f"'{cell}'" for cell in row) + ")" for row in rows)


TABLES = f"""
CREATE TABLE payments_transition (source text, cause text, target text, PRIMARY KEY (source, cause));
INSERT INTO payments_transition VALUES {_rows(TRANSITIONS)};
CREATE TABLE payments_batch_transition (source text, target text, PRIMARY KEY (source, target));
INSERT INTO payments_batch_transition VALUES {_rows(BATCH_TRANSITIONS)};
"""

# `search_path`: else a temporary table of the session, of the same name, would be read instead of the rules.
# Transition tables have no statistics; without `enable_nestloop = off` the planner may compare every row with every other.
PAYMENT_GUARDS = """
CREATE FUNCTION payments_payment_guard_update() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
DECLARE refused text;
BEGIN
    SELECT moved.before || ' -> ' || moved.after || ' by ' || moved.cause INTO refused
    FROM (SELECT DISTINCT o.status AS before, n.cause AS cause, n.status AS after
          FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE o.status <> n.status) moved
    LEFT JOIN payments_transition t ON t.source = moved.before AND t.cause = moved.cause AND t.target = moved.after
    WHERE t.source IS NULL LIMIT 1;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION 'payment may not move %', refused USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_moves_by_cause';
    END IF;
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE (o.batch_id, o.ordinal, o.beneficiary_id, o.amount, o.end_to_end_id, o.payee_name) IS DISTINCT FROM
                     (n.batch_id, n.ordinal, n.beneficiary_id, n.amount, n.end_to_end_id, n.payee_name)
                  OR o.bank_account_id IS DISTINCT FROM n.bank_account_id) THEN
        RAISE EXCEPTION 'a payment is never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_never_edited';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_guard_update AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_payment_guard_update();

CREATE FUNCTION payments_channel_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT n.batch_id, n.cause FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE o.status <> n.status) moved
               JOIN payments_paymentbatch b ON b.id = moved.batch_id
               WHERE (b.channel = 'ACCOUNT' AND moved.cause IN ('HANDED_OVER', 'COLLECTED', 'NOT_COLLECTED'))
                  OR (b.channel = 'CASH' AND moved.cause IN ('CLAIM', 'NOT_TAKEN', 'ACCEPTED', 'BANK_POSTED', 'BANK_FAILED', 'BANK_CANCELLED', 'BANK_RETURNED'))) THEN
        RAISE EXCEPTION 'a bank moves transfers, a provider moves cash' USING ERRCODE = 'check_violation', CONSTRAINT = 'cause_is_of_the_channel';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_channel_guard AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_channel_guard();

CREATE FUNCTION payments_payment_guard_insert() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT batch_id, status FROM new_rows) n JOIN payments_paymentbatch b ON b.id = n.batch_id
               WHERE n.status <> 'DRAFT' OR b.status <> 'DRAFT') THEN
        RAISE EXCEPTION 'payments are added only to a list in draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_list_is_a_ceiling';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_guard_insert AFTER INSERT ON payments_payment REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_payment_guard_insert();
"""

ENTITLEMENT_GUARD = """
CREATE FUNCTION payments_entitlement_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE (o.cycle_id, o.enrolment_id, o.month, o.kind, o.amount, o.not_payable_reason) IS DISTINCT FROM
                     (n.cycle_id, n.enrolment_id, n.month, n.kind, n.amount, n.not_payable_reason)
                  OR o.corrects_id IS DISTINCT FROM n.corrects_id) THEN
        RAISE EXCEPTION 'an entitlement is corrected by a new row' USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_is_never_edited';
    END IF;
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id JOIN payments_payment p ON p.id = o.payment_id
               WHERE n.payment_id IS DISTINCT FROM o.payment_id
                 AND (p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED') OR p.confirmed_at IS NULL)) THEN
        RAISE EXCEPTION 'an entitlement leaves a payment only when that is confirmed to have left nothing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_has_one_live_payment';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION payments_entitlement_joins() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN payments_payment p ON p.id = n.payment_id JOIN beneficiaries_enrolment e ON e.id = n.enrolment_id
               WHERE p.beneficiary_id <> e.beneficiary_id) THEN
        RAISE EXCEPTION 'an entitlement is carried by a payment to its own person' USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_is_paid_to_its_person';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT n.payment_id FROM new_rows n) joined JOIN payments_payment p ON p.id = joined.payment_id
               WHERE p.status <> 'DRAFT' AND p.id NOT IN (SELECT o.payment_id FROM old_rows o WHERE o.payment_id IS NOT NULL)) THEN
        RAISE EXCEPTION 'an entitlement joins only a payment in draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_joins_a_draft';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entitlement_joins AFTER UPDATE ON payments_entitlement REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_entitlement_joins();

CREATE FUNCTION payments_entitlement_insert() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN payments_payment p ON p.id = n.payment_id JOIN beneficiaries_enrolment e ON e.id = n.enrolment_id
               WHERE p.beneficiary_id <> e.beneficiary_id OR p.status <> 'DRAFT') THEN
        RAISE EXCEPTION 'an entitlement joins only a draft payment to its own person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_is_paid_to_its_person';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entitlement_insert AFTER INSERT ON payments_entitlement REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_entitlement_insert();
CREATE TRIGGER entitlement_guard AFTER UPDATE ON payments_entitlement REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_entitlement_guard();
"""

# The digest covers every line ever on the list: whom, how much, into which account (its keyed digest). A stop leaves it as it was signed.
BATCH_GUARDS = """
CREATE FUNCTION payments_list_digest(the_batch bigint) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(coalesce(string_agg(
        concat_ws('|', p.ordinal, p.end_to_end_id, p.beneficiary_id, p.amount, coalesce(encode(a.digest, 'hex'), 'cash'), p.payee_name), E'\\n' ORDER BY p.ordinal
    ), ''), 'UTF8')), 'hex')
    FROM payments_payment p
    LEFT JOIN beneficiaries_bankaccount b ON b.id = p.bank_account_id
    LEFT JOIN beneficiaries_accountnumber a ON a.id = b.number_id
    WHERE p.batch_id = the_batch
$$;

CREATE FUNCTION payments_batch_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE steps text[]; signers bigint; digests bigint; signed_digest text;
BEGIN
    IF NEW.cycle_id <> OLD.cycle_id OR NEW.paying_unit_id <> OLD.paying_unit_id OR NEW.programme_id <> OLD.programme_id OR NEW.channel <> OLD.channel
       OR NEW.budget_source <> OLD.budget_source OR NEW.token <> OLD.token OR NEW.funding_account_id IS DISTINCT FROM OLD.funding_account_id THEN
        RAISE EXCEPTION 'a list is never redirected' USING ERRCODE = 'check_violation', CONSTRAINT = 'list_is_never_redirected';
    END IF;
    IF NEW.revision <> OLD.revision AND (NEW.status = OLD.status OR NEW.status <> 'DRAFT') THEN
        RAISE EXCEPTION 'a revision begins when a list is returned' USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_begins_with_a_return';
    END IF;
    IF NEW.status = OLD.status THEN RETURN NEW; END IF;
    IF NOT EXISTS (SELECT 1 FROM payments_batch_transition WHERE source = OLD.status AND target = NEW.status) THEN
        RAISE EXCEPTION 'list may not move % -> %', OLD.status, NEW.status USING ERRCODE = 'check_violation', CONSTRAINT = 'list_moves_by_the_table';
    END IF;
    IF NEW.status = 'DRAFT' THEN
        IF NEW.revision <> OLD.revision + 1 THEN
            RAISE EXCEPTION 'a returned list is a new revision' USING ERRCODE = 'check_violation', CONSTRAINT = 'returned_list_is_a_new_revision';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status = 'CLOSED' AND EXISTS (SELECT 1 FROM payments_payment WHERE batch_id = NEW.id AND status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING')) THEN
        RAISE EXCEPTION 'list % has payments that are not final', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_list_is_final';
    END IF;
    IF NEW.status IN ('SUBMITTED', 'APPROVED', 'RELEASED') THEN
        SELECT array_agg(step::text), count(DISTINCT signer_id), count(DISTINCT digest), max(digest)
        INTO steps, signers, digests, signed_digest
        FROM payments_signature WHERE batch_id = NEW.id AND revision = NEW.revision;
        IF NOT coalesce(steps @> CASE NEW.status WHEN 'SUBMITTED' THEN ARRAY['MAKER'] WHEN 'APPROVED' THEN ARRAY['MAKER', 'CHECKER']
                                 ELSE ARRAY['MAKER', 'CHECKER', 'RELEASER'] END, false)
           OR signers <> cardinality(steps) OR digests <> 1 THEN
            RAISE EXCEPTION 'list % is not signed for %', NEW.id, NEW.status USING ERRCODE = 'check_violation', CONSTRAINT = 'list_is_signed_by_different_people';
        END IF;
        IF signed_digest <> payments_list_digest(NEW.id) THEN
            RAISE EXCEPTION 'list % changed since it was signed', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'list_is_what_was_signed';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER batch_guard BEFORE UPDATE ON payments_paymentbatch FOR EACH ROW EXECUTE FUNCTION payments_batch_guard();

CREATE FUNCTION payments_batch_guard_insert() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.status <> 'DRAFT' OR NEW.revision <> 1 THEN
        RAISE EXCEPTION 'a list begins in draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'list_begins_in_draft';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER batch_guard_insert BEFORE INSERT ON payments_paymentbatch FOR EACH ROW EXECUTE FUNCTION payments_batch_guard_insert();

CREATE FUNCTION payments_release_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT n.batch_id FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE o.status = 'DRAFT' AND n.status = 'READY') moved
               JOIN payments_paymentbatch b ON b.id = moved.batch_id
               LEFT JOIN payments_signature s ON s.batch_id = b.id AND s.revision = b.revision AND s.step = 'RELEASER'
               WHERE b.status <> 'RELEASED' OR s.digest IS DISTINCT FROM payments_list_digest(b.id)) THEN
        RAISE EXCEPTION 'payments are released with their list' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_released_with_its_list';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_release_guard AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_release_guard();
"""

# A signature is of the list as it stands, at the step its signer's role stands for.
SIGNATURE_GUARD = """
CREATE FUNCTION payments_signature_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.signer_id AND u.is_active AND u.role = NEW.step) THEN
        RAISE EXCEPTION 'signer has not the role for step %', NEW.step USING ERRCODE = 'check_violation', CONSTRAINT = 'signer_has_the_role_of_the_step';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM payments_paymentbatch b WHERE b.id = NEW.batch_id AND b.revision = NEW.revision) THEN
        RAISE EXCEPTION 'only the present revision is signed' USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_is_of_the_present_revision';
    END IF;
    IF NEW.digest <> payments_list_digest(NEW.batch_id) THEN
        RAISE EXCEPTION 'signature is not of list % as it stands', NEW.batch_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_is_of_the_list_as_it_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signature_guard BEFORE INSERT ON payments_signature FOR EACH ROW EXECUTE FUNCTION payments_signature_guard();
"""

# A changed account is a new row: what was signed can't be redirected by editing what it points at. A sealed number may be sealed anew (key
# rotation); whoever sends compares it with the keyed digest, which only the application can make.
ACCOUNT_GUARD = """
CREATE FUNCTION beneficiaries_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number_id, NEW.beneficiary_id, NEW.bank_bin) IS DISTINCT FROM (OLD.number_id, OLD.beneficiary_id, OLD.bank_bin) THEN
        RAISE EXCEPTION 'a changed account is a new row' USING ERRCODE = 'check_violation', CONSTRAINT = 'account_is_never_redirected';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_guard BEFORE UPDATE ON beneficiaries_bankaccount FOR EACH ROW EXECUTE FUNCTION beneficiaries_account_guard();

CREATE FUNCTION payments_funding_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a changed funding account is a new row' USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_account_is_never_redirected';
END $$;
CREATE TRIGGER funding_account_guard BEFORE UPDATE ON payments_fundingaccount FOR EACH ROW
    WHEN ((OLD.id, OLD.bank_account_id, OLD.paying_unit_id) IS DISTINCT FROM (NEW.id, NEW.bank_account_id, NEW.paying_unit_id))
    EXECUTE FUNCTION payments_funding_account_guard();

CREATE FUNCTION beneficiaries_number_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the digest of a number never changes' USING ERRCODE = 'check_violation', CONSTRAINT = 'number_keeps_its_digest';
END $$;
CREATE TRIGGER number_guard BEFORE UPDATE OF digest ON beneficiaries_accountnumber FOR EACH ROW
    WHEN (OLD.digest IS DISTINCT FROM NEW.digest) EXECUTE FUNCTION beneficiaries_number_guard();
CREATE TRIGGER number_guard BEFORE UPDATE OF digest ON beneficiaries_identitynumber FOR EACH ROW
    WHEN (OLD.digest IS DISTINCT FROM NEW.digest) EXECUTE FUNCTION beneficiaries_number_guard();
"""

JOURNAL_GUARD = """
CREATE FUNCTION payments_entry_balances() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT sum(amount) FROM payments_posting WHERE entry_id = NEW.entry_id) <> 0 THEN
        RAISE EXCEPTION 'journal entry % does not balance', NEW.entry_id USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entry_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON payments_posting DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_entry_balances();
"""

# `append_only` is the owner's too: a correction is a new row, whoever writes it. The grants take the right away on top.
HISTORY = """
CREATE FUNCTION ansinh_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""
APPEND_ONLY = [
    "payments_signature",
    "payments_journalentry",
    "payments_posting",
    "beneficiaries_decision",
    "beneficiaries_registryrow",
    "beneficiaries_identitymatch",
]
NEVER_DELETED = [
    "beneficiaries_bankaccount",
    "beneficiaries_enrolment",
    "beneficiaries_beneficiary",
    "beneficiaries_case",
    "beneficiaries_receivedfile",
    "payments_payment",
    "payments_paymentbatch",
    "payments_entitlement",
    "payments_cycle",
    "payments_bankevent",
    "payments_topup",
]
READ_ONLY = ["payments_transition", "payments_batch_transition"]


def refuse(table, *, what, name):
    """SQL that lets nobody UPDATE or DELETE rows of `table`."""
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
        TABLES,
        PAYMENT_GUARDS,
        ENTITLEMENT_GUARD,
        BATCH_GUARDS,
        SIGNATURE_GUARD,
        ACCOUNT_GUARD,
        JOURNAL_GUARD,
        HISTORY,
        *(refuse(table, what="UPDATE OR DELETE", name="append_only") for table in APPEND_ONLY),
        *(refuse(table, what="DELETE", name="never_deleted") for table in NEVER_DELETED),
        # Guards compare rows before and after by their id; one that could change would slip through.
        *(refuse(table, what="UPDATE OF id", name="id_never_changes") for table in NEVER_DELETED),
        revoke(APPEND_ONLY, "UPDATE, DELETE"),
        revoke(NEVER_DELETED, "DELETE"),
        revoke(READ_ONLY, "INSERT, UPDATE, DELETE"),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_relations"), ("beneficiaries", "0002_relations")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
