"""What the database itself refuses of accounts: moves outside `beneficiaries.states`, redirected rows; and it alone writes their history."""

from django.db import migrations

from staff.migrations._statements import make, revoke, rows

ACCOUNT_TRANSITIONS = [
    ("NEEDED", "REQUEST", "REQUESTED"),
    ("REFUSED", "REQUEST", "REQUESTED"),
    ("REQUESTED", "BANK_OPENED", "OPENED"),
    ("REQUESTED", "BANK_REFUSED", "REFUSED"),
    ("OPENED", "VERIFY", "VERIFIED"),
    ("VERIFIED", "MONEY_BACK", "OPENED"),
    ("VERIFIED", "HOLDER_CHANGED", "OPENED"),
    ("OPENED", "CLOSE", "CLOSED"),
    ("VERIFIED", "CLOSE", "CLOSED"),
    ("NEEDED", "WITHDRAW", "CLOSED"),
    ("REFUSED", "WITHDRAW", "CLOSED"),
]

ACCOUNT_TABLE = f"""
CREATE TABLE beneficiaries_account_transition (source text, cause text, target text, PRIMARY KEY (source, cause));
INSERT INTO beneficiaries_account_transition VALUES {rows(ACCOUNT_TRANSITIONS)};
"""

CHANGE_TRANSITIONS = [
    ("PENDING", "APPROVED"),
    ("PENDING", "REFUSED"),
]

CHANGE_TABLE = f"""
CREATE TABLE beneficiaries_change_transition (source text, target text, PRIMARY KEY (source, target));
INSERT INTO beneficiaries_change_transition VALUES {rows(CHANGE_TRANSITIONS)};
"""

OPENING_TRANSITIONS = [
    ("READY", "SENT"),
    ("SENT", "READY"),
    ("SENT", "TAKEN"),
    ("SENT", "OPENED"),
    ("SENT", "REFUSED"),
    ("TAKEN", "OPENED"),
    ("TAKEN", "REFUSED"),
]

OPENING_TABLE = f"""
CREATE TABLE beneficiaries_opening_transition (source text, target text, PRIMARY KEY (source, target));
INSERT INTO beneficiaries_opening_transition VALUES {rows(OPENING_TRANSITIONS)};
"""

# Which source of an account goes before which.
PRECEDENCE = [("VNEID", 1), ("SLIP", 2), ("BANK", 3), ("PAYER", 4), ("REGISTRY", 5)]
SOURCES = f"INSERT INTO beneficiaries_sourceprecedence (source, rank) VALUES {rows(PRECEDENCE)};"

# A number and its bank are set once, when the bank opened the account; afterwards a changed account is a new row, so that what was signed
# can't be redirected by editing what it points at.
ACCOUNT_GUARD = """
CREATE FUNCTION beneficiaries_account_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.beneficiary_id <> OLD.beneficiary_id
       OR (OLD.number_id IS NOT NULL AND (NEW.number_id IS DISTINCT FROM OLD.number_id OR NEW.bank_bin <> OLD.bank_bin)) THEN
        RAISE EXCEPTION 'a changed account is a new row' USING ERRCODE = 'check_violation', CONSTRAINT = 'account_is_never_redirected';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_guard BEFORE UPDATE ON beneficiaries_bankaccount FOR EACH ROW EXECUTE FUNCTION beneficiaries_account_guard();
"""

ACCOUNT_MOVES = """
CREATE FUNCTION beneficiaries_account_moves() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
DECLARE refused text;
BEGIN
    SELECT moved.before || ' -> ' || moved.after || ' by ' || moved.cause INTO refused
    FROM (SELECT DISTINCT o.status AS before, n.cause AS cause, n.status AS after
          FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE o.status <> n.status) moved
    LEFT JOIN beneficiaries_account_transition t ON t.source = moved.before AND t.cause = moved.cause AND t.target = moved.after
    WHERE t.source IS NULL LIMIT 1;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION 'account may not move %', refused USING ERRCODE = 'check_violation', CONSTRAINT = 'account_moves_by_cause';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER account_moves AFTER UPDATE ON beneficiaries_bankaccount REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION beneficiaries_account_moves();
"""

# As the owner: the application itself may not write history, only cause it. Which month was credited is the payments' own history.
ACCOUNT_BEGINS = """
CREATE FUNCTION beneficiaries_account_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO beneficiaries_accountevent (account_id, cause, status, reason, holder_kind, effective_on, recorded_at, changed_by_id, note)
    SELECT id, cause, status, reason, holder_kind,
           coalesce(status_on, opened_on, (status_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date), status_at, changed_by_id, note FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER account_begins AFTER INSERT ON beneficiaries_bankaccount REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION beneficiaries_account_begins();
"""

ACCOUNT_GOES_ON = """
CREATE FUNCTION beneficiaries_account_goes_on() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO beneficiaries_accountevent (account_id, cause, status, reason, holder_kind, effective_on, recorded_at, changed_by_id, note)
    SELECT n.id, n.cause, n.status, n.reason, n.holder_kind,
           coalesce(n.status_on, (n.status_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date), n.status_at, n.changed_by_id, n.note
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    WHERE (n.status, n.reason, n.holder_kind, n.holder_name, n.name_verdict, n.cause, n.note) <>
          (o.status, o.reason, o.holder_kind, o.holder_name, o.name_verdict, o.cause, o.note)
       OR (n.number_id, n.opened_on, n.closed_on) IS DISTINCT FROM (o.number_id, o.opened_on, o.closed_on);
    RETURN NULL;
END $$;
CREATE TRIGGER account_goes_on AFTER UPDATE ON beneficiaries_bankaccount REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION beneficiaries_account_goes_on();
"""

CHANGE_GUARD = """
CREATE FUNCTION beneficiaries_change_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.old_account_id, NEW.new_account_id, NEW.requested_by_id, NEW.requested_at) IS DISTINCT FROM
       (OLD.old_account_id, OLD.new_account_id, OLD.requested_by_id, OLD.requested_at)
       OR NOT EXISTS (SELECT 1 FROM beneficiaries_change_transition WHERE source = OLD.status AND target = NEW.status) THEN
        RAISE EXCEPTION 'a change of account is decided once' USING ERRCODE = 'check_violation', CONSTRAINT = 'account_change_is_decided_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_guard BEFORE UPDATE ON beneficiaries_accountchange FOR EACH ROW EXECUTE FUNCTION beneficiaries_change_guard();
"""

CHANGE_BEGINS = """
CREATE FUNCTION beneficiaries_change_begins() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.status <> 'PENDING' OR (SELECT count(DISTINCT coalesce(b.same_as_id, b.id)) FROM beneficiaries_bankaccount a
            JOIN beneficiaries_beneficiary b ON b.id = a.beneficiary_id WHERE a.id IN (NEW.old_account_id, NEW.new_account_id)) <> 1 THEN
        RAISE EXCEPTION 'a change begins undecided and is of one person' USING ERRCODE = 'check_violation', CONSTRAINT = 'account_change_begins_undecided';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_begins BEFORE INSERT ON beneficiaries_accountchange FOR EACH ROW EXECUTE FUNCTION beneficiaries_change_begins();
"""

OPENING_GUARD = """
CREATE FUNCTION beneficiaries_opening_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE (o.account_id, o.bank_bin, o.way, o.request_id) IS DISTINCT FROM (n.account_id, n.bank_bin, n.way, n.request_id)) THEN
        RAISE EXCEPTION 'a request to a bank is never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'opening_is_never_edited';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT o.status AS before, n.status AS after FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE o.status <> n.status) m
               LEFT JOIN beneficiaries_opening_transition t ON t.source = m.before AND t.target = m.after WHERE t.source IS NULL) THEN
        RAISE EXCEPTION 'request may not move so' USING ERRCODE = 'check_violation', CONSTRAINT = 'opening_moves_by_the_table';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER opening_guard AFTER UPDATE ON beneficiaries_accountopening REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION beneficiaries_opening_guard();
"""

# A relation is ended once; what it said stays.
PAYEE_GUARD = """
CREATE FUNCTION beneficiaries_payee_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.ended_on IS NOT NULL
       OR (to_jsonb(NEW) - ARRAY['ended_on', 'end_reason', 'ended_by_id']) <> (to_jsonb(OLD) - ARRAY['ended_on', 'end_reason', 'ended_by_id']) THEN
        RAISE EXCEPTION 'a payee relation is ended, never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'payee_relation_is_never_edited';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payee_guard BEFORE UPDATE ON beneficiaries_payeerelation FOR EACH ROW EXECUTE FUNCTION beneficiaries_payee_guard();
"""

# A sealed number may be sealed anew (key rotation); whoever sends compares it with the keyed digest, which only the application can make.
NUMBER_GUARD = """
CREATE FUNCTION beneficiaries_number_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the digest of a number never changes' USING ERRCODE = 'check_violation', CONSTRAINT = 'number_keeps_its_digest';
END $$;
CREATE TRIGGER number_guard BEFORE UPDATE OF digest ON beneficiaries_accountnumber FOR EACH ROW
    WHEN (OLD.digest IS DISTINCT FROM NEW.digest) EXECUTE FUNCTION beneficiaries_number_guard();
CREATE TRIGGER number_guard BEFORE UPDATE OF digest ON beneficiaries_identitynumber FOR EACH ROW
    WHEN (OLD.digest IS DISTINCT FROM NEW.digest) EXECUTE FUNCTION beneficiaries_number_guard();
"""


class Migration(migrations.Migration):
    replaces = [("beneficiaries", "0008_account_guards")]
    # The last folded one, for 0001: where only some of those are applied it is a node that does not exist, and nothing is migrated (ADR 54).
    dependencies = [("beneficiaries", "0028_corrections"), ("staff", "0002_history")]
    operations = [
        make(
            ACCOUNT_TABLE,
            CHANGE_TABLE,
            OPENING_TABLE,
            ACCOUNT_GUARD,
            ACCOUNT_MOVES,
            ACCOUNT_BEGINS,
            ACCOUNT_GOES_ON,
            CHANGE_GUARD,
            CHANGE_BEGINS,
            OPENING_GUARD,
            PAYEE_GUARD,
            NUMBER_GUARD,
            revoke(
                "INSERT, UPDATE, DELETE",
                "beneficiaries_account_transition",
                "beneficiaries_change_transition",
                "beneficiaries_opening_transition",
            ),
        ),
        migrations.RunSQL(SOURCES, "DELETE FROM beneficiaries_sourceprecedence;"),
    ]
