"""Keep the open cases what the events ask for, neither more nor less, and never ask again what a person has answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from beneficiaries.models import LIVE, Beneficiary, Case, rule_of
from staff.models import User
from staff.services.working_days import read_working_days

ANSWERED_BY_EVENTS = "Không còn căn cứ: sự kiện đã thay đổi hoặc được thu hồi."


@dataclass(frozen=True)
class Asked:
    """What a person is asked: a code, and sentences without numbers of people or accounts."""

    reason: str
    evidence: Sequence[str]


def sync_cases(
    *,
    asked: Mapping[tuple[int, str], Asked],
    people: Collection[int],
    reasons: Collection[str],
    actor: User | None,
    now: datetime,
) -> None:
    """Make the open cases of `people` with these `reasons` equal to `asked`, by (beneficiary, kind).

    What is asked no more is closed by the events themselves, in the name of `actor`; without one it stays open until somebody looks.
    """
    existing = Case.objects.filter(beneficiary__in=people, reason__in=reasons)
    open_now = {(case.beneficiary_id, case.kind): case for case in existing.filter(status__in=LIVE)}
    answered = {
        (case.beneficiary_id, case.kind, tuple(case.evidence))
        # A notice is asked about only while nobody answered it: another one in the same words holds money too.
        for case in existing.exclude(status__in=LIVE).exclude(note=ANSWERED_BY_EVENTS).exclude(kind=Case.Kind.DEATH)
    }
    gone = [case.pk for key, case in open_now.items() if key not in asked]
    if actor is not None:
        Case.objects.filter(pk__in=gone).update(
            status=Case.Status.SOLVED, decided_by=actor, decided_at=now, note=ANSWERED_BY_EVENTS
        )
    changed = [open_now[key] for key in asked if key in open_now]
    for case in changed:
        wanted = asked[case.beneficiary_id, case.kind]
        case.reason, case.evidence = wanted.reason, list(wanted.evidence)
    Case.objects.bulk_update(changed, ["reason", "evidence"], batch_size=1000)
    today, calendar = timezone.localdate(now), read_working_days()
    units = dict(Beneficiary.objects.filter(pk__in=[pk for pk, _ in asked]).values_list("pk", "unit_id"))
    Case.objects.bulk_create(
        [
            Case(
                kind=kind,
                beneficiary_id=pk,
                unit_id=units[pk],
                reason=wanted.reason,
                evidence=list(wanted.evidence),
                opened_at=now,
                level=rule_of(kind, wanted.reason).level,
                due_on=calendar.after(today, rule_of(kind, wanted.reason).days),
            )
            for (pk, kind), wanted in sorted(asked.items())
            if (pk, kind) not in open_now and (pk, kind, tuple(wanted.evidence)) not in answered
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
