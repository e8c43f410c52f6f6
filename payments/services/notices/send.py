"""Send what waits. A notice is claimed and that is committed before the channel is called; an attempt more uses the same key."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from banks.limiter import Limiter
from beneficiaries.services.life_events.now import Life, life_of
from beneficiaries.services.numbers import last_four_of
from beneficiaries.services.receiving.contacts import reveal_phone
from payments.models import Notice
from payments.services.notices import wording
from payments.services.notices.channel import Channel, ChannelError, Message
from payments.services.notices.which import what_is_paid
from payments.states import PaymentStatus

CLAIM_AT_ONCE = 100
LEASE = timedelta(minutes=5)
FIRST_REST = timedelta(minutes=1)
MOST_ATTEMPTS = 6
Kind, Status = Notice.Kind, Notice.Status


def send_notices(
    *, channel: Channel, clock: Callable[[], datetime], limiter: Limiter, limit: int = CLAIM_AT_ONCE
) -> int:
    """Send up to `limit` waiting notices at the limiter's pace; returns how many were sent.

    News that is no longer true, or no longer wanted, is dropped. Two senders never hold the same notice; one that died gives it back after
    its lease, and the channel's key keeps the person from being told twice.
    """
    sent = 0
    for notice in _claim(now=clock(), limit=limit):
        message = _message(notice)
        if message is None:
            _end(notice, Status.DROPPED, now=clock())
            continue
        limiter.wait()
        try:
            channel.send(message)
        except ChannelError:
            _rest(notice, now=clock())
        else:
            sent += _end(notice, Status.SENT, now=clock())
    return sent


@transaction.atomic
def _claim(*, now: datetime, limit: int) -> list[Notice]:
    waiting = (
        Notice.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(status=Status.WAITING, not_before__lte=now)
        .select_related(
            "payment__batch__cycle",
            "payment__beneficiary__unit",
            "payment__beneficiary__phone",
            "payment__bank_account__number",
        )
        .prefetch_related("payment__entitlements")
        .order_by("pk")[:limit]
    )
    claimed = list(waiting)
    Notice.objects.filter(pk__in=[notice.pk for notice in claimed]).update(not_before=now + LEASE)
    lives = life_of([notice.payment.beneficiary_id for notice in claimed])
    still = {notice.pk: _is_true(notice, lives[notice.payment.beneficiary_id]) for notice in claimed}
    Notice.objects.filter(pk__in=[pk for pk, true in still.items() if not true]).update(status=Status.DROPPED)
    return [notice for notice in claimed if still[notice.pk]]


def _is_true(notice: Notice, life: Life) -> bool:
    phone, status = notice.payment.beneficiary.phone, notice.payment.status
    if phone.opted_out_at is not None or life.deceased_on is not None or life.notice_on is not None:
        return False
    if notice.kind == Kind.PAID:
        return status == PaymentStatus.POSTED
    if notice.kind == Kind.CASH_READY:
        return status == PaymentStatus.PROCESSING
    return status in (PaymentStatus.FAILED, PaymentStatus.RETURNED)


def _message(notice: Notice) -> Message | None:
    payment = notice.payment
    commune, kind = wording.commune_name(payment.beneficiary.unit.name)
    if not payment.entitlements.all():  # carried to a later payment meanwhile: that one will be told of
        return None
    template = {Kind.PAID: wording.PAID, Kind.CASH_READY: wording.CASH_READY}.get(
        Kind(notice.kind), wording.WAIT if payment.return_code in wording.NOTHING_TO_DO else wording.NOT_PAID
    )
    text = wording.fitted(
        template,
        commune=commune,
        kind=kind,
        name=wording.short_name(payment.beneficiary.full_name),
        what=what_is_paid(payment, in_cash=notice.kind == Kind.CASH_READY),
        last_four=last_four_of(payment.bank_account) if payment.bank_account else "",
        day=wording.short_day(payment.credited_on or payment.batch.cycle.pay_on),
        phone=settings.HOTLINE,
    )
    return Message(
        key=f"{payment.end_to_end_id}-{notice.kind}",
        phone=reveal_phone(payment.beneficiary.phone),
        sms=text,
    )


def _end(notice: Notice, status: Notice.Status, *, now: datetime) -> int:
    sent_at = now if status == Status.SENT else None
    return Notice.objects.filter(pk=notice.pk, status=Status.WAITING).update(
        status=status, sent_at=sent_at, attempts=notice.attempts + 1
    )


def _rest(notice: Notice, *, now: datetime) -> None:
    """Longer after each failure; after `MOST_ATTEMPTS` it is given up, and the list still says what became of the money."""
    attempts = notice.attempts + 1
    Notice.objects.filter(pk=notice.pk, status=Status.WAITING).update(
        attempts=attempts,
        not_before=now + FIRST_REST * 2**attempts,
        status=Status.GIVEN_UP if attempts >= MOST_ATTEMPTS else Status.WAITING,
    )
