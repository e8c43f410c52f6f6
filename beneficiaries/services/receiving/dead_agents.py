"""Payees who died: an agent's power ends with them (Civil Code 2015, art. 140), a guardian is to be replaced (art. 60), and somebody is asked who
receives now."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from beneficiaries.linkage.names import name_key as key_of
from beneficiaries.linkage.names import without_honour
from beneficiaries.models import (
    Beneficiary,
    CaseKind,
    Enrolment,
    IdentityRecord,
    LifeEvent,
    PayeeKind,
    PayeeRelation,
    not_ended,
)
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.life_events.now import life_of
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
STAND_IN = (
    "người {kind} đã mất; không chi theo tên người ấy nữa, chi tiền mặt ghi tên chính người hưởng. Người hưởng chưa tự nhận được (trẻ em, mất năng lực "
    "hành vi): mời ghi ngay cha, mẹ còn lại theo giấy khai sinh, hoặc người giám hộ thay theo trích lục (Bộ luật Dân sự 2015, điều 52, 54, 60)"
)
SENTENCES = {
    PayeeKind.AUTHORISED.value: "người nhận thay đã mất; cần người nhận thay khác, hoặc người hưởng tự nhận",
    PayeeKind.GUARDIAN.value: STAND_IN.format(kind="giám hộ"),
    PayeeKind.PARENT.value: STAND_IN.format(kind="cha (mẹ) nhận thay"),
    PayeeKind.CARER.value: "người nhận chăm sóc, nuôi dưỡng đã mất; không chi theo tên người ấy nữa. Mời ra quyết định giao người khác chăm sóc và ghi "
    "người ấy; không còn ai nhận chăm sóc thì ra quyết định tạm dừng, thôi hưởng kinh phí chăm sóc",
}
NOTICE = "có tin người nhận thay đã mất, chưa đăng ký khai tử"


@transaction.atomic
def end_payees_who_died(*, on: date, now: datetime) -> int:
    """End the right to receive of payees whose death is registered, confirmed by a person or in the population data; return how many ended.

    The person is paid in hand until another payee is recorded, and a case asks for one. What is recorded without a number of the same person and
    name is of the same payee. A death only noticed is asked about. A number counts only together with the name. Repeating it changes nothing; a
    death withdrawn later revives no paper: what a person ended or recorded since stands.
    """
    relations = list(
        PayeeRelation.objects.select_for_update(of=("self",))
        .filter(Exists(_deaths()) | Exists(_in_the_extract(on)), not_ended(on=on), number__isnull=False)
        .select_related("beneficiary__unit", "number")
        .order_by("pk")
    )
    died, noticed = _dead_and_noticed(relations, on=on)
    dead = [relation for relation in relations if relation.pk in died]
    _end([*dead, *_without_a_number(dead, on=on)], on=on)
    told = {one.pk: (DIED, SENTENCES[one.kind]) for one in dead}
    told |= dict.fromkeys(noticed - told.keys(), (NOTICED, NOTICE))
    given = {
        "relations": list(told),
        "reasons": [reason for reason, _ in told.values()],
        "sentences": [sentence for _, sentence in told.values()],
    }
    raise_cases(kind=CaseKind.ACCOUNT, found=_ASK, given=given, now=now)
    return len(dead)


def is_known_dead(*, beneficiary: Beneficiary, number_id: int, name_key: str, on: date) -> bool:
    """Whether whoever has this number and name, about to receive for the beneficiary, is known to have died."""
    one = PayeeRelation(beneficiary=beneficiary, number_id=number_id, name_key=name_key)
    return bool(_dead_and_noticed([one], on=on)[0])


def _dead_and_noticed(relations: Sequence[PayeeRelation], *, on: date) -> tuple[set[int], set[int]]:
    """Relations whose payee is known to have died, and those a mere notice is about."""
    registered, noticed = _dead_by_events(relations)
    known = {*_dead_in_the_extract(relations, on=on), *_dead_in_our_books(relations, on=on)}
    return registered | {r.pk for r in relations if (r.number_id, without_honour(r.name_key)) in known}, noticed


def _dead_in_the_extract(relations: Iterable[PayeeRelation], *, on: date) -> Iterable[tuple[int, str]]:
    numbers = [relation.number_id for relation in relations]
    return IdentityRecord.objects.filter(number__in=numbers, deceased_on__lte=on).values_list("number_id", "name_key")


def _dead_in_our_books(relations: Iterable[PayeeRelation], *, on: date) -> Iterable[tuple[int, str]]:
    """Payees who receive an allowance of their own and whose death stands there: somebody confirmed a notice."""
    numbers = [relation.number_id for relation in relations]
    known = Beneficiary.objects.filter(number__in=numbers).values_list("pk", "number_id", "name_key")
    people = {pk: (number_id or 0, without_honour(name_key)) for pk, number_id, name_key in known}
    lives = life_of(list(people)) if people else {}
    return [people[pk] for pk, life in lives.items() if life.deceased_on is not None and life.deceased_on <= on]


def _without_a_number(dead: Sequence[PayeeRelation], *, on: date) -> list[PayeeRelation]:
    """The same payee of the same person, recorded a second time under another relation and without a number."""
    names = {(relation.beneficiary_id, relation.name_key) for relation in dead}
    beside = PayeeRelation.objects.select_for_update().filter(
        not_ended(on=on), beneficiary__in=[pk for pk, _ in names], number__isnull=True
    )
    return [relation for relation in beside.order_by("pk") if (relation.beneficiary_id, relation.name_key) in names]


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


def _end(dead: Sequence[PayeeRelation], *, on: date) -> None:
    """Of every right they are named for, ended ones too: earlier months may still be owed. An agent's paper shows its last day."""
    PayeeRelation.objects.filter(pk__in=[relation.pk for relation in dead]).update(
        ended_on=on, end_reason=PayeeRelation.EndReason.DECEASED
    )
    names = {(relation.beneficiary_id, without_honour(relation.name_key)) for relation in dead}
    named = Enrolment.objects.filter(beneficiary__in=[pk for pk, _ in names]).exclude(payee_kind=PayeeKind.OWN)
    theirs = [one.pk for one in named if (one.beneficiary_id, key_of(one.payee_name)) in names]
    by_agents = Enrolment.objects.filter(pk__in=theirs, payee_kind=PayeeKind.AUTHORISED)
    by_agents.update(payee_paper_until=on - timedelta(days=1))
    others = Enrolment.objects.filter(pk__in=theirs).exclude(payee_kind=PayeeKind.AUTHORISED)
    others.update(payee_kind=PayeeKind.OWN, payee_name="", payee_paper_until=None)
