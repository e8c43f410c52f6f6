"""Put accounts before a person: one open case per beneficiary and kind, however often the same thing is noticed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from beneficiaries.models import Beneficiary, Case

DUE_AFTER = timedelta(days=7)


def open_account_cases(*, evidence_of: dict[int, list[str]], reason: str, now: datetime) -> int:
    """Open a case for each beneficiary id; the sentences hold no number and no other person's name. Returns how many are new."""
    people = Beneficiary.objects.filter(pk__in=list(evidence_of)).only("pk", "unit_id")
    before = Case.objects.count()
    Case.objects.bulk_create(
        [
            Case(
                kind=Case.Kind.ACCOUNT,
                beneficiary=person,
                unit_id=person.unit_id,
                reason=reason,
                evidence=evidence_of[person.pk],
                opened_at=now,
                due_on=(now + DUE_AFTER).date(),
            )
            for person in people
        ],
        ignore_conflicts=True,
    )
    return Case.objects.count() - before


def solve_account_cases(*, beneficiary_ids: Iterable[int], actor_id: int, now: datetime, note: str) -> int:
    """Close the open account cases of these people. Returns how many."""
    open_ones = Case.objects.filter(
        kind=Case.Kind.ACCOUNT, status=Case.Status.OPEN, beneficiary__in=list(beneficiary_ids)
    )
    return open_ones.update(status=Case.Status.SOLVED, decided_by_id=actor_id, decided_at=now, note=note)
