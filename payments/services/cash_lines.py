"""The lines of a cash list: each payment with what it is made of, in the columns people know."""

from dataclasses import dataclass
from datetime import date

from payments.models import Entitlement, Payment, PaymentBatch, StopNotice
from payments.services.learn import VIETNAM
from payments.states import PaymentStatus


@dataclass
class CashLine:
    """One payment on the list; amounts in đồng. `code` is the enrolment's (mã hồ sơ hưởng)."""

    payment: Payment
    code: str = ""
    month: int = 0
    arrears: int = 0
    carried: int = 0
    stop_since: date | None = None
    recovered: int = 0

    def add(self, entitlement: Entitlement, *, batch: PaymentBatch) -> None:
        """Put an entitlement's amount in its column: this month (or one paid ahead), arrears of this list, or an earlier month not received."""
        self.code = self.code or entitlement.enrolment.code
        if entitlement.cycle_id != batch.cycle_id:
            self.carried += entitlement.amount
        elif entitlement.corrects_id or entitlement.month < batch.cycle.month:
            self.arrears += entitlement.amount
        else:
            self.month += entitlement.amount


def cash_lines(batch: PaymentBatch) -> list[CashLine]:
    """The lines in the order of the list, without payments that were stopped, are held, or wait for a doubt to end."""
    payments = (
        Payment.objects.filter(batch=batch)
        .exclude(status__in=(PaymentStatus.CANCELLED, PaymentStatus.DRAFT, PaymentStatus.READY))
        .select_related("beneficiary__unit")
        .order_by("ordinal")
    )
    lines = {payment.pk: CashLine(payment=payment) for payment in payments}
    for entitlement in Entitlement.objects.filter(payment__in=lines).select_related("enrolment").order_by("id"):
        if entitlement.payment_id is not None:
            lines[entitlement.payment_id].add(entitlement, batch=batch)
    for notice in StopNotice.objects.filter(payment__in=lines, withdrawn_at__isnull=True):
        lines[notice.payment_id].stop_since = notice.opened_at.astimezone(VIETNAM).date()
    return list(lines.values())
