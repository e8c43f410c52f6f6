"""Emergency help (trợ giúp xã hội khẩn cấp) to people who need not be enrolled: a record of one month each, paid in hand.

Source: Decree 20/2021/NĐ-CP chapter III; the decision names everybody.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from beneficiaries.linkage.names import name_key, sort_key
from beneficiaries.models import Beneficiary, Programme
from payments.errors import OneOffImpossible
from payments.services.once.one_off import Order, grant_once
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
    number_id: int | None = None


Key = tuple[str, int | None, int]


@transaction.atomic
def grant_emergency(
    *, programme: Programme, newcomers: Sequence[Newcomer], order: Order, actor: User, now: datetime
) -> int:
    """Grant it to each newcomer once; returns how many are new. Raises `OneOffImpossible`, `NotAllowed`."""
    if unborn := [one.full_name for one in newcomers if one.birth_year and one.birth_year > order.signed_on.year]:
        raise OneOffImpossible("Năm sinh ở sau năm ký quyết định; mời xem lại năm sinh.", conflicts=unborn)
    people = enter_newcomers(programme=programme, newcomers=newcomers, actor=actor)
    return grant_once(programme=programme, people=people, order=order, actor=actor, now=now)


@transaction.atomic
def enter_newcomers(*, programme: Programme, newcomers: Sequence[Newcomer], actor: User) -> list[Beneficiary]:
    """A person for each newcomer, in their order; who was granted it before is who they were then. Raises `NotAllowed`.

    The same name, birth year and commune under the same grant is the same person, unless both have numbers and they differ.
    """
    for unit in {newcomer.unit.pk: newcomer.unit for newcomer in newcomers}.values():
        require(actor, Right.RECORD_DECISION, unit=unit)
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    granted = Beneficiary.objects.filter(enrolments__programme=programme).order_by("pk")
    known: dict[Key, list[Beneficiary]] = defaultdict(list)
    for one in granted:
        known[one.name_key, one.birth_year, one.unit_id].append(one)
    ids = iter(draw_ids(Beneficiary, len(newcomers)))
    found: list[Beneficiary] = []
    fresh: list[Beneficiary] = []
    named: dict[int, int] = {}  # which number this list gave somebody who was entered without one
    for newcomer in newcomers:
        people = known[name_key(newcomer.full_name), newcomer.birth_year, newcomer.unit.pk]
        person = _same(people, newcomer.number_id, named)
        if person is None:
            person = _new_person(newcomer, pk=next(ids))
            people.append(person)
            fresh.append(person)
        if newcomer.number_id is not None:
            named.setdefault(person.pk, newcomer.number_id)
        found.append(person)
    Beneficiary.objects.bulk_create(fresh, batch_size=2000)
    return found


def _same(people: Sequence[Beneficiary], number_id: int | None, named: dict[int, int]) -> Beneficiary | None:
    """Whoever has the number; else somebody without one whom the list has not given another."""
    if number_id is None:
        return people[0] if people else None
    exact = (person for person in people if person.number_id == number_id)
    open_ = (person for person in people if person.number_id is None and named.get(person.pk, number_id) == number_id)
    return next(exact, None) or next(open_, None)


def _new_person(newcomer: Newcomer, *, pk: int) -> Beneficiary:
    return Beneficiary(
        pk=pk,
        full_name=newcomer.full_name,
        name_key=name_key(newcomer.full_name),
        sort_key=sort_key(newcomer.full_name),
        birth_year=newcomer.birth_year,
        sex=newcomer.sex,
        unit=newcomer.unit,
        hamlet=newcomer.hamlet,
        number_id=newcomer.number_id,
    )
