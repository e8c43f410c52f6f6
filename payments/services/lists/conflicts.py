"""What stands against a list before it is signed: hard conflicts must be put right (lỗi phải sửa), warnings are looked into (cảnh báo)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection, transaction

from beneficiaries.services.accounts.account_choice import payable
from beneficiaries.services.accounts.account_flags import SHARERS, UNUSUAL
from payments.errors import (
    ListHasConflicts,
    ListHasWarnings,
    NoSuchWarning,
    WrongBatchState,
)
from payments.models import ConflictNote, PaymentBatch
from payments.services.lists.in_a_dead_name import in_a_dead_name
from payments.services.lists.owing import excluding
from payments.states import BatchStatus, Step
from staff.models import User
from staff.rights import Right, require


class ConflictKind(StrEnum):
    """Hard: one person paid twice for one month, by this unit (SAME_PERSON) or another (PAID_ELSEWHERE), or on grounds that exclude each other
    (EXCLUDED), or into an account that was lost since the list was made (ACCOUNT_LOST), or in the name of a payee known since to be dead
    (PAYEE_DIED). The others ask: an account several people call their own,
    or that serves more people than is usual (`account_flags`; a parent with children is not asked about), a namesake here, one whom another unit
    pays, somebody whose record was put right after the list was made and who stands on it as before (CORRECTED_SINCE), or cash in the name of a
    parent, guardian or carer who by a paper recorded since receives no more on the day of paying (PAYEE_CHANGED). For what happened since, `other`
    is the payment itself; so
    it is for a person who is two members of one household: the head would receive their share twice.
    """

    SAME_PERSON = "SAME_PERSON"
    PAID_ELSEWHERE = "PAID_ELSEWHERE"
    EXCLUDED = "EXCLUDED"
    ACCOUNT_LOST = "ACCOUNT_LOST"
    PAYEE_DIED = "PAYEE_DIED"
    SHARED_ACCOUNT = "SHARED_ACCOUNT"
    SAME_NAME = "SAME_NAME"
    NAME_ELSEWHERE = "NAME_ELSEWHERE"
    CORRECTED_SINCE = "CORRECTED_SINCE"
    PAYEE_CHANGED = "PAYEE_CHANGED"


TWICE = frozenset({ConflictKind.SAME_PERSON, ConflictKind.PAID_ELSEWHERE, ConflictKind.EXCLUDED})
# Who made the list mends it. Once it is signed it needs no mending: releasing takes such a payment off by itself, and it is paid another way.
LOST = frozenset({ConflictKind.ACCOUNT_LOST, ConflictKind.PAYEE_DIED})
HARD = TWICE | LOST
LABELS = {
    ConflictKind.SAME_PERSON: "Một người có hai khoản chi cùng chính sách, cùng tháng",
    ConflictKind.PAID_ELSEWHERE: "Đã có khoản chi cùng chính sách, cùng tháng ở đơn vị khác",
    ConflictKind.EXCLUDED: "Đang được chi chính sách không hưởng đồng thời",
    ConflictKind.ACCOUNT_LOST: "Tài khoản không dùng được nữa (đã đóng, bị khóa, chưa xác nhận lại, đứng tên người nhận thay trước)",
    ConflictKind.PAYEE_DIED: "Người nhận thay đã mất; danh sách còn tên, tài khoản người ấy",
    ConflictKind.SHARED_ACCOUNT: "Nhiều người dùng chung tài khoản",
    ConflictKind.SAME_NAME: "Trùng họ tên, ngày sinh và nơi ở",
    ConflictKind.NAME_ELSEWHERE: "Trùng họ tên, ngày sinh với người đơn vị khác chi",
    ConflictKind.CORRECTED_SINCE: "Hồ sơ đã sửa sau khi lập danh sách; danh sách còn họ tên, thông tin cũ",
    ConflictKind.PAYEE_CHANGED: "Người nhận thay đã đổi sau khi lập danh sách; danh sách còn tên người nhận trước",
}


@dataclass(frozen=True)
class Conflict:
    """A payment of the list and the one it stands against; `note` is why the maker lets a warning stand, empty until then."""

    batch_id: int
    kind: ConflictKind
    payment_id: int
    other_id: int
    note: str
    other_batch_id: int

    @property
    def hard(self) -> bool:
        return self.kind in HARD

    @property
    def open(self) -> bool:
        return self.hard or not self.note


# Live payments for the same month, of another enrolment. A person under two records is one person by `same_as` or by one record of the
# population data. Which grounds stand beside each other is the rule lists are built by: of one programme, or of two.
_FIND = f"""
WITH mine AS (
    SELECT p.batch_id, p.id AS payment_id, e.enrolment_id, e.programme_id, e.month, n.category_id, l.paying_unit_id,
           coalesce(b.same_as_id, b.id) AS root, b.identity_id, b.name_key, b.birth_date, b.unit_id
    FROM payments_payment p JOIN payments_paymentbatch l ON l.id = p.batch_id
    JOIN payments_entitlement e ON e.payment_id = p.id AND e.kind = 'REGULAR' AND e.corrects_id IS NULL AND e.withdrawn_in_id IS NULL
    JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id
    WHERE p.batch_id = ANY(%(batches)s) AND p.status <> 'CANCELLED'
), others AS (
    SELECT p.id AS payment_id, e.enrolment_id, e.programme_id, e.month, n.category_id, l.paying_unit_id,
           coalesce(b.same_as_id, b.id) AS root, b.identity_id, b.name_key, b.birth_date, b.unit_id
    FROM payments_entitlement e
    JOIN payments_payment p ON p.id = e.payment_id AND p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED')
    JOIN payments_paymentbatch l ON l.id = p.batch_id
    JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id
    WHERE e.kind = 'REGULAR' AND e.corrects_id IS NULL AND e.withdrawn_in_id IS NULL AND e.month IN (SELECT DISTINCT month FROM mine)
), one_person AS (
    SELECT m.payment_id, m.batch_id, m.month, m.category_id, m.programme_id, m.paying_unit_id, o.payment_id AS other_id, o.category_id AS other_category,
           o.programme_id AS other_programme, o.paying_unit_id AS other_unit
    FROM mine m JOIN others o ON o.root = m.root AND o.month = m.month AND o.enrolment_id <> m.enrolment_id
    UNION
    SELECT m.payment_id, m.batch_id, m.month, m.category_id, m.programme_id, m.paying_unit_id, o.payment_id, o.category_id, o.programme_id, o.paying_unit_id
    FROM mine m JOIN others o ON o.identity_id = m.identity_id AND o.month = m.month AND o.enrolment_id <> m.enrolment_id
), grants AS MATERIALIZED (
    SELECT DISTINCT l.programme_id FROM payments_paymentbatch l JOIN beneficiaries_programme g ON g.id = l.programme_id AND g.kind = 'ONE_OFF'
    WHERE l.id = ANY(%(batches)s)
), once AS MATERIALIZED (
    -- What is granted once is the person's of the record, whoever receives it, and of whatever month.
    SELECT p.batch_id, p.id AS payment_id, n.id AS enrolment_id, n.programme_id, l.paying_unit_id, coalesce(b.same_as_id, b.id) AS root, b.identity_id
    FROM grants g JOIN beneficiaries_enrolment n ON n.programme_id = g.programme_id
    JOIN payments_entitlement e ON e.enrolment_id = n.id AND e.withdrawn_in_id IS NULL
    JOIN payments_payment p ON p.id = e.payment_id AND p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED')
    JOIN payments_paymentbatch l ON l.id = p.batch_id JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
), granted_twice AS (
    SELECT m.batch_id, m.payment_id, o.payment_id AS other_id, m.paying_unit_id <> o.paying_unit_id AS elsewhere
    FROM once m JOIN once o ON o.root = m.root AND o.programme_id = m.programme_id AND o.enrolment_id <> m.enrolment_id WHERE m.batch_id = ANY(%(batches)s)
    UNION
    SELECT m.batch_id, m.payment_id, o.payment_id, m.paying_unit_id <> o.paying_unit_id
    FROM once m JOIN once o ON o.identity_id = m.identity_id AND o.programme_id = m.programme_id AND o.enrolment_id <> m.enrolment_id
    WHERE m.batch_id = ANY(%(batches)s)
), paid_into AS MATERIALIZED (
    SELECT p.batch_id, p.id AS payment_id, a.number_id, l.cycle_id
    FROM payments_payment p JOIN payments_paymentbatch l ON l.id = p.batch_id JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
    WHERE p.batch_id = ANY(%(batches)s) AND p.status <> 'CANCELLED'
), beside AS MATERIALIZED (
    -- Everybody this month's lists pay into the same account, and as whose account they have it.
    SELECT i.cycle_id, i.number_id, q.id AS payment_id, c.holder_kind, coalesce(d.same_as_id, d.id) AS person_id
    FROM (SELECT DISTINCT cycle_id, number_id FROM paid_into) i JOIN beneficiaries_bankaccount c ON c.number_id = i.number_id
    JOIN payments_payment q ON q.bank_account_id = c.id AND q.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED')
    JOIN payments_paymentbatch k ON k.id = q.batch_id AND k.cycle_id = i.cycle_id
    JOIN beneficiaries_beneficiary d ON d.id = q.beneficiary_id
), unusual AS (
    SELECT s.cycle_id, s.number_id FROM (SELECT cycle_id, number_id, {SHARERS} FROM beside GROUP BY cycle_id, number_id) s WHERE {UNUSUAL}
), found AS (
    SELECT batch_id, CASE WHEN elsewhere THEN 'PAID_ELSEWHERE' ELSE 'SAME_PERSON' END AS kind, payment_id, other_id FROM granted_twice
    UNION
    SELECT f.batch_id, CASE WHEN f.programme_id <> f.other_programme THEN 'EXCLUDED' WHEN f.paying_unit_id <> f.other_unit THEN 'PAID_ELSEWHERE'
                            ELSE 'SAME_PERSON' END, f.payment_id, f.other_id
    FROM one_person f JOIN beneficiaries_benefitcategory a ON a.id = f.category_id JOIN beneficiaries_programme pa ON pa.id = a.programme_id
    JOIN beneficiaries_benefitcategory b ON b.id = f.other_category
    WHERE f.payment_id <> f.other_id AND {excluding("f.month")}
    UNION
    SELECT m.batch_id, CASE WHEN m.paying_unit_id = o.paying_unit_id THEN 'SAME_NAME' ELSE 'NAME_ELSEWHERE' END, m.payment_id, o.payment_id
    FROM mine m JOIN others o ON o.name_key = m.name_key AND o.birth_date = m.birth_date
         AND o.programme_id = m.programme_id AND o.month = m.month AND o.root <> m.root
    WHERE (o.unit_id = m.unit_id OR o.paying_unit_id <> m.paying_unit_id) AND (o.identity_id IS NULL OR m.identity_id IS NULL)
    UNION
    SELECT i.batch_id, 'SHARED_ACCOUNT', i.payment_id, q.payment_id
    FROM unusual u JOIN paid_into i USING (cycle_id, number_id) JOIN beside q USING (cycle_id, number_id)
    JOIN beside m ON m.payment_id = i.payment_id WHERE q.person_id <> m.person_id
    UNION
    SELECT p.batch_id, 'ACCOUNT_LOST', p.id, p.id
    FROM payments_payment p JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
    WHERE p.batch_id = ANY(%(batches)s) AND p.status = 'DRAFT' AND NOT {payable("a")}
    UNION
    SELECT p.batch_id, 'PAYEE_DIED', p.id, p.id
    FROM payments_payment p WHERE p.batch_id = ANY(%(batches)s) AND p.status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING') AND {in_a_dead_name("p")}
    UNION
    SELECT p.batch_id, 'CORRECTED_SINCE', p.id, p.id
    FROM payments_payment p JOIN payments_paymentbatch l ON l.id = p.batch_id JOIN payments_cycle y ON y.id = l.cycle_id
    JOIN beneficiaries_correction c ON c.beneficiary_id = p.beneficiary_id AND c.status = 'IN_FORCE' AND c.decided_at > y.built_at
    JOIN beneficiaries_beneficiary b ON b.id = c.beneficiary_id
    WHERE p.batch_id = ANY(%(batches)s) AND p.status <> 'CANCELLED' AND p.payee_name = c.full_name_before AND c.full_name_after <> ''
      AND p.payee_name <> b.full_name
    UNION
    SELECT p.batch_id, 'PAYEE_CHANGED', p.id, p.id
    FROM payments_payment p JOIN payments_paymentbatch l ON l.id = p.batch_id JOIN payments_cycle y ON y.id = l.cycle_id
    JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id
    JOIN beneficiaries_payeerelation r ON r.beneficiary_id = p.beneficiary_id AND r.kind <> 'AUTHORISED' AND r.valid_from <= y.pay_on
    WHERE p.batch_id = ANY(%(batches)s) AND p.status = 'DRAFT' AND p.bank_account_id IS NULL AND p.payee_name <> b.full_name
      -- ended by the day of paying, or somebody else was recorded since and holds then
      AND (r.full_name = p.payee_name AND r.ended_on <= y.pay_on
           OR r.full_name <> p.payee_name AND r.recorded_at > y.built_at AND (r.ended_on IS NULL OR r.ended_on > y.pay_on))
      AND NOT EXISTS (SELECT 1 FROM beneficiaries_payeerelation h WHERE h.beneficiary_id = p.beneficiary_id AND h.full_name = p.payee_name
                      AND h.valid_from <= y.pay_on AND (h.ended_on IS NULL OR h.ended_on > y.pay_on))
      AND NOT EXISTS (SELECT 1 FROM beneficiaries_decision d JOIN beneficiaries_enrolment n ON n.id = d.enrolment_id  -- to the heir, by decision
                      WHERE n.beneficiary_id = p.beneficiary_id AND d.kind = 'PAY_OUT' AND d.payee_name = p.payee_name)
)
SELECT f.batch_id, f.kind, f.payment_id, f.other_id, coalesce(n.reason, ''), o.batch_id
FROM found f JOIN payments_paymentbatch l ON l.id = f.batch_id JOIN payments_payment o ON o.id = f.other_id
LEFT JOIN payments_conflictnote n ON n.batch_id = f.batch_id AND n.revision = l.revision AND n.kind = f.kind
     AND n.payment_id = f.payment_id AND n.other_id = f.other_id
WHERE f.payment_id <> f.other_id OR f.kind IN ('SAME_PERSON', 'ACCOUNT_LOST', 'PAYEE_DIED', 'CORRECTED_SINCE', 'PAYEE_CHANGED')
ORDER BY f.kind, f.payment_id, f.other_id
"""


def conflicts_of(*, batch_ids: Sequence[int]) -> list[Conflict]:
    """Everything that stands against these lists now, warnings looked into included; hard ones first."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {"batches": list(batch_ids)})
        rows = cursor.fetchall()
    found = [Conflict(batch, ConflictKind(kind), *rest) for batch, kind, *rest in rows]
    return sorted(found, key=lambda conflict: not conflict.hard)


def require_settled(*, batches: Iterable[PaymentBatch], step: Step) -> None:
    """At every step nobody may be on twice; the maker also mends lost accounts, and says why each warning may stand.

    Raises `ListHasConflicts`, `ListHasWarnings`.
    """
    found = conflicts_of(batch_ids=[batch.pk for batch in batches])
    stops = HARD if step is Step.MAKER else TWICE
    if hard := [conflict for conflict in found if conflict.kind in stops]:
        raise ListHasConflicts(conflicts=_named(hard))
    if step is Step.MAKER and (soft := [conflict for conflict in found if conflict.open]):
        raise ListHasWarnings(conflicts=_named(soft))


@transaction.atomic
def note_conflicts(
    *, batch_id: int, pairs: Sequence[tuple[ConflictKind, int, int]] | None, reason: str, actor: User, now: datetime
) -> int:
    """The maker lets warnings of a list in draft stand (all open ones for None) and says why; returns how many were noted.

    Raises `NoSuchWarning` for a pair that is no open warning of the list, `WrongBatchState`, `NotAllowed`.
    """
    batch = PaymentBatch.objects.select_for_update(of=("self",)).select_related("paying_unit").get(pk=batch_id)
    require(actor, Right.SUBMIT, unit=batch.paying_unit)
    if batch.status != BatchStatus.DRAFT:
        raise WrongBatchState(conflicts=[str(batch_id)])
    soft = {
        (conflict.kind, conflict.payment_id, conflict.other_id)
        for conflict in conflicts_of(batch_ids=[batch_id])
        if conflict.open and not conflict.hard
    }
    wanted = soft if pairs is None else set(pairs)
    if unknown := wanted - soft:
        raise NoSuchWarning(conflicts=sorted(f"{kind}:{payment}:{other}" for kind, payment, other in unknown))
    notes = [
        ConflictNote(
            batch=batch,
            revision=batch.revision,
            kind=kind,
            payment_id=payment,
            other_id=other,
            reason=reason,
            noted_by=actor,
            noted_at=now,
        )
        for kind, payment, other in sorted(wanted)
    ]
    return len(ConflictNote.objects.bulk_create(notes))


def _named(conflicts: Sequence[Conflict]) -> list[str]:
    """`list:kind:payment:other`, so that each can be looked up; at most fifty, the rest is on the list's own page."""
    return [f"{c.batch_id}:{c.kind}:{c.payment_id}:{c.other_id}" for c in conflicts[:50]]
