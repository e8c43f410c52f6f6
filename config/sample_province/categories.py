"""Programmes, categories and dated standard amounts of 2024, as the sample uses them.

Sources: Decree 20/2021 article 6 (coefficients), Decrees 76/2024 and 77/2024 (standard amounts from 1 July 2024).
"""

from dataclasses import dataclass
from fractions import Fraction

TCXH, CSND, NCC = "TCXH", "CSND", "NCC"
PROGRAMMES = (TCXH, CSND, NCC)

# đồng per month at coefficient 1, before and from 1 July 2024
OLD_STANDARD = {TCXH: 360_000, CSND: 360_000, NCC: 2_055_000}
NEW_STANDARD = {TCXH: 500_000, CSND: 500_000, NCC: 2_789_000}

AgeRange = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Category:
    """One category: `ages` are inclusive ranges of completed years, `share` the expected part of all people."""

    code: str
    programme: str
    coefficient: Fraction
    ages: tuple[AgeRange, ...]
    share: float
    printed: str  # the neutral code where the real one would reveal an illness

    def amount(self, standard: dict[str, int]) -> int:
        """Whole đồng for one month at `standard`."""
        amount = standard[self.programme] * self.coefficient
        assert amount.denominator == 1
        return int(amount)


def _category(
    code: str, tenths: int, share: float, *ages: AgeRange, programme: str = TCXH, printed: str = ""
) -> Category:
    return Category(code, programme, Fraction(tenths, 10), ages, share, printed or code)


CATEGORIES: tuple[Category, ...] = (
    _category("TE-KNND-4", 25, 0.003, (0, 3)),
    _category("TE-KNND-16", 15, 0.014, (4, 15)),
    _category("SV-16-22", 15, 0.005, (16, 21)),
    _category("TE-HIV-4", 25, 0.0006, (0, 3), printed="N01"),
    _category("TE-HIV-16", 20, 0.0014, (4, 15), printed="N02"),
    _category("DT-CON", 10, 0.055, (0, 15)),
    _category("CT-60", 15, 0.030, (60, 79)),
    _category("CT-80", 20, 0.012, (80, 99)),
    _category("DT-75", 10, 0.045, (75, 79)),
    _category("CT-80-KLH", 10, 0.365, (80, 103)),
    _category("CT-CSXH", 30, 0.003, (60, 95)),
    _category("KTDBN-NL", 20, 0.060, (16, 59)),
    _category("KTDBN-TE", 25, 0.048, (1, 15), (60, 95)),
    _category("KTN-NL", 15, 0.165, (16, 59)),
    _category("KTN-TE", 20, 0.110, (1, 15), (60, 95)),
    _category("TE-3", 15, 0.016, (0, 2)),
    _category("HIV-NGHEO", 15, 0.004, (18, 58), printed="N03"),
    _category("TB-1", 12, 0.0135, (55, 92), programme=NCC),
    _category("BB-1", 10, 0.008, (55, 92), programme=NCC),
    _category("TNLS", 6, 0.021, (55, 97), programme=NCC),
    _category("CSND-1", 10, 0.0, (0, 120), programme=CSND),
)
BY_CODE = {category.code: category for category in CATEGORIES}
