"""What a form lets one choose from."""

from collections import Counter

from django.db.models import QuerySet

from staff.models import AdministrativeUnit, User


def units_below(actor: User, *, kinds: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Code and name of the actor's unit and those below it, of these kinds if any are given; in the order of the map."""
    if actor.unit is None:
        return []
    units = AdministrativeUnit.objects.filter(path__startswith=actor.unit.path)
    if kinds:
        units = units.filter(kind__in=kinds)
    return told_apart(units.order_by("path"))


def told_apart(units: QuerySet[AdministrativeUnit]) -> list[tuple[str, str]]:
    """Code and name of each; of those with the same name also what they lie in."""
    rows = list(units.values_list("code", "name", "parent__name"))
    often = Counter(name for _, name, _ in rows)
    return [(code, f"{name}, {above}" if often[name] > 1 and above else name) for code, name, above in rows]
