"""Take payments off lists where no person decides it: what changed for the worse since signing, and deaths. Each leaves a slip to be signed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from beneficiaries.services.accounts.account_choice import payable
from payments.models import Contradiction, Payment, RemovalSlip
from payments.services.lists.emptied import cancel_emptied
from payments.services.lists.holding_lists import hold_lists_of
from payments.services.lists.in_a_dead_name import in_a_dead_name
from payments.states import BatchStatus, Cause, PaymentStatus

# An account that lost its standing; a person who has died, or is asked about after a death notice: the money stays, and the
# next list carries it another way.
_CHANGED = f"""
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
       OR (a.id IS NOT NULL AND NOT {payable("a")}))
"""
# Who is on a slip somebody asked for is held already, and is not put back by this.
_NO_SLIP_YET = "NOT EXISTS (SELECT 1 FROM payments_removalslip s WHERE s.payment_id = p.id AND s.refused_at IS NULL)"
# Released and not sent, into an account of which the bank has said since that it takes no money, or of somebody who was replaced: the order would
# only fail, or go astray. A worker that has it under its lease may be about to send it.
_LOST_ITS_ACCOUNT = f"""
SELECT p.id FROM payments_payment p
JOIN payments_paymentbatch l ON l.id = p.batch_id AND l.status = 'RELEASED' AND l.channel = 'ACCOUNT'
JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
WHERE p.status = 'READY' AND NOT {payable("a")} AND {_NO_SLIP_YET}
"""
# Not sent, not handed over: transfers and cash alike. The dead are few, what waits may be a million: those are looked for.
_NAMES_THE_DEAD = f"""
SELECT DISTINCT p.id FROM beneficiaries_payeerelation d
JOIN payments_payment p ON p.beneficiary_id = d.beneficiary_id AND p.status = 'READY'
JOIN payments_paymentbatch l ON l.id = p.batch_id AND l.status = 'RELEASED'
WHERE d.end_reason = 'DECEASED' AND {in_a_dead_name("p")} AND {_NO_SLIP_YET}
"""
_OF_THE_DEAD = f"""
SELECT p.id FROM payments_payment p WHERE p.batch_id = ANY(%s) AND p.status = 'DRAFT' AND {in_a_dead_name("p")}
"""
PAYEE_DIED = "Người nhận thay đã mất; chi lại cho chính người hưởng, hoặc người nhận thay mới"


def stop_changed_since_signed(*, batch_ids: Sequence[int], now: datetime) -> int:
    """At release, stop payments whose account or life status changed for the worse since the list was signed."""
    dead = [payment.pk for payment in Payment.objects.raw(_OF_THE_DEAD, [list(batch_ids)])]
    stopped = stop_at_once(payment_ids=dead, ground=RemovalSlip.Ground.CHANGED, reason=PAYEE_DIED, now=now)
    changed = [payment.pk for payment in Payment.objects.raw(_CHANGED, [list(batch_ids)])]
    return stopped + stop_at_once(payment_ids=changed, ground=RemovalSlip.Ground.CHANGED, now=now)


@transaction.atomic
def stop_lost_accounts(*, now: datetime) -> int:
    """Take off released lists who waits to be sent into an account that was lost meanwhile, or to a payee who died; they are paid again within
    the month another way."""
    stopped = stop_dead_names(now=now)
    lost = [payment.pk for payment in Payment.objects.raw(_LOST_ITS_ACCOUNT)]
    return stopped + stop_at_once(payment_ids=lost, ground=RemovalSlip.Ground.CHANGED, now=now)


@transaction.atomic
def stop_dead_names(*, now: datetime) -> int:
    """Take off released lists what waits in the name of a payee who died, cash or transfer; it is paid to the person within the month."""
    dead = [payment.pk for payment in Payment.objects.raw(_NAMES_THE_DEAD)]
    return stop_at_once(payment_ids=dead, ground=RemovalSlip.Ground.CHANGED, reason=PAYEE_DIED, now=now)


def stop_at_once(*, payment_ids: Sequence[int], ground: RemovalSlip.Ground, now: datetime, reason: str = "") -> int:
    """Cancel what is not with the bank or provider; on signed lists with a slip that checker and releaser sign afterwards. Returns how many.

    `reason` is what the slip says where the ground alone says too little.
    """
    if not payment_ids:
        return 0
    hold_lists_of(payment_ids)
    rows = Payment.objects.filter(pk__in=payment_ids, status__in=(PaymentStatus.DRAFT, PaymentStatus.READY))
    # In the order of their ids, locked: a worker that claims meanwhile comes before or after, never between slip and stop.
    stoppable = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", "batch__status"))
    signed = [pk for pk, status in stoppable if status != BatchStatus.DRAFT]
    # A slip somebody asked for is overtaken by what happened: its own two signatures are no longer waited for.
    RemovalSlip.objects.filter(payment__in=signed, refused_at__isnull=True).update(
        refused_at=now, refused_by=F("requested_by"), refusal_note=f"Thay bằng phiếu: {ground.label}."
    )
    RemovalSlip.objects.bulk_create(
        [
            RemovalSlip(payment_id=pk, ground=ground, reason=reason or str(ground.label), requested_at=now)
            for pk in signed
        ]
    )
    return cancel(payment_ids=[pk for pk, _ in stoppable], now=now)


def cancel(*, payment_ids: Sequence[int], now: datetime) -> int:
    """STOP, confirmed at once unless it was ever offered to the bank: that one is confirmed only by the bank, however surely it was not taken.

    Nor is what was contradicted: something under its id may have gone all the same. A draft of which nobody is left is cancelled with them.
    """
    rows = Payment.objects.filter(pk__in=payment_ids)
    never_offered = rows.filter(cause__in=(Cause.BUILD, Cause.RELEASE))
    surely_not = never_offered.exclude(pk__in=Contradiction.objects.filter(payment__in=payment_ids).values("payment"))
    confirmed = surely_not.apply(Cause.STOP, now=now, confirmed_at=now)
    stopped = confirmed + rows.apply(Cause.STOP, now=now)
    cancel_emptied(batch_ids=sorted({*rows.values_list("batch_id", flat=True)}), now=now)
    return stopped
