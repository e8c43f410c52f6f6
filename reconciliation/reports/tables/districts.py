"""The lines every table by unit has: the whole first, then each district with its communes, or the communes alone."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from reconciliation.reports.counting import Row
from reconciliation.reports.tables.table import Figures, Line, whole_label


@dataclass(frozen=True)
class Place:
    """One line's place: how deep it stands, its ordinal, its name, and the codes of the communes it sums."""

    level: str
    ordinal: str
    name: str
    code: str
    communes: tuple[str, ...]


def places(figures: Figures) -> list[Place]:
    """All places of a report in printed order; the first is the whole."""
    first, *below = figures["units"]
    leaves = [unit for unit in below if unit["kind"] == "COMMUNE"] or ([first] if first["kind"] == "COMMUNE" else [])
    found = [Place("total", "", whole_label(figures), first["code"], tuple(unit["code"] for unit in leaves))]
    if first["kind"] == "COMMUNE":
        return found
    districts = [unit for unit in below if unit["kind"] == "DISTRICT"]
    for ordinal, district in enumerate(districts, start=1):
        own = [unit for unit in leaves if unit["parent"] == district["code"]]
        codes = tuple(unit["code"] for unit in own)
        found.append(Place("group", roman(ordinal), district["name"], district["code"], codes))
        found += _communes(own)
    alone = {district["code"] for district in districts}
    return found + _communes([unit for unit in leaves if unit["parent"] not in alone])


def lines_by_place(figures: Figures, make: Callable[[Place], Line]) -> tuple[Line, ...]:
    """One line per place."""
    return tuple(make(place) for place in places(figures))


def unit_heading(figures: Figures) -> str:
    """What the column of names is called: only the kinds of units there are, so no "đặc khu" before the reform and none where there is none."""
    known = (*_KINDS, "đặc khu")
    names = [str(unit["name"]) for unit in figures["units"] if unit["kind"] == "COMMUNE"]
    kinds = [kind for kind in known if any(name.startswith(f"{kind} ") for name in names)]
    return f"Đơn vị ({', '.join(kinds)})" if kinds else "Đơn vị"


def roman(number: int) -> str:
    """`4` → `IV`."""
    digits = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, letter in digits:
        text += letter * (number // value)
        number %= value
    return text


_KINDS = ("xã", "phường", "thị trấn")


def _communes(units: list[Row]) -> list[Place]:
    ordinals = count(1)
    return [Place("line", str(next(ordinals)), unit["name"], unit["code"], (unit["code"],)) for unit in units]
