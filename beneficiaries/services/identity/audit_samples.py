"""Audit samples of automatic links: drawn by rule and band of points, judged blind, evaluated to a precision with its exact bound."""

import math
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count

from beneficiaries.errors import AlreadyAnswered, DrawerCannotJudge, NothingToDraw
from beneficiaries.linkage.exact import bounds
from beneficiaries.models import AuditAnswer, AuditItem, AuditSample
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

LARGEST = 20_000
FEWEST_PER_STRATUM = 5
DECOYS = 0.1  # share of pairs that are two people: who answers "the same" without looking is seen
DECOY = "DECOY"  # their stratum in the result; `right` is who was told apart
BAND_BITS = 10  # width of a band of points

_LINKS = """
SELECT m.id, m.beneficiary_id, m.identity_id, m.rule || CASE WHEN m.points IS NULL THEN '' ELSE '/' || (floor(m.points / %(width)s) * %(width)s)::int END
FROM beneficiaries_identitymatch m JOIN beneficiaries_beneficiary b ON b.id = m.beneficiary_id AND b.identity_id = m.identity_id
JOIN staff_administrativeunit u ON u.id = b.unit_id
WHERE m.band = 'AUTOMATIC' AND u.path LIKE %(path)s || '%%' ORDER BY m.id
"""
# A decoy is somebody linked beside another resident of the place and sex: a namesake if there is one, else born about then. A candidate of
# somebody unlinked is no decoy: it may be the right person.
_DECOYS = """
SELECT b.id, o.id FROM beneficiaries_beneficiary b JOIN beneficiaries_identityrecord r ON r.id = b.identity_id
CROSS JOIN LATERAL (
    SELECT o.id FROM beneficiaries_identityrecord o WHERE o.unit_id = r.unit_id AND o.sex = r.sex AND o.id <> r.id
    ORDER BY (o.name_key = r.name_key) DESC, abs(o.birth_year - r.birth_year) NULLS LAST, o.id LIMIT 1
) o
WHERE b.id = ANY(%(people)s) ORDER BY b.id
"""
Link = tuple[int, int, int, str]


@dataclass(frozen=True)
class Precision:
    """How many of the judged links are right. `low` is the one-sided 95 % bound (exact binomial); unsure ones are left out and counted."""

    stratum: str
    links: int
    answered: int
    right: int
    unsure: int
    low: float


@transaction.atomic
def draw_audit_sample(*, size: int, seed: int, unit: AdministrativeUnit, actor: User, now: datetime) -> AuditSample:
    """Draw `size` automatic links of `unit` and below, in proportion to rule and band of points, and some of every small stratum beside.

    Raises `NotAllowed`, `NothingToDraw`. The same seed over the same links draws the same.
    """
    require(actor, Right.DRAW_AUDIT, unit=unit)
    strata = _strata(unit)
    total = sum(len(links) for links in strata.values())
    if not total:
        raise NothingToDraw
    chance = random.Random(seed)  # noqa: S311 - a sample to be repeated, not a secret
    size = min(size, total, LARGEST)
    proportional = chance.sample([link for links in strata.values() for link in links], size)
    chosen = {link[0] for link in proportional}
    extra = [
        link
        for name, links in sorted(strata.items())
        for link in _missing(name, links, chosen=chosen, proportional=proportional, chance=chance)
    ]
    drawn = [(link, False) for link in proportional] + [(link, True) for link in extra]
    sample = AuditSample.objects.create(
        drawn_by=actor, drawn_at=now, unit=unit, seed=seed, strata=_described(strata, drawn)
    )
    items = [
        AuditItem(
            sample=sample, beneficiary_id=person, identity_id=identity, match_id=match, stratum=name, extra=is_extra
        )
        for (match, person, identity, name), is_extra in drawn
    ] + _decoys(
        sample, count=math.ceil(size * DECOYS), strata=strata, drawn={link[1] for link, _ in drawn}, chance=chance
    )
    chance.shuffle(items)
    for position, item in enumerate(items, start=1):
        item.position = position
    AuditItem.objects.bulk_create(items, batch_size=2000)
    return sample


def _strata(unit: AdministrativeUnit) -> dict[str, list[Link]]:
    strata: dict[str, list[Link]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_LINKS, {"width": BAND_BITS, "path": unit.path})
        for link in cursor.fetchall():
            strata[link[3]].append(link)
    return dict(sorted(strata.items()))


def _missing(
    name: str, links: list[Link], *, chosen: set[int], proportional: list[Link], chance: random.Random
) -> list[Link]:
    have = sum(link[3] == name for link in proportional)
    left = [link for link in links if link[0] not in chosen]
    return chance.sample(left, min(len(left), max(0, FEWEST_PER_STRATUM - have)))


def _described(strata: dict[str, list[Link]], drawn: list[tuple[Link, bool]]) -> list[dict[str, object]]:
    return [
        {"stratum": name, "links": len(links), "drawn": sum(link[3] == name for link, _ in drawn)}
        for name, links in strata.items()
    ]


def _decoys(
    sample: AuditSample, *, count: int, strata: dict[str, list[Link]], drawn: set[int], chance: random.Random
) -> list[AuditItem]:
    """Of people not drawn as long as there are any: whoever judges is not to see one person twice."""
    people = sorted({link[1] for links in strata.values() for link in links})
    chance.shuffle(people)
    people.sort(key=lambda person: person in drawn)
    with connection.cursor() as cursor:
        cursor.execute(_DECOYS, {"people": people[:count]})
        return [
            AuditItem(sample=sample, beneficiary_id=person, identity_id=identity, stratum="")
            for person, identity in cursor.fetchall()
        ]


@transaction.atomic
def answer_audit_item(*, item: AuditItem, answer: str, note: str, actor: User, now: datetime) -> AuditAnswer:
    """Record what a person found. Raises `NotAllowed`, `DrawerCannotJudge` (they know which pairs were linked), `AlreadyAnswered`."""
    require(actor, Right.ANSWER_AUDIT, unit=item.beneficiary.unit)
    if item.sample.drawn_by_id == actor.pk:
        raise DrawerCannotJudge(conflicts=[str(item.pk)])
    kept, created = AuditAnswer.objects.get_or_create(
        item=item, defaults={"answer": answer, "note": note, "answered_by": actor, "answered_at": now}
    )
    if not created and (kept.answer, kept.answered_by_id) != (answer, actor.pk):
        raise AlreadyAnswered(conflicts=[str(item.pk)])
    return kept


def evaluate_audit_sample(*, sample: AuditSample) -> list[Precision]:
    """First all strata together (only what was drawn in proportion), then each; last the decoys, which count nowhere else."""
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = (
        AuditItem.objects.filter(sample=sample, match__isnull=False)
        .values("stratum", "extra", "answer__answer")
        .annotate(items=Count("id"))
    )
    for row in rows:
        for name in (row["stratum"],) if row["extra"] else (row["stratum"], ""):
            counted[name][row["answer__answer"] or "OPEN"] += row["items"]
    links = {line["stratum"]: line["links"] for line in sample.strata}
    return [
        _precision(name, counted[name], links=links.get(name, sum(links.values()))) for name in ["", *sorted(links)]
    ] + _told_apart(sample)


def _told_apart(sample: AuditSample) -> list[Precision]:
    """How the decoys were judged; nothing for a sample without any."""
    decoys = AuditItem.objects.filter(sample=sample, match__isnull=True)
    answers = {
        row["answer__answer"] or "OPEN": row["items"]
        for row in decoys.values("answer__answer").annotate(items=Count("id"))
    }
    swapped = {"SAME": answers.get("DIFFERENT", 0), "DIFFERENT": answers.get("SAME", 0)}
    return [_precision(DECOY, answers | swapped, links=sum(answers.values()))] if answers else []


def _precision(name: str, answers: dict[str, int], *, links: int) -> Precision:
    right, wrong = answers.get("SAME", 0), answers.get("DIFFERENT", 0)
    low = bounds(right, right + wrong, confidence=0.90)[0]
    return Precision(
        stratum=name, links=links, answered=right + wrong, right=right, unsure=answers.get("UNSURE", 0), low=low
    )
