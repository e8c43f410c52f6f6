"""Each guard of the database taken away: what it refuses is refused by it alone, and would happen without it.

A statement that is refused under the guard's own name succeeds as soon as that guard is switched off, in a transaction that is rolled back. So no test
of a refusal passes because something else happened to refuse, and a guard that falls out of a migration is missed by its name.
"""

from dataclasses import dataclass

import psycopg
import pytest
from django.db import connections

from banks.fake import FakeTransfers
from tests.databases import owner_url_of
from tests.payments.province import BALANCES, SEPTEMBER, Clock, make_province

pytestmark = pytest.mark.slow

OLD = "(SELECT b.id FROM payments_paymentbatch b WHERE b.status = 'RELEASED')"
NEW = "(SELECT b.id FROM payments_paymentbatch b WHERE b.status = 'DRAFT')"
LAST = "(SELECT max(b.id) FROM payments_paymentbatch b)"
ANOTHER_PAYMENT = """
INSERT INTO payments_payment (batch_id, ordinal, beneficiary_id, payee_name, bank_account_id, amount, end_to_end_id, attempt, status, cause, status_at,
    lease_by, hold_code, bank_reference, return_code)
SELECT batch_id, {ordinal}, beneficiary_id, payee_name, bank_account_id, {amount}, {key}, 1, 'DRAFT', 'BUILD', status_at, '', '', '', ''
FROM payments_payment WHERE batch_id = {batch} AND ordinal = 1
"""
ANOTHER_LIST = (
    """
INSERT INTO payments_paymentbatch (cycle_id, paying_unit_id, programme_id, budget_source, channel, funding_account_id, status, revision, paused, token,
    return_note, status_at)
SELECT cycle_id, paying_unit_id, programme_id, {source}, channel, {account}, {status}, 1, false, 'zzzzzzzz', '', status_at
FROM payments_paymentbatch WHERE id = """
    + OLD
)


POSTING = "INSERT INTO payments_posting (entry_id, account_id, amount) SELECT entry_id, account_id, {amount} FROM payments_posting LIMIT 1"

OF_OLD = f"(SELECT p.id FROM payments_payment p WHERE p.batch_id = {OLD})"
OF_NEW = f"(SELECT p.id FROM payments_payment p WHERE p.batch_id = {NEW})"
SOMEBODY = "(SELECT min(u.id) FROM staff_user u WHERE u.role = '{role}')"
# September's payment is taken off, so surely that its money may go with another: what is then tried with it is refused by one guard only.
FREED = f"UPDATE payments_payment SET status = 'CANCELLED', cause = 'STOP', confirmed_at = status_at WHERE batch_id = {NEW}; "
CLAIMED = f"UPDATE payments_payment SET status = 'SENT', cause = 'CLAIM', lease_by = 'w', first_used_at = status_at WHERE batch_id = {OLD}"
FROZEN = (
    "INSERT INTO payments_freeze (unit_id, reason, began_by_id, began_at, end_reason) "
    f"SELECT paying_unit_id, 'x', {SOMEBODY.format(role='CHECKER')}, status_at, '' FROM payments_paymentbatch WHERE id = {OLD}; "
)
ON_SLIP = (
    "INSERT INTO payments_removalslip (payment_id, ground, reason, document_number, requested_by_id, requested_at, refusal_note) "
    f"SELECT p.id, 'REQUESTED', 'x', '', {SOMEBODY.format(role='MAKER')}, p.status_at, '' FROM payments_payment p WHERE p.batch_id = {OLD}; "
)
# A gift somebody is granted for December, and what is then due of it.
GIFT = "(SELECT id FROM beneficiaries_programme WHERE code = 'QUA')"
GRANTED = f"""
INSERT INTO beneficiaries_programme (code, name, several_grounds, budget_source, kind) VALUES ('QUA', 'x', false, 'x', 'ONE_OFF');
INSERT INTO beneficiaries_enrolment (code, beneficiary_id, programme_id, category_id, unit_id, coefficient, starts_month, ended_month, payee_kind, payee_name)
SELECT 'QUA-1', beneficiary_id, {GIFT}, category_id, unit_id, 1, '2024-12-01', '2025-01-01', 'OWN', '' FROM beneficiaries_enrolment LIMIT 1;
"""
ONCE = """
INSERT INTO payments_entitlement (cycle_id, enrolment_id, programme_id, month, kind, standard_amount, coefficient, amount, channel, cash_reason,
    not_payable_reason)
SELECT t.cycle_id, e.id, {programme}, make_date(2030, m, 1), '{kind}', t.standard_amount, 1, t.amount, '', '', 'DUPLICATE'
FROM (SELECT * FROM payments_entitlement ORDER BY id LIMIT 1) t, beneficiaries_enrolment e, generate_series(1, {months}) m WHERE e.code = 'QUA-1'
"""
ANOTHER_S = """
INSERT INTO payments_payment (batch_id, ordinal, beneficiary_id, payee_name, amount, end_to_end_id, attempt, status, cause, status_at,
    lease_by, hold_code, bank_reference, return_code)
SELECT batch_id, 8, (SELECT max(id) FROM beneficiaries_beneficiary), payee_name, 1, 'theirs', 1, 'DRAFT', 'BUILD', status_at, '', '', '', ''
FROM payments_payment WHERE batch_id = {batch} AND ordinal = 1;
"""


def signature(
    *,
    step: str = "MAKER",
    by: str = "MAKER",
    revision: int = 1,
    digest: str = "payments_list_digest(b.id)",
    at: str = "b.status_at",
) -> str:
    """A signature on September's list, in draft."""
    return (
        "INSERT INTO payments_signature (batch_id, revision, step, signer_id, signed_as, digest, signed_at) "
        f"SELECT b.id, {revision}, '{step}', {SOMEBODY.format(role=by)}, '', {digest}, {at} FROM payments_paymentbatch b WHERE b.id = {NEW}"
    )


def signed_and_frozen() -> str:
    """September's list signed by all three; then it is frozen."""
    moved = [signature(), of_list("status = 'SUBMITTED'", batch=LAST)]
    moved += [signature(step="CHECKER", by="CHECKER").replace(NEW, LAST), of_list("status = 'APPROVED'", batch=LAST)]
    moved += [signature(step="RELEASER", by="RELEASER").replace(NEW, LAST), FROZEN]
    return "; ".join(moved)


@dataclass(frozen=True)
class Guard:
    """The `rule` a guard states ("" for one that only says no), a `statement` it refuses, and what switches it `off`."""

    rule: str
    statement: str

    off: str


def trigger(table: str, name: str, rule: str, statement: str) -> Guard:
    return Guard(rule, statement, f"ALTER TABLE payments_{table} DISABLE TRIGGER {name}")


def constraint(table: str, name: str, statement: str) -> Guard:
    return Guard(name, statement, f"ALTER TABLE payments_{table} DROP CONSTRAINT {name}")


def of_payments(changes: str, *, batch: str = OLD) -> str:
    return f"UPDATE payments_payment SET {changes} WHERE batch_id = {batch}"


def of_list(changes: str, *, batch: str = OLD) -> str:
    return f"UPDATE payments_paymentbatch SET {changes} WHERE id = {batch}"


GUARDS = [
    # I5: states move only by the table, with their cause, on their channel.
    trigger("payment", "payment_guard_update", "payment_moves_by_cause", of_payments("status = 'POSTED', cause = 'BANK_POSTED'")),
    trigger("payment", "payment_guard_update", "payment_is_never_edited", of_payments("amount = amount + 1")),
    trigger("payment", "payment_guard_update", "payment_is_never_edited", of_payments("payee_name = 'x'")),
    trigger("payment", "payment_cause_guard", "cause_comes_with_its_move", of_payments("cause = 'STOP'")),
    trigger("payment", "payment_channel_guard", "cause_is_of_the_channel", of_payments("status = 'PROCESSING', cause = 'HANDED_OVER'")),
    # I1, I9: one live payment of what is due, one key of a payment, one row of a month.
    trigger("entitlement", "entitlement_guard", "entitlement_is_never_edited", "UPDATE payments_entitlement SET amount = amount + 1"),
    constraint("payment", "payment_has_its_own_end_to_end_id", ANOTHER_PAYMENT.format(ordinal=9, amount=1, key="end_to_end_id", batch=NEW)),
    constraint("payment", "payment_ordinal_once_per_batch", ANOTHER_PAYMENT.format(ordinal=1, amount=1, key="'other'", batch=NEW)),
    constraint("payment", "payment_amount_is_positive", ANOTHER_PAYMENT.format(ordinal=9, amount=0, key="'other'", batch=NEW)),
    constraint(
        "entitlement",
        "entitlement_once_per_enrolment_month_and_kind",
        "INSERT INTO payments_entitlement (cycle_id, enrolment_id, programme_id, month, kind, standard_amount, coefficient, amount, channel, "
        "cash_reason, not_payable_reason) SELECT cycle_id, enrolment_id, programme_id, month, kind, standard_amount, coefficient, amount, channel, "
        "cash_reason, not_payable_reason FROM payments_entitlement LIMIT 1",
    ),
    # I1: one live carrier of what is due, the person's own; what may still arrive lets nothing go.
    trigger(
        "entitlement", "entitlement_guard", "entitlement_has_one_live_payment",
        f"UPDATE payments_entitlement SET payment_id = {OF_NEW} WHERE payment_id = {OF_OLD}",
    ),
    trigger(
        "entitlement", "entitlement_guard", "entitlement_leaves_for_another",
        f"{FREED} UPDATE payments_entitlement SET payment_id = NULL WHERE payment_id = {OF_NEW}",
    ),
    trigger(
        "entitlement", "entitlement_joins", "entitlement_joins_a_draft",
        f"{FREED} UPDATE payments_entitlement SET payment_id = {OF_OLD} WHERE payment_id = {OF_NEW}",
    ),
    trigger(
        "entitlement", "entitlement_joins", "entitlement_is_paid_to_its_person",
        f"{ANOTHER_S.format(batch=NEW)} {FREED} UPDATE payments_entitlement SET payment_id = (SELECT id FROM payments_payment "
        f"WHERE end_to_end_id = 'theirs') WHERE payment_id IN {OF_NEW}",
    ),
    trigger(
        "entitlement", "entitlement_withdrawal", "withdrawn_entitlement_reached_nobody",
        f"UPDATE payments_entitlement SET withdrawn_in_id = cycle_id WHERE payment_id = {OF_OLD}",
    ),
    # I2, I9: a key is used once; what is with the bank ends by the bank's word or by two people.
    trigger("payment", "payment_key_guard", "payment_attempt_only_grows", of_payments("attempt = attempt - 1")),
    trigger(
        "payment", "payment_key_guard", "payment_ends_with_its_enquiry", f"{CLAIMED}; " + of_payments("status = 'CANCELLED', cause = 'NEVER_HAD'"),
    ),
    trigger("payment", "reissue_guard", "reissue_is_never_edited", of_payments("reissues_id = id")),
    trigger("paymentbatch", "sequence_guard", "reissue_is_never_edited", of_list("sequence = 7", batch=NEW)),
    # I5: nothing leaves under a freeze or on a slip, and nobody is taken off a signed list without one.
    trigger("payment", "payment_leaving_guard", "nothing_leaves_while_frozen", FROZEN + CLAIMED),
    trigger("paymentbatch", "frozen_list_guard", "nothing_is_released_while_frozen", signed_and_frozen() + of_list("status = 'RELEASED'", batch=LAST)),
    trigger("payment", "payment_leaving_guard", "payment_on_a_slip_stays", ON_SLIP + CLAIMED),
    trigger("payment", "payment_leaving_guard", "signed_list_less_its_slips", of_payments("status = 'CANCELLED', cause = 'STOP'")),
    trigger(
        "cycle", "cycle_guard", "closed_cycle_is_final",
        f"UPDATE payments_cycle SET closed_at = built_at, closed_by_id = {SOMEBODY.format(role='CHECKER')} WHERE month = '2024-08-01'",
    ),
    # What is paid once is answered once.
    Guard(
        "paid_once_is_answered_once",
        GRANTED + ONCE.format(kind="ONE_OFF", programme="e.programme_id", months=2),
        "DROP INDEX paid_once_is_answered_once",
    ),
    # What is due is of the kind of its programme, which keeps it.
    trigger(
        "entitlement", "entitlement_insert", "entitlement_is_of_its_programmes_kind",
        GRANTED + ONCE.format(kind="REGULAR", programme="e.programme_id", months=1),
    ),
    trigger(
        "entitlement", "entitlement_insert", "entitlement_is_of_its_programmes_kind",
        GRANTED + ONCE.format(kind="REGULAR", programme="t.programme_id", months=1),
    ),
    trigger("entitlement", "entitlement_programme_guard", "entitlement_is_never_edited", f"{GRANTED}UPDATE payments_entitlement SET programme_id = {GIFT}"),
    Guard(
        "programme_keeps_its_kind", "UPDATE beneficiaries_programme SET kind = 'ONE_OFF'",
        "ALTER TABLE beneficiaries_programme DISABLE TRIGGER programme_guard",
    ),
    # I10: a signed list is a ceiling, signed by three over one digest.
    trigger("paymentbatch", "cancelled_list_guard", "cancelled_list_is_empty", of_list("status = 'CANCELLED'", batch=NEW)),
    trigger("signature", "signature_guard", "signer_has_the_role_of_the_step", signature(by="CHECKER")),
    trigger("signature", "signature_guard", "signature_is_of_the_present_revision", signature(revision=2)),
    trigger("signature", "signature_guard", "signature_is_of_the_list_as_it_stands", signature(digest="repeat('0', 64)")),
    trigger("signature", "signature_guard", "list_is_signed_in_order", signature(step="RELEASER", by="RELEASER")),
    # What signatures rest on: the day of the list, their own time, who made it, where a unit lies.
    trigger("cycle", "cycle_guard", "cycle_keeps_the_day_of_its_lists", "UPDATE payments_cycle SET listed_on = '2020-01-01'"),
    trigger("signature", "signature_guard", "signature_is_of_its_moment", signature(at="b.status_at - interval '1 day'")),
    trigger("signature", "signature_guard", "signature_is_of_its_moment", signature(at="now() + interval '1 day'")),
    trigger(
        "listmaker", "maker_guard", "list_is_made_in_draft",
        f"INSERT INTO payments_listmaker (batch_id, maker_id, did, done_at) SELECT {OLD}, {SOMEBODY.format(role='MAKER')}, 'REMOVED', now()",
    ),
    Guard(
        "unit_stays_where_it_is", "UPDATE staff_administrativeunit SET path = '/971/' WHERE code = '971'",
        "ALTER TABLE staff_administrativeunit DISABLE TRIGGER unit_stays",
    ),
    Guard(
        "", "UPDATE staff_administrativeunit SET id = -id",
        "ALTER TABLE staff_administrativeunit DISABLE TRIGGER id_never_changes",
    ),
    trigger("removalslip", "slip_guard", "slip_is_of_a_signed_list", ON_SLIP.replace(OLD, NEW)),
    trigger("payment", "payment_guard_insert", "signed_list_is_a_ceiling", ANOTHER_PAYMENT.format(ordinal=9, amount=1, key="'other'", batch=OLD)),
    trigger("payment", "payment_release_guard", "payment_is_released_with_its_list", of_payments("status = 'READY', cause = 'RELEASE'", batch=NEW)),
    trigger("paymentbatch", "batch_guard", "list_moves_by_the_table", of_list("status = 'RELEASED'", batch=NEW)),
    trigger("paymentbatch", "batch_guard", "list_is_signed_by_different_people", of_list("status = 'SUBMITTED'", batch=NEW)),
    trigger("paymentbatch", "batch_guard", "list_is_never_redirected", of_list("budget_source = 'x'")),
    trigger("paymentbatch", "batch_guard", "revision_begins_with_a_return", of_list("revision = 2")),
    trigger("paymentbatch", "batch_guard", "closed_list_is_final", of_list("status = 'CLOSED'")),
    trigger("paymentbatch", "batch_guard_insert", "list_begins_in_draft", ANOTHER_LIST.format(source="'x'", account="funding_account_id", status="'RELEASED'")),
    constraint("paymentbatch", "account_list_has_a_funding_account", ANOTHER_LIST.format(source="'x'", account="NULL::bigint", status="'DRAFT'")),
    Guard(
        "list_once_per_cycle_unit_programme_source_and_channel",
        ANOTHER_LIST.format(source="budget_source", account="funding_account_id", status="'DRAFT'"),
        "DROP INDEX list_once_per_cycle_unit_programme_source_and_channel",
    ),
    # I4: money is conserved.
    trigger("posting", "append_only", "", "UPDATE payments_posting SET amount = amount + 1"),
    trigger("journalentry", "append_only", "", "UPDATE payments_journalentry SET description = ''"),
    trigger("signature", "append_only", "", "UPDATE payments_signature SET signed_as = 'x'"),
    constraint("posting", "posting_is_not_zero", POSTING.format(amount=0)),
    trigger("posting", "entry_balances", "journal_entry_balances", POSTING.format(amount=1) + "; SET CONSTRAINTS ALL IMMEDIATE"),
    trigger(
        "deduction", "deduction_guard", "deduction_rests_on_a_decision_to_recover",
        "INSERT INTO payments_deduction (decision_id, payment_id, amount) "
        f"SELECT min(d.id), min(p.id), 1 FROM beneficiaries_decision d CROSS JOIN payments_payment p WHERE p.batch_id = {NEW}",
    ),
    # A reservation is made once, and like every booking neither taken back by an edit nor forgotten.
    constraint(
        "journalentry", "payments_journalentry_source_key",
        "INSERT INTO payments_journalentry (source, description, booked_on, posted_at, batch_id) "
        f"SELECT source, '', booked_on, posted_at, batch_id FROM payments_journalentry WHERE batch_id = {OLD} LIMIT 1",
    ),
    trigger(
        "posting", "append_only", "",
        "DELETE FROM payments_posting WHERE account_id IN (SELECT id FROM payments_ledgeraccount WHERE kind = 'RESERVED')",
    ),
    trigger("entitlement", "never_deleted", "", "DELETE FROM payments_entitlement"),
    # I10: nothing a signature follows is of a time to come, or nobody could sign before that.
    trigger(
        "listmaker", "maker_not_ahead", "made_before_it_is_signed",
        "INSERT INTO payments_listmaker (batch_id, maker_id, did, done_at) "
        f"SELECT b.id, {SOMEBODY.format(role='MAKER')}, 'REMOVED', now() + interval '1 hour' FROM payments_paymentbatch b WHERE b.id = {NEW}",
    ),
    trigger(
        "cycle", "cycle_not_ahead", "made_before_it_is_signed",
        "INSERT INTO payments_cycle (month, listed_on, pay_on, built_at, opening) "
        "VALUES ('2024-12-01', '2024-11-18', '2024-12-05', now() + interval '1 hour', false)",
    ),
]  # fmt: skip


def test_what_a_guard_refuses_happens_without_it(committed_db, clock: Clock):
    """One list released, the next month's in draft."""
    province, bank = make_province(clock=clock), FakeTransfers(balances=BALANCES, now=clock)
    province.pay_through_accounts(1, bank=bank)
    province.build(SEPTEMBER)
    province.person()  # somebody else, who is due nothing
    url = owner_url_of(connections["default"].settings_dict["NAME"])
    with psycopg.connect(url) as owner:
        told = {
            guard: (_refused(owner, guard.statement), _refused(owner, guard.statement, off=guard.off))
            for guard in GUARDS
        }

    assert len(told) == len(GUARDS)
    expected = {guard: (guard.rule or "insufficient_privilege", None) for guard in GUARDS}
    assert {guard.rule: said for guard, said in told.items() if said != expected[guard]} == {}


def _refused(owner: psycopg.Connection, statement: str, *, off: str = "") -> str | None:
    """The rule by which the statement is refused, None if it is done; nothing of it stays."""
    try:
        with owner.transaction(force_rollback=True):
            if off:
                owner.execute(off)
            owner.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return "insufficient_privilege"
    except psycopg.Error as error:
        return error.diag.constraint_name or str(error)
    return None
