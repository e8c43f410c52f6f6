"""Check the sealed history every night and keep what was found, so that the answer is there before somebody asks."""

from datetime import datetime

from staff.models import SealCheck, User
from staff.services.verifying import verify_history

MOST_FINDINGS = 100


def check_history(*, now: datetime, expect: str = "", actor: User | None = None) -> SealCheck:
    """Verify every seal and row, up to the last seal of the last check that found nothing: a chain that lost its end since then is noticed, and
    is named every night from then on, whatever grows on it. `expect` is a seal's digest known from paper instead (12 characters or more);
    `actor` is who asked, None for the clock.

    Raises `SealKeyMissing` when this process knows no public key.
    """
    clean = SealCheck.objects.filter(finding_count=0).exclude(last_digest="")
    known = clean.order_by("-pk").values_list("last_digest", flat=True).first() or ""
    found = verify_history(expect=expect or known)
    return SealCheck.objects.create(
        checked_at=now, checked_by=actor, expected=expect[:64], seals=found.seals, sealed_rows=found.sealed_rows, unsealed_rows=found.unsealed_rows,
        sealed_table_rows=found.sealed_table_rows, unsealed_table_rows=found.unsealed_table_rows,
        last_digest=found.last_digest, findings=found.findings[:MOST_FINDINGS], finding_count=len(found.findings),
    )  # fmt: skip
