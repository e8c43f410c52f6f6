"""The proof of a cycle holds for a month that is in order, and names a difference for every way somebody could damage it.

The damage is done by the database's owner with the guards switched off: the proof must not rest on them.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import Cycle, FundingAccount
from reconciliation.errors import PeriodNotSettled
from reconciliation.models import PeriodStep, StatementMatch
from reconciliation.services.lines.match_by_hand import link_to_payment, undo_match
from reconciliation.services.months.close_period import close_period
from reconciliation.services.months.proof_places import places_off
from reconciliation.services.months.prove import prove_cycle
from staff.errors import constraint_of
from tests.reconciliation.paid_month import MONTH, RECEIVED_AT, PaidMonth

GUARDED = (
    "payments_payment", "payments_paymentbatch", "payments_entitlement", "payments_signature", "payments_journalentry", "payments_posting", "payments_topup",
    "beneficiaries_bankaccount", "beneficiaries_accountnumber", "beneficiaries_decision", "reconciliation_statement", "reconciliation_statementline",
    "reconciliation_statementmatch",
)  # fmt: skip
A_POSTED = "(SELECT min(id) FROM payments_payment WHERE status = 'POSTED' AND bank_account_id IS NOT NULL)"
A_DEBIT = "(SELECT min(line_id) FROM reconciliation_statementmatch WHERE kind = 'DEBIT')"
PAID_ENTRY = "(SELECT min(p.entry_id) FROM payments_posting p JOIN payments_ledgeraccount a ON a.id = p.account_id WHERE a.kind = 'PAID')"
TWO_PAID = "(SELECT min(id) FILTER (WHERE amount = 500000), min(id) FILTER (WHERE amount = 750000) FROM payments_payment WHERE status = 'POSTED')"

# What was done → (statements, words of the line that must name it).
DAMAGES: dict[str, tuple[list[str], str]] = {
    "a statement line deleted": (
        [f"DELETE FROM reconciliation_statementmatch WHERE line_id = {A_DEBIT}",
         "DELETE FROM reconciliation_statementline l WHERE NOT EXISTS (SELECT 1 FROM reconciliation_statementmatch m WHERE m.line_id = l.id)"],
        "ngân hàng ghi Nợ − ghi Có trả lại"),
    "a statement line one đồng smaller": (
        [f"UPDATE reconciliation_statementline SET amount = amount + 1 WHERE id = {A_DEBIT}"], "ngân hàng ghi Nợ − ghi Có trả lại"),
    "the closing balance changed": (["UPDATE reconciliation_statement SET closing = closing - 1 WHERE sequence_number = 2"], "số dư cuối trên sao kê"),
    "one side of an entry changed": ([f"UPDATE payments_posting SET amount = amount + 1 WHERE amount > 0 AND entry_id = {PAID_ENTRY}"], "Bút toán không cân"),
    "both sides of an entry changed": (
        [f"UPDATE payments_posting SET amount = amount + sign(amount) WHERE entry_id = {PAID_ENTRY}"], "sổ ghi kép = sao kê"),
    "a top-up invented": (
        ["INSERT INTO payments_topup (funding_account_id, reference, amount, booked_on, document) "
         "SELECT id, 'CAP-X', 1000, '2024-08-09', '' FROM payments_fundingaccount"],
        "số dư cuối trên sao kê"),
    "a payment called failed that was credited": (
        [f"UPDATE payments_payment SET status = 'FAILED' WHERE id = {A_POSTED}"], "ngân hàng ghi Nợ − ghi Có trả lại"),
    "a payment called credited that was stopped": (
        ["UPDATE payments_payment SET status = 'POSTED', credited_on = '2024-08-05' WHERE status = 'CANCELLED'"], "ngân hàng ghi Nợ − ghi Có trả lại"),
    "a payment raised": ([f"UPDATE payments_payment SET amount = amount + 1 WHERE id = {A_POSTED}"], "đúng bằng tiền được hưởng"),
    "an entitlement raised": ([f"UPDATE payments_entitlement SET amount = amount + 1 WHERE payment_id = {A_POSTED}"], "đúng bằng tiền được hưởng"),
    "two people's money exchanged": (
        [f"UPDATE payments_entitlement e SET payment_id = CASE e.payment_id WHEN v.low THEN v.high ELSE v.low END "
         f"FROM {TWO_PAID} v(low, high) WHERE e.payment_id IN (v.low, v.high)"],
        "đúng bằng tiền được hưởng"),
    "an entitlement deleted": ([f"DELETE FROM payments_entitlement WHERE payment_id = {A_POSTED}"], "số hồ sơ có câu trả lời"),
    "an entitlement taken off its payment": ([f"UPDATE payments_entitlement SET payment_id = NULL WHERE payment_id = {A_POSTED}"], "chưa vào danh sách nào"),
    "somebody enrolled and forgotten": (
        ["INSERT INTO beneficiaries_enrolment (code, beneficiary_id, programme_id, category_id, unit_id, coefficient, starts_month, payee_kind, "
         "payee_name, recorded_at) SELECT 'quên', beneficiary_id, programme_id, category_id, unit_id, coefficient, starts_month, 'OWN', '', '2024-01-01' "
         "FROM beneficiaries_enrolment LIMIT 1"],
        "số hồ sơ có câu trả lời"),
    "a reissue of a payment that was credited": (
        [f"UPDATE payments_payment SET reissues_id = {A_POSTED} WHERE id = (SELECT max(id) FROM payments_payment WHERE status = 'POSTED')"],
        "khoản chi lại"),
    "a further signature nobody gave": (
        ["ALTER TABLE payments_signingrule DISABLE TRIGGER USER",
         "INSERT INTO payments_signingrule (step, title, from_amount, valid_from, document_number, set_at, set_by_id) "
         "SELECT 'COSIGNER', 'Phó chủ tài khoản', 0, '2024-01-01', '1/QĐ', now(), min(id) FROM staff_user"],
        "chữ ký thêm"),
    "a signature deleted": (["DELETE FROM payments_signature WHERE id = (SELECT min(id) FROM payments_signature)"], "ba chữ ký"),
    "a signature by a person who signed before": (
        ["ALTER TABLE payments_signature DROP CONSTRAINT signer_once_per_batch_revision",
         "UPDATE payments_signature s SET signer_id = m.signer_id FROM payments_signature m "
         "WHERE m.batch_id = s.batch_id AND m.step = 'MAKER' AND s.step = 'CHECKER'"],
        "ba chữ ký"),
    "an account redirected after signing": (
        ["UPDATE beneficiaries_bankaccount SET number_id = (SELECT max(id) FROM beneficiaries_accountnumber) "
         "WHERE number_id = (SELECT min(id) FROM beneficiaries_accountnumber)"],
        "ba chữ ký"),
    "an entry invented": (
        ["INSERT INTO payments_journalentry (source, description, booked_on, posted_at) VALUES ('paid:x', 'Chi', '2024-08-09', now())",
         "INSERT INTO payments_posting (entry_id, account_id, amount) SELECT (SELECT max(id) FROM payments_journalentry), id, "
         "CASE kind WHEN 'PAID' THEN 7000 ELSE -7000 END FROM payments_ledgeraccount WHERE kind IN ('PAID', 'FUNDS')"],
        "sổ ghi kép = sao kê"),
    "an entry deleted": ([f"DELETE FROM payments_posting WHERE entry_id = {PAID_ENTRY}"], "sổ ghi kép = sao kê"),
    "the last statement deleted": (
        ["DELETE FROM reconciliation_statementmatch m USING reconciliation_statementline l, reconciliation_statement s "
         "WHERE l.id = m.line_id AND s.id = l.statement_id AND s.sequence_number = 2",
         "DELETE FROM reconciliation_statementline l USING reconciliation_statement s WHERE s.id = l.statement_id AND s.sequence_number = 2",
         "DELETE FROM reconciliation_statement WHERE sequence_number = 2"],
        "sao kê phủ đến ngày cuối tháng"),
    "an explanation of a line deleted": ([f"DELETE FROM reconciliation_statementmatch WHERE line_id = {A_DEBIT}"], "Dòng sao kê chưa được giải thích"),
}  # fmt: skip

# What was done → what must be named, once each: a sentence's worth of it.
NAMED: dict[str, list[str]] = {
    "a statement line one đồng smaller": [".999 đ, đã nối -"],
    "a payment raised": [".001 đ, các dòng sao kê đã nối "],
    "a payment called failed that was credited": ["sổ theo dõi ghi đã chi 0 đ, các dòng sao kê đã nối "],
    "a payment called credited that was stopped": ["các dòng sao kê đã nối 0 đ"],
    "both sides of an entry changed": ["Bút toán chi theo sao kê số", "01 đ, các dòng sao kê đã nối"],
    "an entry invented": ["Bút toán không có dòng sao kê ngày 09/08/2024, không thuộc danh sách nào: ghi 7.000 đ"],
    "an entry deleted": ["Thiếu bút toán chi theo sao kê số"],
}


def _do(statements: list[str]) -> int:
    """Run them with every guard off; return how many rows the last one changed."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        return int(cursor.rowcount)


class TestProof:
    def test_holds_for_a_month_in_order(self, reconciled: PaidMonth) -> None:
        proof = prove_cycle(month=MONTH)
        assert (proof.differences, proof.proven) == ([], True)

    def test_accounts_for_everybody_and_every_dong(self, reconciled: PaidMonth) -> None:
        people = {line.name: line.people for line in prove_cycle(month=MONTH).lines}
        assert people == {
            "Đã trả qua tài khoản": 8,
            "Đã trả tiền mặt": 3,
            "Chưa trả được (không chuyển được, hoàn trả, dừng chi)": 2,
        }

    def test_has_no_place_that_is_off_in_a_month_in_order(self, reconciled: PaidMonth) -> None:
        """What is sought where a sum is off finds nothing where none is, a match taken back by hand and made again included."""
        match = StatementMatch.objects.filter(kind="DEBIT").earliest("pk")
        assert match.payment is not None
        undo_match(match=match, actor=reconciled.checker, reason="Nhầm", now=RECEIVED_AT)
        link_to_payment(
            line=match.line, payment=match.payment, actor=reconciled.checker, reason="Đúng khoản", now=RECEIVED_AT
        )
        given = {"cycle": Cycle.objects.get(month=MONTH).pk, "month": MONTH, "scope": "/"}
        assert places_off(given) == []

    @pytest.mark.parametrize(("what", "words"), NAMED.items())
    def test_names_the_place_after(self, reconciled: PaidMonth, what: str, words: list[str]) -> None:
        _do(DAMAGES[what][0])
        said = " | ".join(place.sentence for place in prove_cycle(month=MONTH).places)
        assert [word for word in words if word not in said] == [], said
        assert len(prove_cycle(month=MONTH).places) <= len(words)

    @pytest.mark.parametrize("what", DAMAGES)
    def test_names_the_difference_after(self, reconciled: PaidMonth, what: str) -> None:
        statements, words = DAMAGES[what]
        assert _do(statements) > 0
        proof = prove_cycle(month=MONTH)
        assert [difference for difference in proof.differences if words in difference]
        assert not proof.proven


@pytest.mark.parametrize("status", ["READY", "SENT", "PROCESSING"])
def test_no_month_is_closed_over_a_payment_without_an_end_by_page_or_by_sql(reconciled: PaidMonth, status: str) -> None:
    _do([f"UPDATE payments_payment SET status = '{status}', credited_on = NULL WHERE id = {A_POSTED}"])
    account, at = FundingAccount.objects.get(), RECEIVED_AT + timedelta(hours=1)

    with pytest.raises(PeriodNotSettled):
        close_period(account=account, month=MONTH, carried={}, actor=reconciled.checker, now=at)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        PeriodStep.objects.create(
            funding_account=account, month=MONTH, ordinal=1, kind="CLOSED", made_by=reconciled.checker, made_at=at
        )
    assert constraint_of(refused.value) == "closed_month_is_settled"
