"""The lines of a list that goes to a provider: each payment with what it is made of, in the parts people know."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum

from payments.models import Deduction, Entitlement, Payment, PaymentBatch, StopNotice
from payments.services.providers.points import PointFinder
from payments.states import PaymentStatus
from staff.time_zone import VIETNAM


@dataclass
class ListLine:
    """One payment on the list; amounts in đồng. `code` is the enrolment's (mã hồ sơ hưởng), `recovered` what a recovery takes off."""

    payment: Payment
    ordinal: int
    point: str = ""
    code: str = ""
    month: int = 0
    arrears: int = 0
    carried: int = 0
    recovered: int = 0
    stop_since: date | None = None
    codes: set[str] = field(default_factory=set)

    def add(self, entitlement: Entitlement, *, batch: PaymentBatch) -> None:
        """Put an entitlement's amount in its column: this month (or one paid ahead), arrears of this list, or an earlier month not received."""
        self.code = self.code or entitlement.enrolment.code
        self.codes.add(entitlement.enrolment.code)
        if entitlement.cycle_id != batch.cycle_id:
            self.carried += entitlement.amount
        elif entitlement.corrects_id or entitlement.month < batch.cycle.month:
            self.arrears += entitlement.amount
        else:
            self.month += entitlement.amount


def lines_of(batch: PaymentBatch, *, points: PointFinder) -> list[ListLine]:
    """The lines in the order of the list, numbered as printed, without payments that were stopped, are held, or wait for a doubt to end."""
    payments = (
        Payment.objects.filter(batch=batch)
        .exclude(status__in=(PaymentStatus.CANCELLED, PaymentStatus.DRAFT, PaymentStatus.READY))
        .select_related("beneficiary__unit", "bank_account__number")
        .order_by("ordinal")
    )
    lines = {
        payment.pk: ListLine(payment=payment, ordinal=ordinal, point=points.point_of(payment.beneficiary))
        for ordinal, payment in enumerate(payments, start=1)
    }
    for entitlement in Entitlement.objects.filter(payment__batch=batch).select_related("enrolment").order_by("id"):
        if entitlement.payment_id in lines:
            lines[entitlement.payment_id].add(entitlement, batch=batch)
    taken = Deduction.objects.filter(payment__batch=batch).values_list("payment").annotate(total=Sum("amount"))
    for payment_id, amount in taken:
        if payment_id in lines:
            lines[payment_id].recovered = amount
    for notice in StopNotice.objects.filter(payment__batch=batch, withdrawn_at__isnull=True):
        if notice.payment_id in lines:
            lines[notice.payment_id].stop_since = notice.opened_at.astimezone(VIETNAM).date()
    return list(lines.values())
