"""Answers of a whole list of identity reviews: recorded, or put before a second person where a new account would follow. Set-based."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from beneficiaries.models import LIVE, Beneficiary, Case, CaseKind, CaseStatus, IdentityStatus, Solution
from beneficiaries.services.cases.authority import cases_in_reach, levels_of
from beneficiaries.services.identity.doubted_deaths import follow_identities
from beneficiaries.services.identity.match import link_same_people
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

Found = Mapping[int, tuple[int, str]]  # beneficiary → (identity record, what was looked at)

_PROPOSE = """
UPDATE beneficiaries_case c SET status = 'PROPOSED', solution = 'IDENTIFIED', proposal = jsonb_build_object('identity', v.identity),
       proposed_by_id = %(actor)s, decided_by_id = %(actor)s, decided_at = %(now)s, note = left(v.basis, 300)
FROM (SELECT unnest(%(people)s::bigint[]) AS id, unnest(%(identities)s::bigint[]) AS identity, unnest(%(bases)s::text[]) AS basis) v
WHERE c.beneficiary_id = v.id AND c.kind = 'IDENTITY' AND c.status IN ('OPEN', 'ESCALATED')
"""
_MATCHED = """
UPDATE beneficiaries_beneficiary b SET identity_status = 'MATCHED', identity_id = v.identity
FROM (SELECT unnest(%(people)s::bigint[]) AS id, unnest(%(identities)s::bigint[]) AS identity) v WHERE b.id = v.id
"""
_EVIDENCE = """
INSERT INTO beneficiaries_identitymatch (beneficiary_id, identity_id, band, evidence, decided_by_id, decided_at)
SELECT v.id, v.identity, 'REVIEWED', jsonb_build_array(v.basis), %(actor)s, %(now)s
FROM (SELECT unnest(%(people)s::bigint[]) AS id, unnest(%(identities)s::bigint[]) AS identity, unnest(%(bases)s::text[]) AS basis) v
"""


def beyond_authority(people: list[int], *, actor: User) -> set[int]:
    """Those of the people whose identity case lies with a level above the actor's."""
    cases = Case.objects.filter(kind=CaseKind.IDENTITY, status__in=LIVE, beneficiary__in=people)
    return set(cases.exclude(level__in=levels_of(actor)).values_list("beneficiary_id", flat=True))


def propose_reviews(found: Found, *, actor: User, now: datetime) -> int:
    """Put the answers before a second person; returns how many cases wait for one now."""
    with connection.cursor() as cursor:
        cursor.execute(_PROPOSE, _arrays(found, actor=actor, now=now))
        return int(cursor.rowcount)


def record_reviews(found: Found, others: Mapping[int, str], *, actor: User, now: datetime) -> None:
    """Record who was found, and for `others` the status (NOT_FOUND, CONFLICT); their open cases are solved."""
    given = _arrays(found, actor=actor, now=now)
    with connection.cursor() as cursor:
        cursor.execute(_MATCHED, given)
        cursor.execute(_EVIDENCE, given)
    for status in ("NOT_FOUND", "CONFLICT"):
        people = [pk for pk, answer in others.items() if answer == status]
        contradicting = Q(identity_status=IdentityStatus.CONFLICT, identity__isnull=False)  # stays so: see `verdicts`
        Beneficiary.objects.filter(~contradicting, pk__in=people).update(identity_status=status)
    solved = {"status": CaseStatus.SOLVED, "decided_by": actor, "decided_at": now, "note": "Đã rà soát"}
    cases = Case.objects.filter(kind=CaseKind.IDENTITY, status__in=LIVE, beneficiary__in=[*found, *others])
    # Whoever takes back an own proposal answers anew; what somebody else proposed keeps its proposer beside who confirmed.
    cases.filter(proposed_by=actor).update(**solved, solution="", proposal=None, proposed_by=None)
    cases.update(**solved)
    follow_identities(people=[*found, *others], actor_id=actor.pk, now=now)


@transaction.atomic
def confirm_reviews(*, unit: AdministrativeUnit, actor: User, now: datetime) -> int:
    """Confirm every identity somebody else proposed below `unit`, in the actor's reach and level; returns how many people. Raises `NotAllowed`."""
    require(actor, Right.CONFIRM_CASE, unit=unit)
    waiting = (
        cases_in_reach(actor, now=now)
        .filter(
            kind=CaseKind.IDENTITY,
            status=CaseStatus.PROPOSED,
            solution=Solution.IDENTIFIED,
            unit__path__startswith=unit.path,
            level__in=levels_of(actor),
        )
        .exclude(proposed_by=actor)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    found = {case.beneficiary_id: ((case.proposal or {})["identity"], case.note) for case in waiting}
    record_reviews(found, {}, actor=actor, now=now)
    link_same_people(now=now)
    return len(found)


def _arrays(found: Found, *, actor: User, now: datetime) -> dict[str, Any]:
    return {
        "people": list(found),
        "identities": [identity for identity, _ in found.values()],
        "bases": [basis for _, basis in found.values()],
        "actor": actor.pk,
        "now": now,
    }
