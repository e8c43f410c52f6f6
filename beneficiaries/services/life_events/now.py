"""Whether people are alive as far as we know: events and extract read together, in the one view that lists and stops read too."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True, slots=True)
class Life:
    """`deceased_on`: known to have died; `notice_on`: a notice says so and nobody has confirmed it yet."""

    deceased_on: date | None
    notice_on: date | None


def life_of(beneficiary_ids: Collection[int]) -> dict[int, Life]:
    """By beneficiary; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT beneficiary_id, deceased_on, notice_on FROM beneficiaries_life WHERE beneficiary_id = ANY(%s)",
            [list(beneficiary_ids)],
        )
        return {pk: Life(deceased_on=deceased, notice_on=notice) for pk, deceased, notice in cursor.fetchall()}
