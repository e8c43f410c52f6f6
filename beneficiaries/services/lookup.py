"""Look-up codes (mã tra cứu): printed on a slip once, kept only as a keyed digest, and enough, with the birth year, to ask for one's own status."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from beneficiaries.models import Beneficiary, Enrolment, fold_hamlet, hamlet_folded, in_hamlet_order
from staff.encryption import search_digest
from staff.models import AdministrativeUnit

PURPOSE, OFF = "lookup-code", "lookup-off"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: without I, L, O, U
RANDOM_LETTERS = 10
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u00a0": None})
_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1: every letter weighs differently, so a wrong or two swapped letters never give a valid code

_KEEP = """
UPDATE beneficiaries_beneficiary b SET lookup_digest = v.digest
FROM (SELECT unnest(%s::bigint[]) AS id, unnest(%s::bytea[]) AS digest) v WHERE b.id = v.id
"""


class LookupState(models.TextChoices):
    """Whether somebody's money can be asked about by code."""

    NONE = "NONE", "Chưa cấp mã"
    GIVEN = "GIVEN", "Đã cấp mã"
    OFF = "OFF", "Đã tắt tra cứu"


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """One code for one slip, `4K7Q-9XM2-PRC`; after this it can't be read back from anywhere."""

    beneficiary_id: int
    code: str = field(repr=False)
    issued_at: datetime


def may_have_codes(*, unit: AdministrativeUnit, now: datetime) -> QuerySet[Beneficiary]:
    """Whom a code would tell something: people of `unit` and below with a grant that has not ended. Of somebody listed twice the record kept."""
    lasting = Enrolment.objects.filter(Q(ended_month__isnull=True) | Q(ended_month__gt=now.date()))
    own, others = (
        Exists(lasting.filter(**{whose: OuterRef("pk")})) for whose in ("beneficiary", "beneficiary__same_as")
    )
    return Beneficiary.objects.filter(own | others, unit__path__startswith=unit.path, same_as__isnull=True)


@transaction.atomic
def issue_lookup_codes(
    *, unit: AdministrativeUnit, now: datetime, hamlet: str | None = None, most: int | None = None
) -> list[IssuedCode]:
    """Give everyone of `unit` and below (or of its `hamlet`) who has no code one, in the order of lists, and return the codes this once.

    Whoever has a code keeps it: the slip in their drawer stays good. Whoever wants none gets none. Without a year of birth no code could be used.
    """
    people = may_have_codes(unit=unit, now=now)
    if hamlet is not None:
        people = people.alias(folded=hamlet_folded("hamlet")).filter(folded=fold_hamlet(hamlet))
    # Listed twice and joined since: a code given, or a wish for none, under the other record is theirs too.
    under_another = Beneficiary.objects.filter(same_as=OuterRef("pk"), lookup_digest__isnull=False)
    without = (
        people.select_for_update(of=("self",))
        .filter(~Exists(under_another), lookup_digest__isnull=True, birth_year__isnull=False)
        .order_by("unit__path", in_hamlet_order("hamlet"), "sort_key", "pk")
    )
    issued = [_new(pk, now=now) for pk in without.values_list("pk", flat=True)[:most]]
    _keep(issued)
    return issued


@transaction.atomic
def renew_lookup_code(*, beneficiary_id: int, now: datetime) -> IssuedCode:
    """Another code for one person: a lost slip, or somebody who had it switched off and changed their mind. Former ones find nothing, under
    whichever record of the person they were given."""
    issued = _new(beneficiary_id, now=now)
    records_of(beneficiary_id).exclude(pk=beneficiary_id).filter(lookup_digest__isnull=False).update(lookup_digest=None)
    _keep([issued])
    return issued


@transaction.atomic
def switch_off_lookup(*, beneficiary_id: int) -> None:
    """For somebody who does not want to be looked up: no code of theirs finds anything, and the next slips for everybody leave the person out."""
    records = records_of(beneficiary_id).select_for_update().order_by("pk").values_list("pk", flat=True)
    _write({pk: off_digest(pk) for pk in records})


def off_digest(beneficiary_id: int) -> bytes:
    """What stands in place of a code's digest where looking up is switched off: of another purpose, so that no code gives it."""
    return search_digest(str(beneficiary_id), purpose=OFF)


def records_of(beneficiary_id: int) -> QuerySet[Beneficiary]:
    """Every record of the person: of somebody listed twice a wish holds for all, whichever stood on the screen."""
    kept = Beneficiary.objects.filter(pk=beneficiary_id).values(kept=Coalesce("same_as", "pk"))
    return Beneficiary.objects.filter(Q(pk__in=kept) | Q(same_as__in=kept))


def lookup_state(person: Beneficiary) -> LookupState:
    """Whether this person has a code."""
    return state_of(records_of(person.pk))


def state_of(records: Iterable[Beneficiary]) -> LookupState:
    """Of all records of a person: who wanted none under one of them wants none."""
    digests = {one.pk: bytes(one.lookup_digest) for one in records if one.lookup_digest is not None}
    if any(digest == off_digest(pk) for pk, digest in digests.items()):
        return LookupState.OFF
    return LookupState.GIVEN if digests else LookupState.NONE


def holder_of_code(code: str) -> Beneficiary | None:
    """The record a code was given under; nothing of it may be told before `told_about` says of whom."""
    return Beneficiary.objects.filter(lookup_digest=_digest(code)).first()


def told_about(holder: Beneficiary, *, birth_year: int) -> Beneficiary | None:
    """Who is told about to whoever has the code and this year; of two records found to be one the one kept. None: wrong, or switched off."""
    if holder.birth_year != birth_year:
        return None
    records = list(records_of(holder.pk).select_related("unit", "identity"))
    if state_of(records) == LookupState.OFF:
        return None
    return next((one for one in records if one.pk == holder.same_as_id), holder)


def is_well_formed(code: str) -> bool:
    """Whether the check letter agrees: a page may say "mistyped" before anything is asked; the answer itself never does."""
    letters = _normal(code)
    return len(letters) == RANDOM_LETTERS + 1 and set(letters) <= set(ALPHABET) and _weighed(letters) == 0


def _new(beneficiary_id: int, *, now: datetime) -> IssuedCode:
    return IssuedCode(beneficiary_id=beneficiary_id, code=_new_code(), issued_at=now)


def _keep(issued: list[IssuedCode]) -> None:
    _write({slip.beneficiary_id: _digest(slip.code) for slip in issued})


def _write(digests: Mapping[int, bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [list(digests), list(digests.values())])


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
