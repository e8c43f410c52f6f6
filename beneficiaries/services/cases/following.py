"""What people are asked about a person goes with the person: whoever can no longer see somebody can answer nothing about them."""

from datetime import datetime

from beneficiaries.models import LIVE, Case, CaseKind, CaseStatus
from staff.models import AdministrativeUnit, User

# About the person. What is about money an old commune gave (PAYMENT, OVERPAID, RECOVERY, HEIR) or about two units (DUPLICATE) stays.
FOLLOWS = (
    CaseKind.IDENTITY,
    CaseKind.ACCOUNT,
    CaseKind.CIVIL,
    CaseKind.AGE,
    CaseKind.DECEASED,
    CaseKind.DEATH,
    CaseKind.FUNERAL,
    CaseKind.MOVE,
)


def follow_person(*, beneficiary_id: int, unit: AdministrativeUnit, actor: User, now: datetime) -> None:
    """Give the live cases about the person to `unit`, taken by nobody yet; that they moved there is asked no more. In the caller's transaction."""
    live = Case.objects.filter(beneficiary=beneficiary_id, status__in=LIVE)
    live.filter(kind=CaseKind.MOVE, beneficiary__life_status__moved_to=unit, proposed_by=None).update(
        status=CaseStatus.SOLVED, decided_by=actor, decided_at=now, note="Nơi mới đã tiếp nhận"
    )
    live.filter(kind__in=FOLLOWS).exclude(unit=unit).update(
        unit=unit, owner=None, decided_by=actor, decided_at=now, note=f"Chuyển theo người hưởng đến {unit.name}"[:300]
    )
