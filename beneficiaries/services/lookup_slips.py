"""Slips with look-up codes: for everybody of a commune or a hamlet who has none yet, or a new one for a person who lost theirs."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from beneficiaries.errors import NobodyNeedsASlip, NoYearToLookUpBy
from beneficiaries.models import Beneficiary, fold_hamlet, hamlets_as_said, in_hamlet_order
from beneficiaries.reports.lookup_slip import LookupSlip, render_lookup_slips
from beneficiaries.services.lookup import (
    IssuedCode,
    issue_lookup_codes,
    may_have_codes,
    renew_lookup_code,
    state_of,
    switch_off_lookup,
)
from beneficiaries.services.lookup import LookupState as State
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

MOST_SLIPS = 320  # forty sheets: as many as one carries round a hamlet, and a wait one sits out


@dataclass(frozen=True)
class HamletCodes:
    """How far a hamlet is: people with a code, without one, who switched it off, and without a year of birth, who can't look up."""

    unit: str
    unit_name: str
    hamlet: str
    given: int
    none: int
    off: int
    no_year: int


def codes_by_hamlet(*, unit: AdministrativeUnit, actor: User, now: datetime) -> list[HamletCodes]:
    """One row per hamlet of `unit` and below, in the order of the map, however lists write it. Raises `NotAllowed`."""
    require(actor, Right.SEE_PERSONS, unit=unit)
    people = (
        may_have_codes(unit=unit, now=now)
        .select_related("unit")
        .order_by("unit__path", in_hamlet_order("hamlet"), "hamlet")
    )
    others: dict[int | None, list[Beneficiary]] = {}
    for one in Beneficiary.objects.filter(same_as__in=people.order_by().values("pk"), lookup_digest__isnull=False):
        others.setdefault(one.same_as_id, []).append(one)
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    everybody = list(people.only("id", "hamlet", "birth_year", "lookup_digest", "unit__code", "unit__name"))
    for person in everybody:
        place = (person.unit.code, person.unit.name, fold_hamlet(person.hamlet))
        counts = found.setdefault(place, {"given": 0, "none": 0, "off": 0, "no_year": 0})
        state = state_of([person, *others.get(person.pk, ())])
        counts["no_year" if state == State.NONE and person.birth_year is None else state.lower()] += 1
    said = hamlets_as_said((person.unit.code, person.hamlet) for person in everybody)
    return [
        HamletCodes(unit=code, unit_name=name, hamlet=said[code, hamlet], **counts)
        for (code, name, hamlet), counts in found.items()
    ]


@transaction.atomic
def print_lookup_slips(
    *, unit: AdministrativeUnit, hamlet: str | None, address: str, actor: User, now: datetime
) -> bytes:
    """Slips (PDF) for at most `MOST_SLIPS` people without a code; the codes count only when the PDF is there.

    `address`: the page people look up at. Raises `NobodyNeedsASlip`, `NotAllowed`.
    """
    require(actor, Right.MANAGE_ACCOUNTS, unit=unit)
    issued = issue_lookup_codes(unit=unit, now=now, hamlet=hamlet, most=MOST_SLIPS)
    if not issued:
        raise NobodyNeedsASlip
    return _slips(issued, address=address)


@transaction.atomic
def print_new_lookup_slip(*, person: Beneficiary, address: str, actor: User, now: datetime) -> bytes:
    """A slip with a new code for one person; the former one finds nothing from now on. Raises `NoYearToLookUpBy`, `NotAllowed`."""
    require(actor, Right.MANAGE_ACCOUNTS, unit=person.unit)
    if person.birth_year is None:
        raise NoYearToLookUpBy
    return _slips([renew_lookup_code(beneficiary_id=person.pk, now=now)], address=address)


def stop_looking_up(*, person: Beneficiary, actor: User) -> None:
    """The person does not want anybody to look up. Raises `NotAllowed`."""
    require(actor, Right.MANAGE_ACCOUNTS, unit=person.unit)
    switch_off_lookup(beneficiary_id=person.pk)


def _slips(issued: list[IssuedCode], *, address: str) -> bytes:
    people = Beneficiary.objects.select_related("unit").in_bulk([one.beneficiary_id for one in issued])
    slips = [LookupSlip(person=people[one.beneficiary_id], code=one.code) for one in issued]
    return render_lookup_slips(slips, address=address, phone=settings.HOTLINE)
