"""A death told at the desk about a person on the screen: the same message a feed would send, with the number the register knows."""

from datetime import date, datetime

from beneficiaries.models import Beneficiary, LifeEvent
from beneficiaries.parsers.life_events import IncomingEvent
from beneficiaries.services.numbers import NumberUnreadable, reveal_identity_number
from payments.errors.seen import NoticeRefused, NumberNotKnown
from payments.services.life.receive import Received, receive
from staff.models import User

ALTERED = "Số định danh của người này lưu trong hệ thống không còn nguyên vẹn; mời ghi lại số trên giấy tờ và báo người quản trị."


def report_death(
    *,
    beneficiary: Beneficiary,
    event_id: str,
    issued_at: datetime,
    reported_by: str,
    occurred_on: date,
    actor: User,
    now: datetime,
) -> Received:
    """Keep the message under `event_id` (the sender's, once) and weigh it at once; the same message again changes nothing.

    `beneficiary` comes with its number and identity. Raises `NumberNotKnown` (nobody could be meant by the message), `NoticeRefused` with the
    reason in words (a day to come, a source the actor does not speak for), `NotAllowed`.
    """
    number = beneficiary.number or (beneficiary.identity.number if beneficiary.identity else None)
    if number is None:
        raise NumberNotKnown
    try:
        digits = reveal_identity_number(number.sealed, digest=number.digest)
    except NumberUnreadable as error:
        raise NoticeRefused(ALTERED) from error
    told = IncomingEvent(
        position=1,
        event_id=event_id,
        source=reported_by,
        kind=LifeEvent.Kind.DEATH,
        issued_at=issued_at,
        occurred_on=occurred_on,
        number=digits,
        full_name=beneficiary.full_name,
        birth_year=beneficiary.birth_year,
    )
    received = receive(events=[told], actor=actor, now=now)
    if received.recorded.problems:
        raise NoticeRefused(received.recorded.problems[0][1])
    return received
