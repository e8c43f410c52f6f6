"""Take payments off a list: a list is a ceiling, so stopping is always allowed until the bank may hold the money."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from payments.errors import CannotStop
from payments.models import Payment
from payments.states import Cause, PaymentStatus
from staff.models import User
from staff.rights import Right, require

# An account that lost its standing a person who has died, or is asked about after a death notice: the money stays, and the next list carries it another way.
_CHANGED = """
SELECT p.id FROM payments_payment p
JOIN payments_paymentbatch l ON l.id = p.batch_id JOIN payments_cycle c ON c.id = l.cycle_id
JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id
JOIN beneficiaries_life r ON r.beneficiary_id = b.id
LEFT JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
LEFT JOIN (SELECT t.payment_id, bool_and(n.ended_month <= t.month OR n.suspended_month <= t.month) AS over
           FROM payments_entitlement t JOIN beneficiaries_enrolment n ON n.id = t.enrolment_id GROUP BY t.payment_id) o ON o.payment_id = p.id
WHERE p.batch_id = ANY(%s) AND p.status = 'DRAFT'
  AND NOT EXISTS (SELECT 1 FROM beneficiaries_decision d JOIN beneficiaries_enrolment n ON n.id = d.enrolment_id  -- to the heir, by decision
                  WHERE n.beneficiary_id = p.beneficiary_id AND d.kind = 'PAY_OUT' AND d.payee_name = p.payee_name)
  AND (r.deceased_on < c.month OR r.notice_on < c.month OR o.over
       OR (a.id IS NOT NULL AND (a.status NOT IN ('OPENED', 'VERIFIED') OR (a.status = 'OPENED' AND a.last_credited_month IS NULL))))
"""


@transaction.atomic
def stop_payment(*, payment_id: int, actor: User, now: datetime) -> None:
    """Take one payment off its list (phiếu rút tên). Raises `CannotStop` once it was sent: then the bank is asked to cancel."""
    payment = Payment.objects.select_related("batch__paying_unit").get(pk=payment_id)
    require(actor, Right.STOP_PAYMENT, unit=payment.batch.paying_unit)
    row = Payment.objects.filter(pk=payment_id)
    # One that was ever offered to the bank is confirmed only by the bank, however surely it was not taken.
    never_offered = row.filter(cause__in=(Cause.BUILD, Cause.RELEASE)).apply(Cause.STOP, now=now, confirmed_at=now)
    if not never_offered and not row.apply(Cause.STOP, now=now):
        raise CannotStop(conflicts=[payment.end_to_end_id])


def stop_changed_since_signed(*, batch_ids: Sequence[int], now: datetime) -> int:
    """At release, stop payments whose account or life status changed for the worse since the list was signed."""
    changed = [payment.pk for payment in Payment.objects.raw(_CHANGED, [list(batch_ids)])]
    return Payment.objects.filter(pk__in=changed, status=PaymentStatus.DRAFT).apply(
        Cause.STOP, now=now, confirmed_at=now
    )
