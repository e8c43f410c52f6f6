"""Every notice that says somebody died and that nobody has answered: the one that holds the money, and those beside it."""

from collections.abc import Collection

from beneficiaries.models import LifeEvent, LifeStatus
from beneficiaries.services.life_events.people import find_people, gather_events
from beneficiaries.services.life_events.settle import answers_to
from beneficiaries.services.life_events.weigh import weigh


def open_notices(beneficiary_ids: Collection[int], *, held: bool = False) -> dict[int, list[LifeEvent]]:
    """By beneficiary, the day of death said first; only of those whose money a notice holds. `held`: lock the people, for whoever answers."""
    ids = set(beneficiary_ids)
    holding = LifeStatus.objects.filter(pk__in=ids, notice__isnull=False).values_list("notice_id", flat=True)
    events = gather_events(list(holding))
    people = find_people(events, lock=held) if events else []
    answers = answers_to(events)
    return {
        person.beneficiary.pk: weigh(person.facts, answers=answers).asked
        for person in people
        if person.beneficiary.pk in ids
    }
