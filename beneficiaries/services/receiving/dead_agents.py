"""Agents who died: the power of attorney ends with them (Civil Code 2015, art. 140), and the person is asked who receives now."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from beneficiaries.linkage.names import without_honour
from beneficiaries.models import CaseKind, Enrolment, IdentityRecord, LifeEvent, PayeeKind, PayeeRelation, not_ended
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.life_events.people import gather_events
from beneficiaries.services.life_events.threads import facts_of, threads_of

DIED, NOTICED = "PAYEE_DIED", "PAYEE_DEATH_NOTICE"
# Each fact about each paper is asked once, whatever was answered.
_ASK = """
WITH found AS (
    SELECT p.beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, b.unit_id, v.reason, 'payee:' || p.id AS subject,
           jsonb_build_array(v.sentence) AS evidence
    FROM (SELECT unnest(%(relations)s::bigint[]) AS id, unnest(%(reasons)s::text[]) AS reason, unnest(%(sentences)s::text[]) AS sentence) v
    JOIN beneficiaries_payeerelation p ON p.id = v.id JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id
    WHERE NOT EXISTS (SELECT 1 FROM beneficiaries_case c WHERE c.beneficiary_id = p.beneficiary_id AND c.kind = 'ACCOUNT'
                      AND c.subject = 'payee:' || p.id AND c.reason = v.reason)
)"""
SENTENCES = {
    DIED: "người nhận thay đã mất; cần người nhận thay khác, hoặc người hưởng tự nhận",
    NOTICED: "có tin người nhận thay đã mất, chưa đăng ký khai tử",
}


@transaction.atomic
def end_payees_who_died(*, on: date, now: datetime) -> int:
    """End the powers of attorney of agents whose death is registered or in the population data; return how many ended.

    The person is paid in hand until another payee is recorded, and a case asks for one. A guardian's, parent's or carer's right is not
    ended by us: a case asks, as it does after a death that is only noticed. A number counts only together with the name. Repeating it
    changes nothing; a death withdrawn later revives no paper: what a person ended or recorded since stands.
    """
    relations = list(
        PayeeRelation.objects.select_for_update(of=("self",))
        .filter(Exists(_deaths()) | Exists(_in_the_extract(on)), not_ended(on=on), number__isnull=False)
        .select_related("beneficiary__unit", "number")
        .order_by("pk")
    )
    registered, noticed = _dead_by_events(relations)
    in_the_extract = set(
        IdentityRecord.objects.filter(
            number__in=[relation.number_id for relation in relations], deceased_on__lte=on
        ).values_list("number_id", "name_key")
    )
    dead = [r for r in relations if r.pk in registered or (r.number_id, without_honour(r.name_key)) in in_the_extract]
    agents = [relation for relation in dead if relation.kind == PayeeKind.AUTHORISED]
    _end(agents, on=on)
    told = {relation.pk: DIED for relation in dead} | dict.fromkeys(noticed - {one.pk for one in dead}, NOTICED)
    given = {
        "relations": list(told),
        "reasons": list(told.values()),
        "sentences": [SENTENCES[r] for r in told.values()],
    }
    raise_cases(kind=CaseKind.ACCOUNT, found=_ASK, given=given, now=now)
    return len(agents)


def _deaths() -> QuerySet[LifeEvent]:
    return LifeEvent.objects.filter(kind=LifeEvent.Kind.DEATH, number=OuterRef("number"))


def _in_the_extract(on: date) -> QuerySet[IdentityRecord]:
    return IdentityRecord.objects.filter(number=OuterRef("number"), deceased_on__lte=on)


def _dead_by_events(relations: Iterable[PayeeRelation]) -> tuple[set[int], set[int]]:
    """Relations whose payee a standing registered death is about, and those a mere notice is about; each feed only within its unit."""
    by_number: dict[int, list[PayeeRelation]] = {}
    for relation in relations:
        by_number.setdefault(relation.number_id or 0, []).append(relation)
    first = LifeEvent.objects.filter(kind=LifeEvent.Kind.DEATH, number__in=by_number).values_list("pk", flat=True)
    registered: set[int] = set()
    noticed: set[int] = set()
    for event in facts_of(threads_of(gather_events(first))).standing:
        if event.kind != LifeEvent.Kind.DEATH:
            continue
        found = registered if event.source == LifeEvent.Source.CIVIL_REGISTRY else noticed
        found |= {
            relation.pk
            for relation in by_number.get(event.number_id or 0, [])
            if without_honour(relation.name_key) == without_honour(event.name_key)
            and relation.beneficiary.unit.path.startswith(event.scope.path)
        }
    return registered, noticed


def _end(agents: list[PayeeRelation], *, on: date) -> None:
    PayeeRelation.objects.filter(pk__in=[relation.pk for relation in agents]).update(
        ended_on=on, end_reason=PayeeRelation.EndReason.DECEASED
    )
    theirs = Q(pk__in=())
    for relation in agents:
        theirs |= Q(beneficiary=relation.beneficiary_id, payee_name=relation.full_name)
    Enrolment.objects.filter(theirs, payee_kind=PayeeKind.AUTHORISED, ended_month__isnull=True).update(
        payee_paper_until=on - timedelta(days=1)
    )
