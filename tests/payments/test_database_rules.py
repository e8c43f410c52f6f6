"""The application's role can neither get rid of the rules nor hide them; entitlements and journal are guarded too."""

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from payments.models import FundingAccount, Payment
from tests.payments.plain_sql import constraint_of, run

GUARDED_TABLES = [
    "payments_payment",
    "payments_paymentbatch",
    "payments_entitlement",
    "payments_signature",
    "payments_journalentry",
    "payments_posting",
    "payments_transition",
    "payments_batch_transition",
]


class TestTheApplicationsRole:
    @pytest.mark.parametrize("table", GUARDED_TABLES)
    @pytest.mark.parametrize(
        "statement",
        [
            "TRUNCATE {table} CASCADE",
            "DROP TABLE {table} CASCADE",
            "ALTER TABLE {table} DISABLE TRIGGER ALL",
            "ALTER TABLE {table} DISABLE TRIGGER USER",
        ],
    )
    def test_can_not_get_rid_of_a_guard(self, db, table, statement):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            run(statement.format(table=table))

    @pytest.mark.parametrize(
        "statement",
        [
            "SET session_replication_role = replica",
            "INSERT INTO payments_transition VALUES ('DRAFT', 'STOP', 'POSTED')",
            "DELETE FROM payments_batch_transition",
            "CREATE OR REPLACE FUNCTION payments_list_digest(the_batch bigint) RETURNS text LANGUAGE sql AS $$ SELECT '' $$",
            "DROP TRIGGER batch_guard ON payments_paymentbatch",
            "CREATE TABLE payments_another (id bigint)",
        ],
    )
    def test_can_not_rewrite_the_rules(self, db, statement):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            run(statement)

    @pytest.mark.parametrize(
        "table",
        ["payments_payment", "payments_paymentbatch", "payments_entitlement", "payments_cycle", "payments_bankevent"],
    )
    def test_can_delete_nothing_that_tells_of_money(self, released, table):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(f"DELETE FROM {table}")

    def test_can_not_hide_the_rules_behind_a_table_of_the_session(self, approved):
        run("DISCARD PLANS")
        run(
            "CREATE TEMP TABLE payments_batch_transition ON COMMIT DROP AS SELECT 'APPROVED' AS source, 'CLOSED' AS target"
        )

        with pytest.raises(IntegrityError) as refusal:
            run("UPDATE payments_paymentbatch SET status = 'CLOSED' WHERE id = %(id)s", id=approved.pk)

        assert constraint_of(refusal) == "list_moves_by_the_table"

    def test_can_not_hide_the_signatures_behind_a_table_of_the_session(self, province, approved):
        run("DISCARD PLANS")
        run(
            "CREATE TEMP TABLE payments_signature ON COMMIT DROP AS SELECT batch_id, revision, digest, step, signer_id "
            "FROM payments_signature UNION ALL SELECT batch_id, revision, digest, 'RELEASER', 0 FROM payments_signature LIMIT 3"
        )

        with pytest.raises(IntegrityError):
            run("UPDATE payments_paymentbatch SET status = 'RELEASED' WHERE id = %(id)s", id=approved.pk)


class TestEntitlements:
    @pytest.mark.parametrize(
        "change", ["amount = amount + 1", "month = '2024-09-01'", "id = id + 1000000", "cycle_id = cycle_id + 1"]
    )
    def test_an_entitlement_is_never_edited(self, released, change):
        with pytest.raises(DatabaseError):
            run(f"UPDATE payments_entitlement SET {change}")

    def test_an_entitlement_stays_with_a_payment_the_bank_may_hold(self, released):
        with pytest.raises(IntegrityError) as refusal:
            run("UPDATE payments_entitlement SET payment_id = NULL")

        assert constraint_of(refusal) == "entitlement_has_one_live_payment"

    def test_an_entitlement_stays_with_a_failed_payment_until_the_bank_confirms(self, released, clock):
        payments = Payment.objects.filter(batch=released)
        payments.apply("CLAIM", now=clock())
        payments.apply("BANK_FAILED", now=clock())

        with pytest.raises(IntegrityError) as refusal:
            run("UPDATE payments_entitlement SET payment_id = NULL")

        assert constraint_of(refusal) == "entitlement_has_one_live_payment"

    def test_an_entitlement_leaves_a_confirmed_payment_only_for_another(self, released, clock):
        payments = Payment.objects.filter(batch=released)
        payments.apply("CLAIM", now=clock())
        payments.apply("BANK_FAILED", now=clock())
        payments.update(confirmed_at=clock())

        with pytest.raises(IntegrityError) as refusal:
            run("UPDATE payments_entitlement SET payment_id = NULL")

        assert constraint_of(refusal) == "entitlement_leaves_for_another"

    def test_a_person_is_due_a_month_once(self, released):
        with pytest.raises(IntegrityError) as refusal:
            run(
                "INSERT INTO payments_entitlement (cycle_id, enrolment_id, programme_id, month, kind, standard_amount, "
                "coefficient, amount, channel, cash_reason, not_payable_reason, payment_id) SELECT cycle_id, enrolment_id, "
                "programme_id, month, kind, standard_amount, coefficient, amount, channel, cash_reason, not_payable_reason, "
                "payment_id FROM payments_entitlement LIMIT 1"
            )

        assert constraint_of(refusal) == "entitlement_once_per_enrolment_month_and_kind"


class TestTheJournal:
    def test_an_entry_that_does_not_balance_is_refused_at_the_end_of_the_transaction(self, province):
        account = FundingAccount.objects.first()

        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            run("INSERT INTO payments_ledgeraccount (funding_account_id, kind) VALUES (%(id)s, 'FUNDS')", id=account.pk)
            run(
                "WITH entry AS (INSERT INTO payments_journalentry (source, description, booked_on, posted_at) "
                "VALUES ('test:1', '', '2024-08-05', now()) RETURNING id) "
                "INSERT INTO payments_posting (entry_id, account_id, amount) "
                "SELECT entry.id, a.id, 1 FROM entry, payments_ledgeraccount a"
            )
            run("SET CONSTRAINTS ALL IMMEDIATE")

        assert constraint_of(refusal) == "journal_entry_balances"

    @pytest.mark.parametrize("table", ["payments_posting", "payments_journalentry"])
    @pytest.mark.parametrize("statement", ["DELETE FROM {table}", "UPDATE {table} SET id = id + 1"])
    def test_the_journal_is_append_only(self, released, table, statement):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(statement.format(table=table))

    def test_a_released_list_is_booked_in_its_full_sum(self, released):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.kind, sum(p.amount) FROM payments_posting p JOIN payments_ledgeraccount a ON a.id = p.account_id "
                "GROUP BY a.kind ORDER BY a.kind"
            )
            balances = dict(cursor.fetchall())

        assert balances == {"FUNDS": -1_500_000, "RESERVED": 1_500_000}
