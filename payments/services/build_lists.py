"""Build a month: what everyone is due, by which channel, on which list; who is not paid and why. One transaction, or nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from beneficiaries.models import BankAccount, Beneficiary, Decision, Enrolment
from payments.errors import ListAlreadyBuilt, NoFundingAccount, SomebodyWouldBeOmitted
from payments.models import Cycle, Entitlement, Payment, PaymentBatch
from payments.services import building
from staff.bulk import refresh_statistics
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


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


def build_lists(*, month: date, listed_on: date, pay_on: date, actor: User, now: datetime) -> Built:
    """Build all lists of `month` (first day) with what was known on `listed_on`.

    Money of earlier months that came back is carried over once a fresh enquiry confirmed it; what the bank contradicts waits for a person
    and holds nobody else up. Raises `ListAlreadyBuilt`, `SomebodyWouldBeOmitted`, `NoFundingAccount`, `NotAllowed`; then nothing is written.
    """
    province = AdministrativeUnit.objects.get(kind="PROVINCE")
    require(actor, Right.BUILD_LIST, unit=province)
    try:
        with transaction.atomic():
            return _build(month=month, listed_on=listed_on, pay_on=pay_on, now=now)
    except IntegrityError as error:
        if "cycle" in str(error) and "month" in str(error):
            raise ListAlreadyBuilt from error
        raise


def _build(*, month: date, listed_on: date, pay_on: date, now: datetime) -> Built:
    refresh_statistics(Beneficiary, Enrolment, Decision, BankAccount, Entitlement, Payment)
    cycle = Cycle.objects.create(month=month, listed_on=listed_on, pay_on=pay_on, built_at=now)
    given: dict[str, Any] = {
        "month": month,
        "as_of": listed_on,
        "pay_on": pay_on,
        "cycle": cycle.pk,
        "now": now,
        "kind": paying_unit_kind(month),
    }
    with connection.cursor() as cursor:
        for statement in building.PREPARE:
            cursor.execute(statement, given)
        cursor.execute(building.MISSED, given)
        if missed := [code for (code,) in cursor.fetchall()]:
            raise SomebodyWouldBeOmitted(conflicts=missed)
        cursor.execute(building.WITHOUT_FUNDING_ACCOUNT)
        if units := [name for (name,) in cursor.fetchall()]:
            raise NoFundingAccount(conflicts=units)
        for statement in building.STAGES:
            cursor.execute(statement, given)
    entitlements = Entitlement.objects.filter(cycle=cycle)
    return Built(
        cycle=cycle,
        batches=PaymentBatch.objects.filter(cycle=cycle).count(),
        payments=Payment.objects.filter(batch__cycle=cycle).count(),
        entitlements=entitlements.count(),
        not_payable=entitlements.exclude(not_payable_reason="").count(),
    )
