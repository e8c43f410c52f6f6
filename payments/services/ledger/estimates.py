"""Record what a paying unit was given to spend in a budget year; reports divide what was spent by it."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum

from beneficiaries.models import Programme
from payments.errors import EstimateBelowZero, EstimateRecorded
from payments.models import BudgetEstimate
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


def record_estimate(
    *, unit: AdministrativeUnit, programme: Programme, year: int, amount: int, document: str, decided_on: date, actor: User, now: datetime,
    budget_source: str = "",
) -> BudgetEstimate:  # fmt: skip
    """Keep one line of a decision (đồng; negative: taken back); the same again changes nothing. No source: the programme's own.

    Raises `EstimateRecorded` when the decision stands with another amount or day, `EstimateBelowZero`, `NotAllowed`.
    """
    require(actor, Right.RECORD_ESTIMATE, unit=unit)
    line = {
        "unit": unit, "programme": programme, "budget_source": budget_source or programme.budget_source, "year": year, "document": document,
    }  # fmt: skip
    if known := BudgetEstimate.objects.filter(**line, amount=amount, decided_on=decided_on).first():
        return known
    try:
        with transaction.atomic():
            return BudgetEstimate.objects.create(
                **line, amount=amount, decided_on=decided_on, recorded_by=actor, recorded_at=now
            )
    except IntegrityError as error:
        if BudgetEstimate.objects.filter(**line).exists():
            raise EstimateRecorded(conflicts=[document]) from error
        given = given_so_far(unit=unit, programme=programme, budget_source=str(line["budget_source"]), year=year)
        raise EstimateBelowZero(conflicts=[f"{given} đ"]) from error


def given_so_far(*, unit: AdministrativeUnit, programme: Programme, budget_source: str, year: int) -> int:
    """What the decisions so far come to, đồng."""
    lines = BudgetEstimate.objects.filter(unit=unit, programme=programme, budget_source=budget_source, year=year)
    return int(lines.aggregate(total=Sum("amount"))["total"] or 0)


def estimates_in_reach(actor: User) -> QuerySet[BudgetEstimate]:
    """Lines of the actor's subtree."""
    path = actor.unit.path if actor.unit else "-"
    return BudgetEstimate.objects.filter(unit__path__startswith=path).select_related("unit", "programme", "recorded_by")
