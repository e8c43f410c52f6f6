"""Decisions to recover: what is owed, what instalments and receipts took, what is left; and money paid back at the counter."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from beneficiaries.models import Decision
from payments.errors import (
    NotToRecover,
    ReceiptRecorded,
)
from payments.models import FundingAccount, RecoveryReceipt
from payments.services.ledger.recovery_booking import book_receipt, book_recoveries
from payments.services.lists.calendar import first_list_of, months_after
from staff.errors import constraint_of
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


@dataclass(frozen=True)
class Recovery:
    """One decision to recover, in đồng: `planned` of `amount` is taken off payments on their way, `taken` off payments that arrived."""

    decision_id: int
    enrolment_code: str
    name: str
    unit_name: str
    number: str
    signed_on: date
    amount: int
    monthly_ceiling: int
    effective_month: date
    taken: int
    planned: int
    by_receipt: int
    monthly: int
    """đồng the next list takes at most, while the person is paid as in the last one; 0 when there is nothing to take from."""

    @property
    def left(self) -> int:
        """What nobody has paid back or is about to."""
        return self.amount - self.taken - self.planned - self.by_receipt

    def last_month(self, first: date) -> date | None:
        """The month whose list takes the last of it, if the next is `first` and each takes `monthly`; None without either."""
        begins = self.first_month(first)
        return months_after(begins, -(-self.left // self.monthly) - 1) if begins and self.left > 0 else None

    def first_month(self, first: date) -> date | None:
        """The month whose list takes the next instalment, if the next to be built is `first`; None when there is nothing to take from."""
        since = max(first, self.effective_month)
        return first_list_of(signed_on=self.signed_on, since=since) if self.monthly else None


# What an instalment may still take counts as planned: on a payment that lives, or that left nothing and still carries its money.
# Who moved takes the debt along: it is taken off where they are paid now, and shown there too.
_RECOVERIES = """
WITH RECURSIVE followed AS (
    SELECT n.continues_id AS enrolment_id FROM beneficiaries_enrolment n JOIN staff_administrativeunit u ON u.id = n.unit_id
    WHERE n.continues_id IS NOT NULL AND starts_with(u.path, %(path)s)
    UNION
    SELECT n.continues_id FROM beneficiaries_enrolment n JOIN followed f ON f.enrolment_id = n.id WHERE n.continues_id IS NOT NULL
)
SELECT d.id, n.code, b.full_name, u.name, d.number, d.signed_on, d.amount, coalesce(d.monthly_ceiling, d.amount), d.effective_month,
       coalesce(x.taken, 0), coalesce(x.planned, 0), coalesce(r.amount, 0),
       CASE WHEN m.amount IS NULL THEN 0 ELSE least(d.monthly_ceiling, m.amount * %(percent)s / 100,
            d.amount - coalesce(x.taken, 0) - coalesce(x.planned, 0) - coalesce(r.amount, 0)) END
FROM beneficiaries_decision d JOIN beneficiaries_enrolment n ON n.id = d.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
JOIN staff_administrativeunit u ON u.id = n.unit_id
LEFT JOIN LATERAL (
    SELECT sum(x.amount) FILTER (WHERE p.status = 'POSTED') AS taken,
           sum(x.amount) FILTER (WHERE p.status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING') OR (p.status IN ('FAILED', 'RETURNED', 'CANCELLED')
               AND EXISTS (SELECT 1 FROM payments_entitlement e WHERE e.payment_id = p.id))) AS planned
    FROM payments_deduction x JOIN payments_payment p ON p.id = x.payment_id WHERE x.decision_id = d.id) x ON true
LEFT JOIN LATERAL (SELECT sum(amount) AS amount FROM payments_recoveryreceipt WHERE decision_id = d.id) r ON true
LEFT JOIN LATERAL (
    -- What the person was paid last, where they are paid now; nothing is taken from whose right has ended or rests.
    WITH RECURSIVE moved AS (
        SELECT d.enrolment_id AS id UNION ALL SELECT c.id FROM beneficiaries_enrolment c JOIN moved ON c.continues_id = moved.id
    )
    SELECT e.amount FROM moved JOIN beneficiaries_enrolment c ON c.id = moved.id
    JOIN payments_entitlement e ON e.enrolment_id IN (SELECT id FROM moved) AND e.kind = 'REGULAR' AND e.corrects_id IS NULL
                               AND e.not_payable_reason = '' AND e.withdrawn_in_id IS NULL
    WHERE (c.ended_month IS NULL OR c.ended_month > %(first)s) AND (c.suspended_month IS NULL OR c.suspended_month > %(first)s)
    ORDER BY e.month DESC, e.id DESC LIMIT 1) m ON true
WHERE d.kind = 'RECOVER' AND (starts_with(u.path, %(path)s) OR d.enrolment_id IN (SELECT enrolment_id FROM followed))
  AND (%(decision)s::bigint IS NULL OR d.id = %(decision)s)
ORDER BY d.signed_on, d.id
"""


def recoveries_of(
    *, unit: AdministrativeUnit, decision_id: int | None = None, first: date = date.min
) -> list[Recovery]:
    """Decisions to recover from people of the subtree, the oldest first; settled ones too, with nothing left.

    `first`: the next month to be built, by which a right that has ended or rests gives no instalment (`monthly`).
    """
    given = {"path": unit.path, "decision": decision_id, "first": first, "percent": settings.RECOVERY_MAX_PERCENT}
    with connection.cursor() as cursor:
        cursor.execute(_RECOVERIES, given)
        return [Recovery(*row[:9], *map(int, row[9:])) for row in cursor.fetchall()]


@transaction.atomic
def record_receipt(
    *, decision: Decision, number: str, amount: int, received_on: date, actor: User, now: datetime
) -> RecoveryReceipt:
    """Record and book what was paid back at the counter (đồng). The same receipt again is the same row.

    Raises `NotToRecover` (the decision is of another kind, no paying unit keeps a journal, or more than is left: instalments on payments
    under way count), `ReceiptRecorded` when the number stands with another amount or day, `NotAllowed`.
    """
    unit = decision.enrolment.unit
    require(actor, Right.RECONCILE, unit=unit)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payments:recoveries'))")  # as the triggers do
    said = {"amount": amount, "received_on": received_on}
    if known := RecoveryReceipt.objects.filter(decision=decision, number=number).first():
        if any(getattr(known, name) != value for name, value in said.items()):
            raise ReceiptRecorded(conflicts=[number])
        return known
    account = _account_for(unit)
    found = recoveries_of(unit=unit, decision_id=decision.pk)
    if account is None or not found or amount > found[0].left:
        raise NotToRecover(conflicts=[f"{found[0].left} đ" if found else decision.number])
    try:
        with transaction.atomic():
            receipt = RecoveryReceipt.objects.create(
                decision=decision, number=number, recorded_by=actor, recorded_at=now, **said
            )
    except IntegrityError as error:
        if constraint_of(error) == "recovered_at_most_what_was_decided":
            raise NotToRecover(conflicts=[decision.number]) from error
        raise
    book_recoveries(account=account, now=now)
    book_receipt(receipt=receipt, account=account, now=now)
    return receipt


def _account_for(unit: AdministrativeUnit) -> FundingAccount | None:
    """Of the nearest unit at or above that pays from one."""
    codes = unit.path.strip("/").split("/")
    paths = ["/" + "/".join(codes[:length]) + "/" for length in range(1, len(codes) + 1)]
    accounts = FundingAccount.objects.filter(paying_unit__path__in=paths).select_related("paying_unit")
    return max(accounts, key=lambda account: len(account.paying_unit.path), default=None)
