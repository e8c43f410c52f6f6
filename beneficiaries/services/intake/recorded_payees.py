"""Who receives for people known before, here or in another commune, and who therefore receives what a list adds (ADR 64, 69)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db.models import Q

from beneficiaries.linkage.dates import age_on
from beneficiaries.linkage.names import name_key
from beneficiaries.models import Beneficiary, Enrolment, PayeeKind, PayeeRelation, not_ended
from beneficiaries.parsers.values import BirthDate
from staff.models import AdministrativeUnit

CARE = "CSND"  # the programme whose money is the carer's own (Decree 20/2021/NĐ-CP, art. 20)
OF_AGE = 18
Person = tuple[bytes, str, int]  # the number's digest, name key, birth year: what makes a row a person already known


@dataclass(frozen=True)
class Receiving:
    """Who receives for somebody: relation, name and last day of the paper, as kept or as a list says."""

    kind: str
    name: str
    until: date | None

    @property
    def who(self) -> tuple[str, str]:
        """Relation and name, however it is spelt; nobody stands behind the person's own."""
        return self.kind, "" if self.kind == PayeeKind.OWN else name_key(self.name)


OWN = Receiving(PayeeKind.OWN, "", None)


@dataclass(frozen=True)
class Recorded:
    """Who receives for a person, and who stands for them by law, whatever a right of theirs is; `elsewhere`: as another commune has it."""

    kept: Receiving = OWN
    stands: Receiving | None = None
    elsewhere: bool = False

    def joined_by(self, one: Receiving) -> "Recorded":
        """With one more that is newer, and goes before; a guardian or parent stands for the person whoever else receives."""
        if one.kind in (PayeeKind.GUARDIAN, PayeeKind.PARENT):
            return replace(self, kept=one, stands=one)
        return replace(self, kept=one)

    def of_another_right(self, *, birth: BirthDate | None, today: date) -> Receiving:
        """Who receives a right that names nobody to be believed.

        A guardian, or the parent of a minor, stands for the person in all of them (Civil Code 2015, art. 58, 136). A power of attorney is for
        what it names and carer's money for care: a grown person receives the rest. A child who can't sign never does, whoever receives now.
        """
        age = _age(birth, today) if birth else OF_AGE
        if self.stands and (self.stands.kind == PayeeKind.GUARDIAN or age < OF_AGE):
            return self.stands
        return self.kept if age < settings.SIGNS_FROM_AGE else OWN


def recorded_payees(people: Collection[Person], *, unit: AdministrativeUnit, today: date) -> dict[Person, Recorded]:
    """For those of them who are known: by the newest paper that holds, else by an enrolment that is paid; a guardian by one that ended, too.

    What `unit` has goes before what another commune has. Whose number is known beside another spelling, or who receives themselves, is
    `Recorded()`: known, with nobody who receives for them.
    """
    found: dict[Person, Recorded] = {}
    by_number: dict[bytes, list[Person]] = {}
    for person in people:
        by_number.setdefault(person[0], []).append(person)
    known = Beneficiary.objects.filter(number__digest__in=by_number, enrolments__isnull=False).distinct()
    here: dict[int, Person] = {}
    there: dict[int, Person] = {}
    numbers: dict[bytes, bool] = {}
    for pk, digest, key, year, unit_id in known.values_list(
        "pk", "number__digest", "name_key", "birth_year", "unit_id"
    ):
        person = (bytes(digest), key, year or 0)  # nobody's year
        numbers[person[0]] = numbers.get(person[0], False) or unit_id == unit.pk
        if person in by_number[person[0]]:
            (here if unit_id == unit.pk else there)[pk] = person
    for person in people:
        if person[0] in numbers:
            found[person] = Recorded(elsewhere=not numbers[person[0]])
    mine = set(here.values())
    _join(found, people={pk: person for pk, person in there.items() if person not in mine}, today=today, elsewhere=True)
    _join(found, people=here, today=today, elsewhere=False)
    return found


def _join(found: dict[Person, Recorded], *, people: Mapping[int, Person], today: date, elsewhere: bool) -> None:
    for pk, one in [*_by_enrolments(people, today=today), *_by_papers(people, today=today)]:
        found[people[pk]] = replace(found[people[pk]].joined_by(one), elsewhere=elsewhere)


def _by_enrolments(people: Mapping[int, Person], *, today: date) -> Sequence[tuple[int, Receiving]]:
    live = Q(ended_month__isnull=True) | Q(ended_month__gt=today)
    rows = Enrolment.objects.filter(live | Q(payee_kind=PayeeKind.GUARDIAN), beneficiary__in=people)
    named = rows.exclude(payee_kind=PayeeKind.OWN).exclude(payee_kind=PayeeKind.CARER, programme__code=CARE)
    over = set(
        PayeeRelation.objects.filter(beneficiary__in=people, kind=PayeeKind.GUARDIAN, ended_on__lte=today).values_list(
            "beneficiary_id", flat=True
        )
    )
    return [
        (pk, Receiving(kind, name, until))
        for pk, kind, name, until, ended in named.order_by("ended_month", "pk").values_list(
            "beneficiary_id", "payee_kind", "payee_name", "payee_paper_until", "ended_month"
        )
        if ended is None
        or ended > today
        or not (pk in over or _was_a_childs(born=people[pk][2], ended=ended, today=today))
    ]


def _was_a_childs(*, born: int, ended: date, today: date) -> bool:
    """Whether a guardian, when the right ended, was a minor's who is of age now: then nobody stands for them (Civil Code 2015, art. 62)."""
    return ended.year - born < OF_AGE <= today.year - born


def _by_papers(people: Collection[int], *, today: date) -> Sequence[tuple[int, Receiving]]:
    papers = PayeeRelation.objects.filter(not_ended(on=today), beneficiary__in=people, valid_from__lte=today)
    return [
        (pk, Receiving(kind, name, until))
        for pk, kind, name, until in papers.order_by("recorded_at", "pk").values_list(
            "beneficiary_id", "kind", "full_name", "valid_until"
        )
    ]


def _age(birth: BirthDate, today: date) -> int:
    """In years; of a year alone the most it can be: nobody who can sign is taken for a child."""
    return age_on(today, born=birth.full) if birth.full else today.year - birth.year
