"""What a person found out about a death notice: it is confirmed, or the hold is lifted."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from beneficiaries.errors import NoticeNotOpen
from beneficiaries.models import LIVE, Case, LifeStatus, NoticeAnswer
from beneficiaries.services.life_events.notices import open_notices
from beneficiaries.services.life_events.settle import Settled, hold_settling, settle_life_events
from staff.models import User
from staff.rights import Right, require


@transaction.atomic
def answer_notice(
    *,
    beneficiary_id: int,
    answer: str,
    note: str,
    actor: User,
    now: datetime,
    notice: int | None = None,
    notices: Collection[int] = (),
) -> Settled:
    """Confirm or lift the notice that holds this person's money (`notice`, if that one was read); `note` says how it is known.

    Who is alive is alive whoever said otherwise: lifting answers every notice known by now, or of `notices` if those were read. One that comes
    later asks again. Who is dead died on the day that was confirmed: only that notice is. Money held becomes payable when nothing holds it any
    more. Raises `NoticeNotOpen` (also where another notice holds it by now), `NotAllowed`.
    """
    hold_settling()
    status = (
        LifeStatus.objects.select_for_update(of=("self",))
        .select_related("beneficiary__unit")
        .filter(pk=beneficiary_id, notice__isnull=False)
        .first()
    )
    if status is None or status.notice_id is None or notice not in (None, status.notice_id):
        raise NoticeNotOpen
    require(actor, Right.DECIDE_CASE, unit=status.beneficiary.unit)
    answered = {status.notice_id}
    if answer == NoticeAnswer.Answer.LIFT:
        known = {one.pk for one in open_notices([beneficiary_id], held=True).get(beneficiary_id, [])}
        answered |= known & set(notices) if notices else known
    NoticeAnswer.objects.bulk_create(
        NoticeAnswer(event_id=one, answer=answer, note=note, answered_by=actor, answered_at=now)
        for one in sorted(answered)
    )
    Case.objects.filter(beneficiary=beneficiary_id, kind=Case.Kind.DEATH, status__in=LIVE).update(
        status=Case.Status.SOLVED, decided_by=actor, decided_at=now, note=note[:300]
    )
    return settle_life_events(event_ids=sorted(answered), actor=actor, now=now)
