"""Build a month: what everyone is due, by which channel, on which list; who is not paid and why. One transaction, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from beneficiaries.models import BankAccount, Beneficiary, Decision, Enrolment
from beneficiaries.services.cases.raising import raise_cases
from payments.errors import (
    BudgetYearNotSaid,
    ListAlreadyBuilt,
    NoFundingAccount,
    RecoveryBeingRecorded,
    SomebodyWouldBeOmitted,
    TooManyMonths,
)
from payments.models import Cycle, Entitlement, Payment, PaymentBatch
from payments.services.lists import building
from payments.services.lists.calendar import is_doubtful_budget_year, months_after
from payments.services.lists.makers import record_makers
from staff.bulk import refresh_statistics
from staff.errors import constraint_of
from staff.models import User
from staff.rights import Right, require
from staff.services.units import the_province

MOST_MONTHS_TOGETHER = 3
MOST_TRIES = 3
RECKONED_ANEW = ("recovered_at_most_what_was_decided", "moved_enrolment_is_paid_no_further")


@dataclass(frozen=True)
class Built:
    """What was built: counts of rows."""

    cycle: Cycle
    batches: int
    payments: int
    entitlements: int
    not_payable: int


def paying_unit_kind(month: date) -> str:
    """Which kind of unit pays in `month`: dated data, since the reform of 1 July 2025 moved it from district to commune."""
    return max((since, kind) for since, kind in settings.PAYING_UNIT_KINDS.items() if since <= month.isoformat())[1]


def build_lists(
    *,
    month: date,
    listed_on: date,
    pay_on: date,
    actor: User,
    now: datetime,
    months_together: int = 1,
    budget_year: int | None = None,
) -> Built:
    """Build all lists of `month` (first day) with what was known on `listed_on`; `months_together` = 2 pays the next month too (Tết).

    Money of earlier months that came back is carried over once a fresh enquiry confirmed it; what the bank contradicts waits for a person
    and holds nobody else up. `budget_year` must be said for a January list drawn before 25 December. Raises `ListAlreadyBuilt`, `SomebodyWouldBeOmitted`,
    `NoFundingAccount`, `BudgetYearNotSaid`, `RecoveryBeingRecorded`, `NotAllowed`; then nothing is written.
    """
    province = the_province()
    require(actor, Right.BUILD_LIST, unit=province)
    if not 1 <= months_together <= MOST_MONTHS_TOGETHER:
        raise TooManyMonths
    if budget_year is None and is_doubtful_budget_year(month=month, listed_on=listed_on):
        raise BudgetYearNotSaid
    cycle = Cycle(month=month, listed_on=listed_on, pay_on=pay_on, built_at=now, budget_year=budget_year)
    try:
        with transaction.atomic():
            built = build_cycle(cycle, months_together=months_together)
            made = PaymentBatch.objects.filter(cycle=built.cycle).values_list("pk", flat=True)
            record_makers(batch_ids=made, maker=actor, now=now)
            return built
    except IntegrityError as error:
        if constraint_of(error) == "payments_cycle_month_key":
            raise ListAlreadyBuilt(conflicts=[f"{month:%Y-%m}"]) from error
        raise


def build_cycle(cycle: Cycle, *, months_together: int) -> Built:
    """The statements alone, inside the caller's transaction: `build_lists` keeps what they write, a dry run undoes it.

    A receipt of money paid back that is recorded meanwhile leaves less to deduct than was reckoned with, and somebody of whom it is decided
    meanwhile that they move is not to be paid here: then it is reckoned anew. Raises `RecoveryBeingRecorded` when that happens again and again.
    """
    for _ in range(MOST_TRIES):
        try:
            with transaction.atomic():
                return _build_once(cycle, months_together=months_together)
        except IntegrityError as error:
            if constraint_of(error) not in RECKONED_ANEW:
                raise
            cycle.pk = None
    raise RecoveryBeingRecorded


def _build_once(cycle: Cycle, *, months_together: int) -> Built:
    refresh_statistics(Beneficiary, Enrolment, Decision, BankAccount, Entitlement, Payment)
    cycle.save(force_insert=True)
    given = given_of(cycle, listed_on=cycle.listed_on, pay_on=cycle.pay_on, now=cycle.built_at)
    given["last"] = months_after(cycle.month, months_together - 1)
    make_lists(given, stages=building.STAGES)
    # Whoever signs reads the new rows next: before the statistics know of them, looking for conflicts compares everybody with everybody.
    refresh_statistics(PaymentBatch, Payment, Entitlement)
    for kind, found in building.RAISED:
        raise_cases(kind=kind, found=found, given=given, now=cycle.built_at)
    entitlements = Entitlement.objects.filter(cycle=cycle)
    return Built(
        cycle=cycle,
        batches=PaymentBatch.objects.filter(cycle=cycle).count(),
        payments=Payment.objects.filter(batch__cycle=cycle).count(),
        entitlements=entitlements.count(),
        not_payable=entitlements.exclude(not_payable_reason="").count(),
    )


def given_of(cycle: Cycle, *, listed_on: date, pay_on: date, now: datetime) -> dict[str, Any]:
    """The parameters of the statements: of everybody, on the month's own lists, no month ahead."""
    return {
        "month": cycle.month,
        "as_of": listed_on,
        "pay_on": pay_on,
        "cycle": cycle.pk,
        "now": now,
        "kind": paying_unit_kind(cycle.month),
        "last": cycle.month,
        "recovery_percent": settings.RECOVERY_MAX_PERCENT,
        "signs_from_age": settings.SIGNS_FROM_AGE,
        "only": None,
        "sequence": 0,
        "supplementary": False,
    }


def make_lists(given: dict[str, Any], *, stages: Sequence[str]) -> None:
    """Who is due what, whom another right shuts out, and then `stages`. Raises `SomebodyWouldBeOmitted`, `NoFundingAccount`."""
    with connection.cursor() as cursor:
        for statement in building.PREPARE:
            cursor.execute(statement, given)
        cursor.execute(building.LAST_PLACE)
        for place in range(2, cursor.fetchone()[0] + 1):
            for why in building.EXCLUDED_BY:
                cursor.execute(building.EXCLUDE, {"place": place, **why})
        cursor.execute(building.MISSED, given)
        if missed := [code for (code,) in cursor.fetchall()]:
            raise SomebodyWouldBeOmitted(conflicts=missed)
        cursor.execute(building.WITHOUT_FUNDING_ACCOUNT)
        if units := [name for (name,) in cursor.fetchall()]:
            raise NoFundingAccount(conflicts=units)
        for statement in stages:
            cursor.execute(statement, given)
