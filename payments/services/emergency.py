"""Emergency help (trợ giúp xã hội khẩn cấp) to people who need not be enrolled: a record of one month each, paid in hand.

Source: Decree 20/2021/NĐ-CP chapter III; the decision names everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from beneficiaries.linkage.names import name_key, sort_key
from beneficiaries.models import Beneficiary, Programme
from payments.services.one_off import Order, grant_once
from staff.bulk import draw_ids
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody the decision names and no registry does."""

    full_name: str
    sex: str
    unit: AdministrativeUnit
    birth_year: int | None = None
    hamlet: str = ""


@transaction.atomic
def grant_emergency(
    *, programme: Programme, newcomers: Sequence[Newcomer], order: Order, actor: User, now: datetime
) -> int:
    """Grant it to each newcomer once: the same name, birth year and commune under the same grant is the same person. Returns how many are new.

    Raises `OneOffImpossible`, `NotAllowed`.
    """
    for unit in {newcomer.unit.pk: newcomer.unit for newcomer in newcomers}.values():
        require(actor, Right.RECORD_DECISION, unit=unit)
    Programme.objects.select_for_update().get(pk=programme.pk)
    granted = Beneficiary.objects.filter(enrolments__programme=programme)
    known = set(granted.values_list("name_key", "birth_year", "unit_id"))
    fresh = {
        key: newcomer
        for newcomer in newcomers
        if (key := (name_key(newcomer.full_name), newcomer.birth_year, newcomer.unit.pk)) not in known
    }
    people = [
        Beneficiary(
            pk=pk,
            full_name=newcomer.full_name,
            name_key=key[0],
            sort_key=sort_key(newcomer.full_name),
            birth_year=newcomer.birth_year,
            sex=newcomer.sex,
            unit=newcomer.unit,
            hamlet=newcomer.hamlet,
        )
        for pk, (key, newcomer) in zip(draw_ids(Beneficiary, len(fresh)), fresh.items(), strict=True)
    ]
    Beneficiary.objects.bulk_create(people, batch_size=2000)
    return grant_once(programme=programme, people=people, order=order, actor=actor, now=now)
