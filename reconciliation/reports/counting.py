"""Count a report's figures: two temporary tables, then sums over them. Amounts are đồng, people are human beings."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from reconciliation.reports import counting_sql as sql
from reconciliation.reports.frozen_view import frozen_view
from staff.time_zone import VIETNAM

Row = dict[str, Any]
Counts = dict[str, int]

PEOPLE_KEYS = (
    "beneficiaries", "accounts", "accounts_own", "accounts_guardian", "accounts_authorised", "paid_cashless", "paid_in_cash", "in_flight",
    "unpaid", "paid_without_known_account", "paid_both_ways", "nothing_due", "not_listed",
)  # fmt: skip
MONEY_KEYS = ("account_money", "cash_money", "in_flight_money", "unpaid_money")


@dataclass(frozen=True)
class Counted:
    """Everything the tables are made of: counts by commune code, rows by programme and category, one row per person missed."""

    communes: dict[str, Counts]
    groups: list[Row]
    missed: list[Row]
    registers: dict[str, Counts]
    statement: Counts
    cash_results: Counts
    persons: list[Row]
    money_at_bank: list[Row]
    budget: list[Row]
    quality: list[Row]
    cases: list[Row]
    differences: Counts


@frozen_view()
def count_everything(*, scope: str, from_on: date, to_on: date, known_at: datetime | None = None) -> Counted:
    """Count the subtree below the unit path `scope`, for cycles whose month lies in the period, as of the end of `to_on`.

    How far the work about people is, is told as of `known_at`; without it, of now.
    """
    since, after = (datetime.combine(day, time(), tzinfo=VIETNAM) for day in (from_on, to_on + timedelta(days=1)))
    parameters: Row = {
        "scope": scope, "first_month": from_on.replace(day=1), "from_on": from_on, "to_on": to_on, "since": since, "after": after,
        "known": known_at or "infinity",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS report_lines, report_people")
        cursor.execute(sql.LINES, parameters)
        cursor.execute(sql.PEOPLE, parameters)
        cursor.execute(sql.ANALYSE)
    communes = _by_key(_rows(sql.UNIT_PEOPLE, parameters), _rows(sql.UNIT_MONEY, parameters), key=("code",))
    groups = _by_key(
        _rows(sql.GROUP_PEOPLE, parameters), _rows(sql.GROUP_MONEY, parameters), key=("programme", "category")
    )
    return Counted(
        communes={code: filled(row) for (code,), row in communes.items()},
        groups=[
            {"programme": programme, "category": category, **filled(row)}
            for (programme, category), row in groups.items()
        ],
        missed=_rows(sql.MISSED, parameters),
        registers={row.pop("code"): row for row in _rows(sql.REGISTERS, parameters)},
        statement=_rows(sql.STATEMENT, parameters)[0],
        cash_results=_rows(sql.CASH_RESULTS, parameters)[0],
        persons=_rows(sql.PERSONS, parameters),
        money_at_bank=_rows(sql.MONEY_AT_BANK, parameters),
        budget=_rows(sql.BUDGET, parameters),
        quality=_quality(parameters),
        cases=_rows(sql.CASES, parameters),
        differences=_rows(sql.DIFFERENCES, parameters)[0],
    )


def cycles_counted() -> list[Row]:
    """`{month, channel, outcome, people, money}` of the lines counted last, in the transaction that counted them; outcomes PAID, IN_FLIGHT, UNPAID."""
    return _rows(sql.CYCLES, {})


def _quality(parameters: Row) -> list[Row]:
    """One row per commune, with whoever signed for it ("" for nobody)."""
    rows = _rows(sql.QUALITY, parameters)
    if not rows:
        return []
    signers = _rows(sql.QUALITY_SIGNERS, parameters | {"taken_on": rows[0]["taken_on"]})
    names = {row["code"]: row["full_name"] for row in signers}
    return [row | {"taken_on": row["taken_on"].isoformat(), "signer": names.get(row["code"], "")} for row in rows]


def filled(row: Mapping[str, Any]) -> Counts:
    """The row's counts with a zero for each one it lacks."""
    return {key: int(row.get(key, 0)) for key in (*PEOPLE_KEYS, *MONEY_KEYS)}


def added(rows: list[Counts]) -> Counts:
    """The sum of several counts."""
    total: Counter[str] = Counter()
    for row in rows:
        total.update(row)
    return filled(total)


def _by_key(*tables: list[Row], key: tuple[str, ...]) -> dict[tuple[Any, ...], Row]:
    merged: dict[tuple[Any, ...], Row] = {}
    for table in tables:
        for row in table:
            merged.setdefault(tuple(row[name] for name in key), {}).update(row)
    return merged


def _rows(statement: str, parameters: dict[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        assert cursor.description is not None
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
