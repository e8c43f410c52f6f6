"""Dry run (tính thử): build the month with the very statements that build it, read who would get what and what changed, undo it all."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, TextChoices

from beneficiaries.models import Reason
from payments.errors import ListAlreadyBuilt
from payments.models import Cycle
from payments.services.lists import dry_run_sql
from payments.services.lists.build_lists import build_cycle
from payments.services.lists.calendar import is_doubtful_budget_year, month_calendar
from payments.services.lists.paid_instead import paid_instead
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


class Change(TextChoices):
    """Rows of "Tổng hợp biến động", in their order."""

    LAST_MONTH = "LAST_MONTH", "Tháng trước"
    NEW = "NEW", "Tăng: mới hưởng"
    MOVED_IN = "MOVED_IN", "Tăng: chuyển đến"
    RESUMED = "RESUMED", "Tăng: hưởng lại"
    ONCE = "ONCE", "Tăng: khoản chi một lần tháng này"
    DIED = "DIED", "Giảm: chết"
    MOVED_OUT = "MOVED_OUT", "Giảm: chuyển đi"
    NO_LONGER_ENTITLED = "NO_LONGER_ENTITLED", "Giảm: hết điều kiện"
    SUSPENDED = "SUSPENDED", "Giảm: tạm dừng"
    ONCE_BEFORE = "ONCE_BEFORE", "Giảm: khoản chi một lần tháng trước"
    LEVEL = "LEVEL", "Điều chỉnh: mức"
    ACCOUNT = "ACCOUNT", "Điều chỉnh: tài khoản"
    PAYEE = "PAYEE", "Điều chỉnh: người nhận thay"
    THIS_MONTH = "THIS_MONTH", "Tháng này"


@dataclass(frozen=True)
class ChangeRow:
    """One row of the difference from last month: enrolments and đồng (what is fewer is negative)."""

    kind: Change
    enrolments: int
    amount: int


@dataclass(frozen=True)
class Person:
    """What one enrolment would get, đồng; `reason` says why nothing, `instead` which right is paid. The category shows as its printed code."""

    code: str
    full_name: str
    category: str
    reason: str
    channel: str
    cash_reason: str
    regular: int
    arrears: int
    carried: int
    deducted: int
    instead: str = ""

    @property
    def total(self) -> int:
        """What would be paid."""
        return self.regular + self.arrears + self.carried - self.deducted


@dataclass
class Commune:
    """A commune's totals, đồng."""

    code: str
    name: str
    payable: int
    not_payable: int
    regular: int
    arrears: int
    carried: int
    through_accounts: int
    in_cash: int
    deducted: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    changes: list[ChangeRow] = field(default_factory=list)

    @property
    def total(self) -> int:
        """What would be paid."""
        return self.regular + self.arrears + self.carried - self.deducted


@dataclass(frozen=True)
class MonthsTogether:
    """Months drawn with another one (Tết), enrolments and đồng: of this month on earlier lists, of later months on these."""

    drawn_before: int
    drawn_before_amount: int
    ahead: int
    ahead_amount: int
    several_instalments: int
    several_instalments_amount: int


@dataclass(frozen=True)
class DryRun:
    """What building `month` would do within the scope; nothing of it was written. `digest` is over all units, whatever the scope.

    Communes and changes count records (hồ sơ); `paid_people` are persons, of whom some have two, counted as the lists themselves count.
    `asks_budget_year`: a January list drawn before 25 December is built only when somebody says of which year's budget it is.
    """

    digest: str
    month: date
    before: date | None
    communes: list[Commune]
    changes: list[ChangeRow]
    sources: dict[str, int]
    people: list[Person]
    together: MonthsTogether
    paid_people: int
    asks_budget_year: bool = False


def dry_run(
    *,
    month: date,
    listed_on: date,
    unit: AdministrativeUnit,
    actor: User,
    now: datetime,
    months_together: int = 1,
    pay_on: date | None = None,
) -> DryRun:
    """What the lists of `month`, paid on `pay_on` (the calendar's day), would hold for `unit` and below, person by person if it is a commune.

    Raises whatever would stop the lists from being built (`SomebodyWouldBeOmitted`, …), `NotAllowed`.
    """
    require(actor, Right.BUILD_LIST, unit=unit)
    if Cycle.objects.filter(month=month).exists():
        raise ListAlreadyBuilt
    with transaction.atomic():
        paid_on = pay_on or month_calendar(month=month).pay_on
        cycle = Cycle(month=month, listed_on=listed_on, pay_on=paid_on, built_at=now, budget_year=month.year)
        build_cycle(cycle, months_together=months_together)
        found = _read(cycle, scope=unit)
        transaction.set_rollback(True)
    return replace(found, asks_budget_year=is_doubtful_budget_year(month=month, listed_on=listed_on))


def digest_of(cycle: Cycle) -> str:
    """What the lists of the cycle say, as SHA-256: the same for a dry run and for the lists built right after it."""
    digest: str = _rows(dry_run_sql.DIGEST, {"cycle": cycle.pk})[0][0]
    return digest


def _read(cycle: Cycle, *, scope: AdministrativeUnit) -> DryRun:
    before = Cycle.objects.filter(month__lt=cycle.month, opening=False).aggregate(latest=Max("month"))["latest"]
    given = {"cycle": cycle.pk, "month": cycle.month, "before": before, "scope": scope.path}
    communes = {row[0]: Commune(*row) for row in _rows(dry_run_sql.TOTALS, given)}
    for code, of_accounts, of_cash in _rows(dry_run_sql.DEDUCTED, given):
        communes[code].deducted = of_accounts + of_cash
        communes[code].through_accounts -= of_accounts
        communes[code].in_cash -= of_cash
    for code, reason, count in _rows(dry_run_sql.REASONS, given):
        communes[code].reasons[reason] = count
    changed = [
        (code, ChangeRow(Change(kind), count, amount))
        for code, kind, count, amount in _rows(dry_run_sql.CHANGES, given)
    ]
    for code, row in changed:
        if code in communes:
            communes[code].changes.append(row)
    for commune in communes.values():
        commune.changes = summed(commune.changes)
    is_commune = scope.kind == AdministrativeUnit.Kind.COMMUNE
    return DryRun(
        digest=digest_of(cycle),
        month=cycle.month,
        before=before,
        communes=list(communes.values()),
        changes=summed([row for _, row in changed]),
        sources=dict(_rows(dry_run_sql.SOURCES, given)),
        people=_people(given) if is_commune else [],
        together=MonthsTogether(*_rows(dry_run_sql.TOGETHER, given)[0]),
        paid_people=_rows(dry_run_sql.PAID_PEOPLE, given)[0][0],
    )


def _people(given: dict[str, Any]) -> list[Person]:
    people = [Person(*row) for row in _rows(dry_run_sql.LINES, given)]
    shut_out = [person.code for person in people if person.reason == Reason.EXCLUDED]
    instead = paid_instead(codes=shut_out, month=given["month"])
    return [replace(person, instead=instead.get(person.code, "")) for person in people]


def summed(rows: list[ChangeRow]) -> list[ChangeRow]:
    """All rows of the form in their order, added up; a row nobody is in stands with 0."""
    return [
        ChangeRow(
            kind=kind,
            enrolments=sum(row.enrolments for row in rows if row.kind == kind),
            amount=sum(row.amount for row in rows if row.kind == kind),
        )
        for kind in Change
    ]


def _rows(statement: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())
