"""Recompute the headline figures from the raw files, the bank's own books and the signed cash lists.

Shares no code with the product or the generator. Whoever disagrees with these figures has to explain a row.
"""

import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from tests.independent.raw_files import Row, all_rows, folded, residents_with, rows_below_heading, twelve_digits

LAST_MONTH = 9
_HOLDERS = {"Chính chủ": "own", "Người giám hộ": "guardian", "Người được ủy quyền": "authorised"}
_VIETNAM = timezone(timedelta(hours=7))


@dataclass(slots=True)
class Human:
    """One human being: the rows about them, their account if the bank lists it as active, money in đồng."""

    codes: list[str] = field(default_factory=list)
    live: bool = False
    holder: str = ""
    account: tuple[str, str] | None = None
    credited: bool = False
    cash: int = 0


def recompute(sample_dir: Path, bank_db: Path, cash_dir: Path) -> dict[str, Any]:
    """Headline figures as of 30/09/2024 24:00, with the keys of the sample's own truth file."""
    rows = {row["Mã hồ sơ hưởng"]: row for _, row in all_rows(sample_dir / "registries")}
    humans = _humans(rows, sample_dir)
    _mark_live(rows, humans, sample_dir)
    _link_accounts(humans, sample_dir)
    account_money = _read_books(humans, bank_db)
    cash_money = _read_cash(humans, cash_dir)
    live = [human for human in _distinct(humans) if human.live]
    holders = [human for human in live if human.account]
    missed = [human for human in holders if not human.credited]
    kinds = Counter(human.holder for human in holders)
    return {
        "beneficiaries": len(live),
        "accounts_opened": len(holders),
        "accounts_by_holder": {kind: kinds[kind] for kind in _HOLDERS.values()},
        "paid_cashless": len(holders) - len(missed),
        "account_money": account_money,
        "cash_money": cash_money,
        "not_paid_through_account": len(missed),
        "of_those_paid_in_cash": sum(1 for human in missed if human.cash),
        "of_those_unpaid": sum(1 for human in missed if not human.cash),
    }


def _distinct(humans: dict[str, Human]) -> list[Human]:
    return list({id(human): human for human in humans.values()}.values())


def _humans(rows: dict[str, Row], sample: Path) -> dict[str, Human]:
    """Rows of one person share a number: the reviewer's, else the typed one where name, year and sex confirm it."""
    answers = {
        row["Mã hồ sơ hưởng"]: row["Số định danh đúng"]
        for _, row in all_rows(sample / "reviews")
        if row["Kết quả"] in ("Đúng người", "Trùng")
    }
    typed = {code: twelve_digits(row["Số định danh cá nhân/CMND"]) for code, row in rows.items()}
    residents = residents_with(set(typed.values()), sample=sample)
    by_identity: dict[str, Human] = defaultdict(Human)
    humans: dict[str, Human] = {}
    for code, row in rows.items():
        identity = answers.get(code, "")
        resident = residents.get(typed[code])
        if (
            not identity
            and resident is not None
            and (
                resident.name == folded(row["Họ và tên"])
                and row["Ngày sinh"].endswith(resident.birth_year)
                and row["Giới tính"] == resident.sex
            )
        ):
            identity = typed[code]
        human = by_identity[identity or code]
        human.codes.append(code)
        humans[code] = human
    return humans


def _month(text: str) -> int:
    """Months of 2024 as numbers; anything earlier is 0."""
    month, year = text.split("/")
    return int(month) if int(year) == 2024 else 0


def _mark_live(rows: dict[str, Row], humans: dict[str, Human], sample: Path) -> None:
    ended = {
        row["Mã hồ sơ hưởng"]
        for _, row in all_rows(sample / "decisions")
        if _month(row["Hiệu lực từ tháng"]) <= LAST_MONTH
    }
    for code, row in rows.items():
        if code not in ended and _month(row["Hưởng từ tháng"]) <= LAST_MONTH:
            humans[code].live = True


def _link_accounts(humans: dict[str, Human], sample: Path) -> None:
    """Accounts the bank lists as active, by the row the bank names; the file name carries the bank's BIN."""
    for path in sorted((sample / "accounts").glob("*.xlsx")):
        bin_ = path.name.split("_")[1]
        for row in rows_below_heading(path):
            if row["Tình trạng"] == "Hoạt động":
                human = humans[row["Mã hồ sơ hưởng"]]
                human.account = (bin_, row["Số tài khoản"])
                human.holder = _HOLDERS[row["Loại chủ tài khoản"]]


def _read_books(humans: dict[str, Human], bank_db: Path) -> int:
    """Mark who was credited; return what stayed with the beneficiaries.

    The books name accounts, not people. Children who share their guardian's account get one transfer a month each,
    so the busiest month tells how many of them were paid.
    """
    owners: dict[tuple[str, str], list[Human]] = defaultdict(list)
    for human in _distinct(humans):
        if human.account:
            owners[human.account].append(human)
    kept: Counter[tuple[tuple[str, str], str]] = Counter()
    total = 0
    query = (
        "SELECT payments.routing_number, payments.account_number, debits.amount, debits.debited_at "
        "FROM debits JOIN payments ON payments.id = debits.obp_id WHERE debits.returned_at IS NULL"
    )
    with sqlite3.connect(f"file:{bank_db}?mode=ro", uri=True) as books:
        for bin_, number, amount, debited_at in books.execute(query):
            month = datetime.fromtimestamp(int(debited_at), _VIETNAM).strftime("%Y-%m")
            kept[((bin_, number), month)] += 1
            total += int(amount)
    for (account, _month_name), transfers in kept.items():
        for human in owners.get(account, [])[:transfers]:
            human.credited = True
    return total


def _read_cash(humans: dict[str, Human], cash_dir: Path) -> int:
    """Add up what people signed for on the result lists."""
    total = 0
    for _, row in all_rows(cash_dir):
        if row["Kết quả"] == "Đã nhận":
            amount = int(row["Tổng số được nhận"].replace(".", ""))
            humans[row["Mã hồ sơ hưởng"]].cash += amount
            total += amount
    return total
