"""Rules that decide what is owed, kept by people: grounds that exclude each other, the province's top-ups, ages that are asked about.

Each is dated and rests on a legal source; a change is a newer row (of an age rule: its end), and the history keeps who made it.
"""

from datetime import date

from django.db import IntegrityError, transaction

from beneficiaries.errors import RuleImpossible
from beneficiaries.models import AgeChange, BenefitCategory, Exclusion, Programme, TopUpRate
from staff.models import User
from staff.rights import Right, require
from staff.services.units import the_province


@transaction.atomic
def set_exclusion(
    *,
    programme: Programme,
    other_programme: Programme,
    together: bool,
    valid_from: date,
    legal_source: str,
    actor: User,
    category: BenefitCategory | None = None,
    other_category: BenefitCategory | None = None,
) -> Exclusion:
    """From a month on, two grounds stand beside each other or only the higher is paid. Lists already built stay as they are.

    Raises `RuleImpossible` for a category of another programme, or a pair that has a rule of that date already; `NotAllowed`.
    """
    _require(actor)
    for ground, its in ((category, programme), (other_category, other_programme)):
        if ground is not None and ground.programme_id != its.pk:
            raise RuleImpossible(conflicts=[ground.neutral_code])
    try:
        with transaction.atomic():
            return Exclusion.objects.create(
                programme=programme,
                category=category,
                other_programme=other_programme,
                other_category=other_category,
                together=together,
                valid_from=valid_from,
                legal_source=legal_source,
            )
    except IntegrityError as error:
        raise RuleImpossible(conflicts=[programme.code, other_programme.code, f"{valid_from:%d/%m/%Y}"]) from error


@transaction.atomic
def set_top_up(
    *,
    category: BenefitCategory,
    amount: int,
    budget_source: str,
    valid_from: date,
    known_on: date,
    legal_source: str,
    actor: User,
) -> TopUpRate:
    """What the province adds, đồng per month, from `valid_from` on; 0 ends it. Months already paid get the difference as arrears.

    Raises `RuleImpossible` for a second rate of the same day, `NotAllowed`.
    """
    _require(actor)
    try:
        with transaction.atomic():
            return TopUpRate.objects.create(
                category=category,
                amount=amount,
                budget_source=budget_source,
                valid_from=valid_from,
                known_on=known_on,
                legal_source=legal_source,
            )
    except IntegrityError as error:
        raise RuleImpossible(conflicts=[category.neutral_code, f"{valid_from:%d/%m/%Y}"]) from error


@transaction.atomic
def set_age_rule(
    *,
    category: BenefitCategory,
    age: int,
    actor: User,
    next_category: BenefitCategory | None = None,
    ended_on: date | None = None,
) -> AgeChange:
    """An age people of a category are asked about 60 days before, or the end of such a rule. Nothing is applied by itself.

    Raises `RuleImpossible` for a next category that is the same, `NotAllowed`.
    """
    _require(actor)
    if next_category is not None and next_category.pk == category.pk:
        raise RuleImpossible(conflicts=[category.neutral_code])
    values = {"next_category": next_category, "ended_on": ended_on}
    return AgeChange.objects.update_or_create(category=category, age=age, defaults=values)[0]


def _require(actor: User) -> None:
    require(actor, Right.KEEP_RULES, unit=the_province())
