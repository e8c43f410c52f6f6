"""Whom a code finds: the two steps between which the page counts tries, without the counting."""

from beneficiaries.models import Beneficiary
from beneficiaries.services.lookup import holder_of_code, told_about


def found_by(code: str, *, birth_year: int) -> Beneficiary | None:
    """Whom who has this code and this year is told about."""
    holder = holder_of_code(code)
    return None if holder is None else told_about(holder, birth_year=birth_year)
