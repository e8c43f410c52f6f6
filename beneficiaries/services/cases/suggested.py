"""Whom an identity case may be about: the residents the last matching run found near, for whoever decides it."""

from dataclasses import dataclass
from datetime import date

from beneficiaries.models import LIVE, Case, CaseKind, IdentityRecord, MatchCandidate
from staff.models import User

BY_NUMBER = "người đề xuất ghi số định danh của người này"


@dataclass(frozen=True)
class Suggested:
    """One resident, the likeliest first, with what speaks for and against. Of one outside the reader's reach nothing else is told."""

    identity_id: int | None
    full_name: str
    birth_date: date | None
    birth_year: int | None
    sex: str
    place: str
    deceased: bool
    elsewhere: bool
    proposed: bool
    evidence: list[str]


def suggested_for(case: Case, *, actor: User) -> list[Suggested]:
    """At most three, and whom somebody proposed by number; nobody for a case that is decided, or is no question of identity."""
    if case.kind != CaseKind.IDENTITY or case.status not in LIVE:
        return []
    proposed = (case.proposal or {}).get("identity")
    found = MatchCandidate.objects.filter(beneficiary=case.beneficiary_id).select_related("identity__unit")
    near = [(one.identity, one.evidence) for one in found.order_by("rank")]
    if proposed and proposed not in {record.pk for record, _ in near}:
        near.append((IdentityRecord.objects.select_related("unit").get(pk=proposed), [BY_NUMBER]))
    return [_shown(record, said, proposed=record.pk == proposed, here=_reaches(actor, record)) for record, said in near]


def suggested_record(case: Case, *, identity_id: int, actor: User) -> IdentityRecord | None:
    """The resident with this id if the actor is shown them on the case."""
    found = MatchCandidate.objects.filter(beneficiary=case.beneficiary_id, identity=identity_id)
    one = found.select_related("identity__unit").first()
    return one.identity if one is not None and _reaches(actor, one.identity) else None


def _reaches(actor: User, record: IdentityRecord) -> bool:
    return actor.unit is not None and record.unit.path.startswith(actor.unit.path)


def _shown(record: IdentityRecord, evidence: list[str], *, proposed: bool, here: bool) -> Suggested:
    if not here:
        return Suggested(None, "", None, None, "", "", False, elsewhere=True, proposed=proposed, evidence=evidence)
    return Suggested(
        identity_id=record.pk,
        full_name=record.full_name,
        birth_date=record.birth_date,
        birth_year=record.birth_year,
        sex=record.sex,
        place=", ".join(part for part in (record.hamlet, record.unit.name) if part),
        deceased=record.deceased_on is not None,
        elsewhere=False,
        proposed=proposed,
        evidence=evidence,
    )
