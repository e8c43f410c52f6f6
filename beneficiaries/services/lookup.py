"""Look-up codes (mã tra cứu): printed on a slip once, kept only as a keyed digest, and enough, with the birth year, to ask for one's own status."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from beneficiaries.models import Beneficiary
from staff.encryption import search_digest
from staff.models import AdministrativeUnit

PURPOSE = "lookup-code"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: without I, L, O, U
RANDOM_LETTERS = 10
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u00a0": None})
_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1: every letter weighs differently, so a wrong or two swapped letters never give a valid code

_KEEP = """
UPDATE beneficiaries_beneficiary b SET lookup_digest = v.digest
FROM (SELECT unnest(%s::bigint[]) AS id, unnest(%s::bytea[]) AS digest) v WHERE b.id = v.id
"""


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """One code for one slip, `4K7Q-9XM2-PRC`; after this it can't be read back from anywhere."""

    beneficiary_id: int
    code: str = field(repr=False)
    issued_at: datetime


@transaction.atomic
def issue_lookup_codes(*, unit: AdministrativeUnit, now: datetime) -> list[IssuedCode]:
    """Give everyone of `unit` and below who has no code one, in the order of lists, and return the codes this once.

    Whoever has a code keeps it: the slip in their drawer stays good. A lost slip: `withdraw_lookup_code` first.
    """
    without = (
        Beneficiary.objects.select_for_update(of=("self",))
        .filter(unit__path__startswith=unit.path, lookup_digest__isnull=True, same_as__isnull=True)
        .order_by("unit__path", "hamlet", "sort_key", "pk")
    )
    issued = [
        IssuedCode(beneficiary_id=pk, code=_new_code(), issued_at=now) for pk in without.values_list("pk", flat=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [[slip.beneficiary_id for slip in issued], [_digest(slip.code) for slip in issued]])
    return issued


def withdraw_lookup_code(*, beneficiary_id: int) -> None:
    """The code of a lost slip, or of somebody who does not want to be looked up, no longer finds anything."""
    Beneficiary.objects.filter(pk=beneficiary_id).update(lookup_digest=None)


def find_by_lookup_code(*, code: str, birth_year: int) -> Beneficiary | None:
    """Whose code it is, or None: an unknown code, a mistyped one and a wrong birth year cost the same one query and look the same.

    Gives the record kept for the person where two records were found to be one.
    """
    found = (
        Beneficiary.objects.select_related("unit", "identity", "same_as__unit", "same_as__identity")
        .filter(lookup_digest=_digest(code))
        .first()
    )
    if found is None or found.birth_year != birth_year:
        return None
    return found.same_as or found


def is_well_formed(code: str) -> bool:
    """Whether the check letter agrees: a page may say "mistyped" before anything is asked; the answer itself never does."""
    letters = _normal(code)
    return len(letters) == RANDOM_LETTERS + 1 and set(letters) <= set(ALPHABET) and _weighed(letters) == 0


def _new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LETTERS))
    # The last letter weighs 1, so it must equal the weighed sum of the others for the whole to come to zero.
    whole = letters + ALPHABET[_weighed(letters + "0")]
    return f"{whole[:4]}-{whole[4:8]}-{whole[8:]}"


def _weighed(letters: str) -> int:
    """Σ letter × αⁿ in the field of 32 elements (Horner): zero for a code that is right."""
    total = 0
    for value in _values(letters):
        doubled = total << 1
        total = (doubled ^ _FIELD_POLYNOMIAL if doubled & 32 else doubled) ^ value
    return total


def _values(letters: str) -> Iterator[int]:
    return (ALPHABET.index(letter) for letter in letters)


def _normal(code: str) -> str:
    return code.upper().translate(_MEANT)


def _digest(code: str) -> bytes:
    return search_digest(_normal(code), purpose=PURPOSE)
