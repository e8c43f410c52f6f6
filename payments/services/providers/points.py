"""Paying points: where people of which commune and hamlets fetch their cash."""

import unicodedata
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from beneficiaries.models import Beneficiary
from payments.errors.providers import PointOverlaps
from payments.models import PayingPoint, Payment, Provider
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


def hamlet_key(name: str) -> str:
    """A hamlet's name in any case and spacing; marks and numbers tell hamlets apart."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


class PointFinder:
    """The open points of a provider by commune and hamlet, read once; without a provider nobody has a point."""

    def __init__(self, provider: Provider | None) -> None:
        self._of_hamlet: dict[tuple[int, str], str] = {}
        self._of_unit: dict[int, str] = {}
        for point in PayingPoint.objects.filter(provider=provider, closed_on__isnull=True) if provider else ():
            for hamlet in point.hamlets:
                self._of_hamlet[point.unit_id, hamlet_key(hamlet)] = point.name
            if not point.hamlets:
                self._of_unit[point.unit_id] = point.name

    def point_of(self, person: Beneficiary) -> str:
        """The point of the person's hamlet, else of the commune; "" when there is none."""
        own = self._of_hamlet.get((person.unit_id, hamlet_key(person.hamlet)))
        return own or self._of_unit.get(person.unit_id, "")


def point_for(*, payment: Payment, person: Beneficiary) -> PayingPoint | None:
    """Where this cash waits for this person: of the provider that has the list, the point of the hamlet, else of the commune."""
    points = PayingPoint.objects.filter(
        provider__hand_overs__batch=payment.batch_id, unit=person.unit_id, closed_on__isnull=True
    ).order_by("pk")
    hamlet, whole = hamlet_key(person.hamlet), None
    for point in points:
        if hamlet in map(hamlet_key, point.hamlets):
            return point
        whole = whole or (None if point.hamlets else point)
    return whole


@transaction.atomic
def save_point(
    *,
    provider: Provider,
    unit: AdministrativeUnit,
    name: str,
    actor: User,
    address: str = "",
    opens: str = "",
    hamlets: Sequence[str] = (),
    closed_on: date | None = None,
) -> PayingPoint:
    """Open a point, or change the one of this name; a hamlet (or a commune as a whole) has one open point per provider.

    Raises `PointOverlaps`, `NotAllowed`.
    """
    require(actor, Right.KEEP_PROVIDERS, unit=unit)
    Provider.objects.select_for_update().get(pk=provider.pk)
    wanted = {hamlet_key(hamlet) for hamlet in hamlets}
    if closed_on is None:
        others = PayingPoint.objects.filter(provider=provider, unit=unit, closed_on__isnull=True).exclude(name=name)
        taken = [
            other.name
            for other in others
            if (not wanted and not other.hamlets) or wanted & {hamlet_key(hamlet) for hamlet in other.hamlets}
        ]
        if taken:
            raise PointOverlaps(conflicts=taken)
    values = {"address": address, "opens": opens, "hamlets": list(hamlets), "closed_on": closed_on}
    return PayingPoint.objects.update_or_create(provider=provider, unit=unit, name=name, defaults=values)[0]
