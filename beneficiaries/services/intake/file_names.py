"""The name under which a file was sent: a clerk looks for her file by it. A name may say whose file it is, so it is kept sealed, numbers cut."""

from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from beneficiaries.models import SentFileName
from staff.encryption import seal, unseal
from staff.models import AdministrativeUnit
from staff.services.free_text import without_numbers

PURPOSE, LONGEST = "sent-file-name", 120


def keep_file_name(*, digest: bytes, unit: AdministrativeUnit, name: str, now: datetime) -> None:
    """Of the bytes with this keyed digest, sent for this unit; the newest name is theirs. No name is none."""
    said = without_numbers(" ".join(name.split()))[:LONGEST]
    if said:
        SentFileName.objects.create(digest=digest, unit=unit, sealed=seal(said.encode(), purpose=PURPOSE), sent_at=now)


def sealed_name_of(digest: str, unit: str) -> Subquery:
    """For a row with these columns: its newest name, still sealed."""
    names: QuerySet[SentFileName] = SentFileName.objects.filter(digest=OuterRef(digest), unit=OuterRef(unit))
    return Subquery(names.order_by("-pk").values("sealed")[:1])


def opened_name(sealed: bytes | None) -> str:
    """As it was called, or "" where nobody said."""
    return unseal(bytes(sealed), purpose=PURPOSE).decode() if sealed else ""
