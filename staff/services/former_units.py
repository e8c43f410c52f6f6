"""Load real provinces through the reform of 1 July 2025: units of today, units before it, and what became of them."""

from datetime import timedelta

from django.db import transaction

from staff.models import AdministrativeUnit, UnitSuccessor
from staff.national_units import REFORM_ON, NationalUnits, national_units

Kind = AdministrativeUnit.Kind
_LAST_DAY = REFORM_ON - timedelta(days=1)


def code_before_reform(official_code: str) -> str:
    """Our code of a former unit: `00004@2024`; the same digits may be another unit today."""
    return f"{official_code}@2024"


@transaction.atomic
def load_province(*, province: str) -> int:
    """Add the units of a province of today (`01`), those it was made of, and the successors of each; returns how many units were added.

    Repeating adds nothing. Raises KeyError for an unknown code.
    """
    catalogue = national_units()
    above = catalogue.provinces[province]
    tree = _Tree()
    tree.add(code=province, official=province, name=above.name, kind=Kind.PROVINCE, parent="", former=False)
    for commune in catalogue.communes.values():
        if commune.province == province:
            tree.add(
                code=commune.code,
                official=commune.code,
                name=commune.name,
                kind=Kind.COMMUNE,
                parent=province,
                former=False,
            )
    _add_former(tree, catalogue, province=province)
    before = AdministrativeUnit.objects.count()
    tree.save()
    UnitSuccessor.objects.bulk_create(
        _successions(catalogue, province=province), ignore_conflicts=True, batch_size=5000
    )
    return AdministrativeUnit.objects.count() - before


def _add_former(tree: "_Tree", catalogue: NationalUnits, *, province: str) -> None:
    olds = {unit.code for unit in catalogue.former_provinces.values() if unit.successor == province}
    for old in sorted(olds):
        tree.add(
            code=code_before_reform(old), official=old, name=catalogue.former_provinces[old].name, kind=Kind.FORMER,
            parent=province, former=True,
        )  # fmt: skip
    districts = {unit.code for unit in catalogue.former_districts.values() if unit.province in olds}
    for code in sorted(districts):
        district = catalogue.former_districts[code]
        tree.add(
            code=code_before_reform(code), official=code, name=district.name, kind=Kind.DISTRICT,
            parent=code_before_reform(district.province), former=True,
        )  # fmt: skip
    for former in catalogue.former_communes.values():
        if former.district in districts:
            tree.add(
                code=code_before_reform(former.code), official=former.code, name=former.name, kind=Kind.COMMUNE,
                parent=code_before_reform(former.district), former=True,
            )  # fmt: skip


class _Tree:
    """Units in the order of their tree, saved level by level."""

    def __init__(self) -> None:
        self._known = dict(AdministrativeUnit.objects.values_list("code", "path"))
        self._levels: dict[int, list[tuple[AdministrativeUnit, str]]] = {}

    def add(self, *, code: str, official: str, name: str, kind: str, parent: str, former: bool) -> None:
        if code in self._known:
            return
        path = f"{self._known[parent] if parent else '/'}{code}/"
        self._known[code] = path
        unit = AdministrativeUnit(
            code=code,
            official_code=official,
            name=name,
            kind=kind,
            path=path,
            valid_from=None if former else REFORM_ON,
            valid_to=_LAST_DAY if former else None,
        )
        self._levels.setdefault(path.count("/"), []).append((unit, parent))

    def save(self) -> None:
        for level in sorted(self._levels):
            rows = self._levels[level]
            ids = dict(
                AdministrativeUnit.objects.filter(code__in={parent for _, parent in rows}).values_list("code", "pk")
            )
            for unit, parent in rows:
                unit.parent_id = ids.get(parent)
            AdministrativeUnit.objects.bulk_create([unit for unit, _ in rows], batch_size=5000)


def _successions(catalogue: NationalUnits, *, province: str) -> list[UnitSuccessor]:
    ids = dict(AdministrativeUnit.objects.values_list("code", "pk"))
    pairs = [(former.code, former.successors) for former in catalogue.former_communes.values()]
    pairs += [(district.code, district.successors) for district in catalogue.former_districts.values()]
    pairs += [(old.code, (old.successor,)) for old in catalogue.former_provinces.values() if old.successor == province]
    return [
        UnitSuccessor(former_id=former_id, successor_id=ids[successor], position=position)
        for former, successors in pairs
        if (former_id := ids.get(code_before_reform(former)))
        for position, successor in enumerate(successors)
        if successor in ids
    ]
