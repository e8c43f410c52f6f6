"""Write down and read back what inspectors opened."""

from datetime import datetime

from django.db.models import Q, QuerySet

from staff.models import PageReading, Role, User
from staff.rights import Right, may
from staff.services.free_text import without_numbers

PATH_LENGTH = PageReading._meta.get_field("path").max_length


def note_page_reading(
    *, reader: User, method: str, path: str, asked_unit: str, status: int, now: datetime
) -> PageReading:
    """`path` is without what stands behind the question mark; a number somebody typed into the address is cut (I14)."""
    return PageReading.objects.create(
        reader=reader,
        unit=reader.unit,
        method=method[:7],
        path=without_numbers(path.replace("\x00", ""))[:PATH_LENGTH],
        asked_unit=without_numbers(asked_unit),
        status=status,
        read_at=now,
    )


def readings_for(actor: User) -> QuerySet[PageReading]:
    """One's own; for whoever assigns roles those of all inspectors of the own reach."""
    seen = Q(reader=actor)
    if may(actor, Right.ASSIGN_ROLES) and actor.unit is not None:
        seen |= Q(unit__path__startswith=actor.unit.path)
    return PageReading.objects.filter(seen).select_related("reader", "unit").order_by("-pk")


def inspectors_for(actor: User) -> QuerySet[User]:
    """Who may look into the own reach as an inspector; an inspector sees themselves."""
    inspectors = User.objects.filter(role=Role.AUDITOR, is_active=True).select_related("unit").order_by("full_name")
    if may(actor, Right.ASSIGN_ROLES) and actor.unit is not None:
        return inspectors.filter(unit__path__startswith=actor.unit.path)
    return inspectors.filter(pk=actor.pk)
