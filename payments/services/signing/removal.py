"""Take one person off a list: directly while it is in draft, afterwards by a slip that checker and releaser sign. A list is a ceiling."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction

from payments.errors import (
    CannotStop,
    SlipAlreadyOpen,
    SlipIsSettled,
    SlipSignerAlreadySigned,
)
from payments.errors.signing import SignatureOutOfTime
from payments.models import Payment, RemovalSlip, SlipSignature
from payments.services.learning.case_solutions import solve_cases_of
from payments.services.lists.holding_lists import hold_lists_of
from payments.services.lists.makers import record_removal
from payments.services.signing.authority import RIGHT_OF, authority_of, title_of
from payments.services.signing.stop import cancel
from payments.states import ON_A_SLIP, BatchStatus, Channel, PaymentStatus, Step
from staff.errors import NotAllowed, Refusal, constraint_of
from staff.models import Delegation, User
from staff.rights import Right, no_right, require

SLIP_STEPS = (Step.CHECKER, Step.RELEASER)
_REFUSED_BY: dict[str, type[Refusal]] = {
    "slip_signer_once": SlipSignerAlreadySigned,
    "slip_step_once": SlipSignerAlreadySigned,
    "slip_signer_has_the_role": NotAllowed,
    "slip_is_signed_at_its_moment": SignatureOutOfTime,
}

_WHY_NOT = {
    (
        PaymentStatus.SENT,
        Channel.ACCOUNT,
    ): "Khoản chi đã gửi ngân hàng, không rút tên được; mời lập thông báo dừng chi.",
    (
        PaymentStatus.PROCESSING,
        Channel.ACCOUNT,
    ): "Ngân hàng đang xử lý khoản chi, không rút tên được; mời lập thông báo dừng chi.",
    (
        PaymentStatus.PROCESSING,
        Channel.CASH,
    ): "Danh sách đã giao tổ chức chi trả, không rút tên được; mời lập thông báo dừng chi.",
    (
        PaymentStatus.POSTED,
        Channel.ACCOUNT,
    ): "Tiền đã ghi có vào tài khoản, không rút tên được; nếu chi sai, mời đề nghị thu hồi.",
    (
        PaymentStatus.POSTED,
        Channel.CASH,
    ): "Người hưởng đã ký nhận, không rút tên được; nếu chi sai, mời đề nghị thu hồi.",
    (
        PaymentStatus.FAILED,
        Channel.ACCOUNT,
    ): "Khoản chi không chuyển được, tiền không rời tài khoản chi trả; không cần rút tên.",
    (PaymentStatus.FAILED, Channel.CASH): "Người hưởng chưa nhận, tiền chuyển sang kỳ sau; không cần rút tên.",
    (PaymentStatus.RETURNED, Channel.ACCOUNT): "Ngân hàng đã hoàn trả khoản chi; không cần rút tên.",
    (PaymentStatus.CANCELLED, Channel.ACCOUNT): "Khoản chi đã được rút khỏi danh sách.",
    (PaymentStatus.CANCELLED, Channel.CASH): "Khoản chi đã được rút khỏi danh sách.",
}


def why_not(payment: Payment) -> str:
    """Why this payment can't be taken off its list any more, and what to do instead; `payment.batch` is loaded."""
    return _WHY_NOT.get((PaymentStatus(payment.status), Channel(payment.batch.channel)), CannotStop.sentence)


@transaction.atomic
def take_off(
    *, payment_id: int, reason: str, document_number: str = "", actor: User, now: datetime
) -> RemovalSlip | None:
    """Take a payment off its list. None when the list was in draft: done, and the actor is a maker of the list from now on.

    Else the slip: the payment is held at once, and cancelled when checker and releaser have signed the slip. Raises `CannotStop` for what
    the bank or provider has, `SlipAlreadyOpen`, `NotAllowed`.
    """
    hold_lists_of([payment_id])
    payment = Payment.objects.select_for_update(of=("self",)).select_related("batch__paying_unit").get(pk=payment_id)
    batch = payment.batch
    require(actor, Right.STOP_PAYMENT, unit=batch.paying_unit)
    if payment.status not in (PaymentStatus.DRAFT, PaymentStatus.READY):
        raise CannotStop(why_not(payment), conflicts=[payment.end_to_end_id])
    if batch.status == BatchStatus.DRAFT:
        record_removal(batch=batch, maker=actor, now=now)
        cancel(payment_ids=[payment_id], now=now)
        return None
    try:
        with transaction.atomic():
            slip = RemovalSlip.objects.create(
                payment=payment,
                ground=RemovalSlip.Ground.REQUESTED,
                reason=reason,
                document_number=document_number,
                requested_by=actor,
                requested_at=now,
            )
    except IntegrityError as error:
        raise SlipAlreadyOpen(conflicts=[payment.end_to_end_id]) from error
    Payment.objects.filter(pk=payment_id, hold_code="").update(hold_code=ON_A_SLIP)
    return slip


@transaction.atomic
def sign_slip(*, slip_id: int, actor: User, now: datetime) -> bool:
    """Checker or releaser (or a delegate) signs the slip alone; True when it was the second signature and the payment is off the list.

    Raises `SlipIsSettled`, `SlipSignerAlreadySigned`, `SignatureOutOfTime`, `NotAllowed`.
    """
    slip = _locked(slip_id)
    step, delegation = _step_of(slip, actor=actor, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_slip_digest(%s)", [slip_id])
        digest = cursor.fetchone()[0]
    try:
        with transaction.atomic():
            SlipSignature.objects.create(
                slip=slip,
                step=step,
                signer=actor,
                delegation=delegation,
                signed_as=title_of(step=step, batch=slip.payment.batch, delegation=delegation),
                digest=digest,
                signed_at=now,
            )
    except IntegrityError as error:
        refusal = _REFUSED_BY.get(constraint_of(error))
        if refusal is None:
            raise
        raise refusal(conflicts=[str(slip_id)]) from error
    complete = slip.signatures.count() == len(SLIP_STEPS)
    if complete and slip.ground == RemovalSlip.Ground.REQUESTED:
        cancel(payment_ids=[slip.payment_id], now=now)
        solve_cases_of(payment=slip.payment, actor=actor, note=slip.reason, now=now)
    return complete


@transaction.atomic
def refuse_slip(*, slip_id: int, note: str, actor: User, now: datetime) -> None:
    """Checker or releaser says no: the payment goes on as it was signed. Not for what the product itself had to stop.

    Raises `SlipIsSettled`, `NotAllowed`.
    """
    slip = _locked(slip_id)
    if slip.ground != RemovalSlip.Ground.REQUESTED:
        _step_of(slip, actor=actor, now=now)
        raise SlipIsSettled(conflicts=[str(slip_id)])
    _step_of(slip, actor=actor, now=now)
    slip.refused_by, slip.refused_at, slip.refusal_note = actor, now, note
    slip.save(update_fields=["refused_by", "refused_at", "refusal_note"])
    Payment.objects.filter(pk=slip.payment_id, hold_code=ON_A_SLIP).update(hold_code="")


def _locked(slip_id: int) -> RemovalSlip:
    # The payment before the slip, as everywhere: two ways to the same rows in different order would wait for each other.
    Payment.objects.select_for_update().filter(slips=slip_id).first()
    slips = RemovalSlip.objects.select_for_update(of=("self",))
    return slips.select_related("payment__batch__paying_unit", "payment__batch__cycle").get(pk=slip_id)


def _step_of(slip: RemovalSlip, *, actor: User, now: datetime) -> tuple[Step, Delegation | None]:
    """The step the actor signs this slip at: by the own role first, then by delegation, one that is still open."""
    signed = set(slip.signatures.values_list("step", flat=True))
    held: list[tuple[Step, Delegation | None]] = []
    for step in SLIP_STEPS:
        try:
            held.append((step, authority_of(actor=actor, step=step, unit=slip.payment.batch.paying_unit, now=now)))
        except NotAllowed:
            continue
    if not held:
        raise no_right(actor, *(RIGHT_OF[step] for step in SLIP_STEPS))
    if slip.refused_at is not None or len(signed) == len(SLIP_STEPS):
        raise SlipIsSettled(conflicts=[str(slip.pk)])
    unsigned = [(step, delegation) for step, delegation in held if step not in signed]
    if not unsigned:
        raise SlipSignerAlreadySigned(conflicts=[str(slip.pk)])
    return unsigned[0]
