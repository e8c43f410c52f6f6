"""Load the catalogue of administrative units, top down, from the province's own file."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from staff.errors import NoProvince
from staff.models import AdministrativeUnit


def the_province() -> AdministrativeUnit:
    """The one unit above all others. Raises `NoProvince` before the catalogue of units is loaded."""
    found = AdministrativeUnit.objects.filter(kind=AdministrativeUnit.Kind.PROVINCE).first()
    if found is None:
        raise NoProvince
    return found


@transaction.atomic
def load_units(*, path: Path) -> int:
    """Add units of a CSV `code,name,kind,parent_code,valid_from,valid_to` that are not known yet; return how many were added.

    Parents must stand above their children. Raises KeyError for a parent that is neither in the file nor known.
    """
    units = {unit.code: unit for unit in AdministrativeUnit.objects.all()}
    added = 0
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["code"] in units:
                continue
            parent = units[row["parent_code"]] if row["parent_code"] else None
            units[row["code"]] = AdministrativeUnit.objects.create(
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                parent=parent,
                path=f"{parent.path if parent else '/'}{row['code']}/",
                valid_from=_date(row["valid_from"]),
                valid_to=_date(row["valid_to"]),
            )
            added += 1
    return added


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
