"""Vietnam's administrative units through the reform of 1 July 2025: 34 provinces and 3,321 communes, and what they were made of. No ORM.

Codes are those of the General Statistics Office. A code may mean one unit before the reform and another one after it, so the two are kept apart.
Data: `data/units_2025.json.xz`, taken from vietnamadminunits 1.0.4 (MIT, licence beside it).
"""

import json
import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

REFORM_ON = date(2025, 7, 1)
_FILE = Path(__file__).parent / "data" / "units_2025.json.xz"


@dataclass(frozen=True, slots=True)
class Province:
    """A province since the reform."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, ward or special zone since the reform; the name has its kind word ("Phường Ba Đình")."""

    code: str
    name: str
    province: str


@dataclass(frozen=True, slots=True)
class FormerProvince:
    """One of the 63 provinces until 30 June 2025; each went whole into one of the 34."""

    code: str
    name: str
    successor: str


@dataclass(frozen=True, slots=True)
class FormerDistrict:
    """A district until 30 June 2025. `successors` only where it had no communes (five islands)."""

    code: str
    name: str
    province: str
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormerCommune:
    """A commune until 30 June 2025. Divided ones have several successors, that of most people first."""

    code: str
    name: str
    district: str
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NationalUnits:
    """Each kind by its code."""

    provinces: Mapping[str, Province]
    communes: Mapping[str, Commune]
    former_provinces: Mapping[str, FormerProvince]
    former_districts: Mapping[str, FormerDistrict]
    former_communes: Mapping[str, FormerCommune]

    def successors(self, former: str) -> tuple[Commune, ...]:
        """Communes of today that the former commune `former` went into. Raises KeyError for an unknown code."""
        return tuple(self.communes[code] for code in self.former_communes[former].successors)


@cache
def national_units() -> NationalUnits:
    """The catalogue, read once per process (0.1 s)."""
    read = json.loads(lzma.decompress(_FILE.read_bytes()))
    return NationalUnits(
        provinces={row[0]: Province(*row) for row in read["provinces"]},
        communes={row[0]: Commune(*row) for row in read["communes"]},
        former_provinces={row[0]: FormerProvince(*row) for row in read["former_provinces"]},
        former_districts={
            row[0]: FormerDistrict(row[0], row[1], row[2], tuple(row[3])) for row in read["former_districts"]
        },
        former_communes={
            row[0]: FormerCommune(row[0], row[1], row[2], tuple(row[3])) for row in read["former_communes"]
        },
    )
