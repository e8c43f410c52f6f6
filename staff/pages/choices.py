"""What a form lets one choose from."""

from staff.models import AdministrativeUnit, User


def units_below(actor: User, *, kinds: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Code and name of the actor's unit and those below it, of these kinds if any are given; in the order of the map."""
    if actor.unit is None:
        return []
    units = AdministrativeUnit.objects.filter(path__startswith=actor.unit.path)
    if kinds:
        units = units.filter(kind__in=kinds)
    return list(units.order_by("path").values_list("code", "name"))
