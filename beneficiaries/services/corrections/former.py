"""What stood in records before they were put right: the next upload of an old list finds its people by it, and is told that it is old."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from beneficiaries.linkage.names import name_key
from beneficiaries.models import Correction, Enrolment
from beneficiaries.parsers.registry import COLUMNS
from beneficiaries.services.corrections.asked import changed_fields
from beneficiaries.states import CorrectionStatus

COLUMN_OF = {"full_name": "name", "birth": "birth", "sex": "sex", "number": "number", "hamlet": "hamlet"}


@dataclass(frozen=True)
class Former:
    """An enrolment's person as a list may still name them; numbers as digests."""

    code: str
    programme: str
    category_id: int
    name_key: str
    birth_year: int | None
    birth_date: date | None
    sex: str
    digest: bytes | None
    digest_now: bytes | None


def former_states(enrolments: QuerySet[Enrolment]) -> Iterator[Former]:
    """Of the people of these enrolments, every state a correction in force has ended; one query."""
    rows = (
        enrolments.filter(beneficiary__corrections__status=CorrectionStatus.IN_FORCE)
        .order_by("pk", "beneficiary__corrections__pk")
        .values_list(
            "code",
            "programme__code",
            "category_id",
            "beneficiary__corrections__full_name_before",
            "beneficiary__corrections__birth_year_before",
            "beneficiary__corrections__birth_date_before",
            "beneficiary__corrections__sex_before",
            "beneficiary__corrections__number_before__digest",
            "beneficiary__number__digest",
        )
    )
    for code, programme, category, name, year, born, sex, digest, now in rows:
        yield Former(
            code, programme, category, name_key(name), year, born, sex, bytes(digest) if digest else None, bytes(now) if now else None
        )  # fmt: skip


def columns_corrected(codes: Sequence[str]) -> dict[str, frozenset[str]]:
    """By enrolment code, the headings of the columns two people put right."""
    found: dict[str, frozenset[str]] = {}
    corrections = Correction.objects.filter(
        beneficiary__enrolments__code__in=codes, status=CorrectionStatus.IN_FORCE
    ).prefetch_related("beneficiary__enrolments")
    for correction in corrections.distinct():
        headings = frozenset(COLUMNS[COLUMN_OF[name]] for name in changed_fields(correction))
        for enrolment in correction.beneficiary.enrolments.all():
            found[enrolment.code] = found.get(enrolment.code, frozenset()) | headings
    return found
