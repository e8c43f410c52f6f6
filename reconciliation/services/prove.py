"""The proof of a cycle: every person has one answer, every đồng is somewhere, and the bank's own statement says the same.

Each check lays two independent counts side by side. A difference is named, never averaged away.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from payments.models import Cycle
from reconciliation.models import Discrepancy


@dataclass(frozen=True)
class Line:
    """One line of the proof: people (entitlements) and đồng."""

    name: str
    people: int
    amount: int


@dataclass(frozen=True)
class Check:
    """Two figures that must be equal, each from its own source."""

    name: str
    ours: int
    theirs: int

    @property
    def holds(self) -> bool:
        """Whether they are equal."""
        return self.ours == self.theirs


@dataclass
class Proof:
    """All lines and checks of one cycle; `differences` are sentences, empty when the cycle is proven."""

    month: date
    lines: list[Line] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def proven(self) -> bool:
        """No check fails and nothing is unexplained."""
        return not self.differences


NOT_LISTED = "Chưa vào danh sách nào"

# What each entitlement's current payment says. Opening balances of months before the first list belong to no payment of their own cycle.
_ANSWERS = """
SELECT CASE
         WHEN e.not_payable_reason <> '' THEN 'Chưa đủ điều kiện chi: ' || e.not_payable_reason
         WHEN p.id IS NULL THEN %(not_listed)s
         WHEN p.status = 'POSTED' AND b.channel = 'ACCOUNT' THEN 'Đã trả qua tài khoản'
         WHEN p.status = 'POSTED' THEN 'Đã trả tiền mặt'
         WHEN p.status = 'FAILED' AND b.channel = 'CASH' THEN 'Tổ chức chi trả còn giữ, chưa nhận'
         WHEN p.status = 'SENT' AND p.lease_until < now() THEN 'Chờ tra soát'
         WHEN p.status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING') THEN 'Đang chuyển'
         ELSE 'Chưa trả được (không chuyển được, hoàn trả, dừng chi)' END AS answer,
       count(*) FILTER (WHERE e.corrects_id IS NULL AND e.month = %(month)s), sum(e.amount), bool_and(e.not_payable_reason = '')
FROM payments_entitlement e
LEFT JOIN payments_payment p ON p.id = e.payment_id LEFT JOIN payments_paymentbatch b ON b.id = p.batch_id
WHERE e.cycle_id = %(cycle)s GROUP BY 1 ORDER BY 1
"""
# Enrolments counted from decisions, not from entitlements: who was entitled for the month by what was known when the list was made.
_ENROLLED = """
SELECT count(*) FROM beneficiaries_enrolment e
WHERE e.starts_month <= %(month)s AND (e.paid_through_month IS NULL OR e.paid_through_month < %(month)s)
  AND NOT EXISTS (SELECT 1 FROM beneficiaries_decision d WHERE d.enrolment_id = e.id AND d.kind IN ('STOP', 'SUSPEND') AND d.effective_month <= %(month)s)
"""
_PAYMENTS = """
SELECT coalesce(sum(p.amount), 0), coalesce(sum(x.entitled), 0)
FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
LEFT JOIN (SELECT payment_id, sum(amount) AS entitled FROM payments_entitlement GROUP BY payment_id) x ON x.payment_id = p.id
WHERE b.cycle_id = %(cycle)s AND p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED')
"""
_SIGNED = """
SELECT count(*) FROM payments_paymentbatch b WHERE b.cycle_id = %(cycle)s AND b.status IN ('RELEASED', 'CLOSED')
  AND (SELECT count(DISTINCT signer_id) FROM payments_signature s WHERE s.batch_id = b.id AND s.revision = b.revision AND s.digest = payments_list_digest(b.id)) = 3
"""
_BATCHES = "SELECT count(*) FROM payments_paymentbatch WHERE cycle_id = %(cycle)s AND status <> 'CANCELLED'"

# The bank's side: lines of the statements up to the end of the month, against what we hold to be credited by then.
_BANK = """
WITH upto AS (SELECT (%(month)s::date + interval '1 month' - interval '1 day')::date AS day)
SELECT f.code,
    coalesce((SELECT -sum(l.amount) FROM reconciliation_statementline l JOIN reconciliation_statement s ON s.id = l.statement_id
              LEFT JOIN payments_topup t ON t.reference = l.reference AND t.funding_account_id = f.id
              WHERE s.funding_account_id = f.id AND s.to_on <= upto.day AND t.id IS NULL), 0) AS bank_net,
    coalesce((SELECT sum(p.amount) FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
              WHERE b.funding_account_id = f.id AND p.credited_on <= upto.day AND (p.status = 'POSTED' OR (p.status = 'RETURNED' AND p.returned_on > upto.day))), 0) AS posted,
    coalesce((SELECT sum(t.amount) FROM payments_topup t WHERE t.funding_account_id = f.id AND t.booked_on <= upto.day), 0) AS top_ups,
    coalesce((SELECT s.closing FROM reconciliation_statement s WHERE s.funding_account_id = f.id AND s.to_on <= upto.day ORDER BY s.sequence_number DESC LIMIT 1), 0) AS closing,
    (SELECT max(s.to_on) FROM reconciliation_statement s WHERE s.funding_account_id = f.id AND s.to_on <= upto.day) AS covered_to,
    upto.day AS day,
    coalesce((SELECT sum(x.amount) FROM payments_posting x JOIN payments_ledgeraccount a ON a.id = x.account_id JOIN payments_journalentry j ON j.id = x.entry_id
              WHERE a.funding_account_id = f.id AND a.kind = 'PAID' AND j.booked_on <= upto.day), 0)
    + coalesce((SELECT sum(x.amount) FROM payments_posting x JOIN payments_ledgeraccount a ON a.id = x.account_id JOIN payments_journalentry j ON j.id = x.entry_id
              WHERE a.funding_account_id = f.id AND a.kind = 'RETURNED' AND j.booked_on <= upto.day), 0) AS journal_net
FROM payments_fundingaccount f, upto
WHERE EXISTS (SELECT 1 FROM payments_paymentbatch b WHERE b.funding_account_id = f.id AND b.cycle_id = %(cycle)s) ORDER BY f.code
"""
_UNBALANCED = "SELECT count(*) FROM (SELECT entry_id FROM payments_posting GROUP BY entry_id HAVING sum(amount) <> 0) x"


def prove_cycle(*, month: date) -> Proof:
    """Prove the cycle of `month`. Raises Cycle.DoesNotExist."""
    cycle = Cycle.objects.get(month=month)
    proof = Proof(month=month)
    given = {"cycle": cycle.pk, "month": month, "not_listed": NOT_LISTED}
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, given)
        answers = cursor.fetchall()
        cursor.execute(_ENROLLED, given)
        (enrolled,) = cursor.fetchone()
        cursor.execute(_PAYMENTS, given)
        live, entitled = cursor.fetchone()
        cursor.execute(_BATCHES, given)
        (batches,) = cursor.fetchone()
        cursor.execute(_SIGNED, given)
        (signed,) = cursor.fetchone()
        cursor.execute(_UNBALANCED)
        (unbalanced,) = cursor.fetchone()
        cursor.execute(_BANK, given)
        accounts = cursor.fetchall()
    proof.lines = [Line(name=name, people=people, amount=amount) for name, people, amount, _ in answers]
    proof.checks = [
        Check("Hồ sơ đang hưởng (theo quyết định) = số hồ sơ có câu trả lời", enrolled, sum(line.people for line in proof.lines)),
        Check("Tổng tiền các khoản chi còn hiệu lực = tổng tiền được hưởng chúng mang", live, entitled),
        Check("Hồ sơ đủ điều kiện chi mà chưa vào danh sách nào", 0, sum(people for name, people, _, _ in answers if name == NOT_LISTED)),
        Check("Danh sách có đủ ba chữ ký khác người trên đúng nội dung", batches, signed),
        Check("Bút toán không cân", 0, unbalanced),
    ]
    for code, bank_net, posted, top_ups, closing, covered_to, day, journal_net in accounts:
        proof.checks += [
            Check(f"{code}: ngân hàng ghi Nợ − ghi Có trả lại = các khoản đã ghi có", posted, bank_net),
            Check(f"{code}: tiền cấp − đã chi = số dư cuối trên sao kê", top_ups - posted, closing),
            Check(f"{code}: sổ ghi kép = sao kê", journal_net, bank_net),
            Check(f"{code}: sao kê phủ đến ngày cuối tháng", day.toordinal(), covered_to.toordinal() if covered_to else 0),
        ]
    proof.differences = [f"{check.name}: {check.ours} ≠ {check.theirs}" for check in proof.checks if not check.holds]
    proof.differences += [
        f"Chênh lệch chưa xử lý: {item.get_kind_display()} ({item.key})" for item in Discrepancy.objects.filter(status=Discrepancy.Status.OPEN).order_by("id")
    ]
    return proof
