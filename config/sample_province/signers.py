"""Who signs the decisions of each commune: its chairman, invented, the same in every file and for every seed."""

from config.sample_province.name_stock import MALE_GIVEN
from config.sample_province.units import Unit

_SURNAMES = ("Trương", "Phan", "Đinh", "Lương", "Huỳnh", "Cao", "Võ")


def signer_of(commune: Unit) -> str:
    """Name and title, as a decision has them."""
    nth = int(commune.code)
    name = f"{_SURNAMES[nth % len(_SURNAMES)]} Quốc {MALE_GIVEN[nth % len(MALE_GIVEN)]}"
    return f"{name}, Chủ tịch UBND {commune.name}"
