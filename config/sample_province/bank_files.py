"""The banks' lists of accounts, month by month, and the bank's own truth for the mock bank."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from config.sample_province.people import Account, Person, Relation, Status
from config.sample_province.province import World
from config.sample_province.residents import printed_number
from config.sample_province.tellers import BANKS
from config.sample_province.workbooks import Cell, write_table

HEADINGS = (
    "STT", "Mã hồ sơ hưởng", "Tên chủ tài khoản", "Số giấy tờ", "Ngày sinh", "Số tài khoản", "Chi nhánh", "Ngày mở",
    "Tình trạng", "Loại chủ tài khoản",
)  # fmt: skip
_HOLDER_KINDS = {
    Relation.OWN: "Chính chủ",
    Relation.GUARDIAN: "Người giám hộ",
    Relation.AUTHORISED: "Người được ủy quyền",
}
_BRANCHES = ("An Sơn", "Ninh Hải", "Phước Sơn", "Thuận Nam")


def write_account_lists(*, world: World, out: Path) -> None:
    """`accounts/2024-MM_<BIN>_<bank>.xlsx`: accounts delivered in MM; a list without rows is not sent."""
    rng = np.random.default_rng([world.quotas.seed, 7])
    lists: dict[tuple[int, str], list[list[Cell]]] = {}
    for person in sorted(world.people, key=lambda person: person.main.code):
        if person.account is not None:
            rows = lists.setdefault((person.account.delivered, person.account.bin), [])
            branch = f"{BANKS[person.account.bin]} {_BRANCHES[int(rng.integers(len(_BRANCHES)))]}"
            rows.append([len(rows) + 1, *_row(person, person.account, branch)])
    for (month, bin_), rows in sorted(lists.items()):
        path = out / "accounts" / f"2024-{month:02d}_{bin_}_{BANKS[bin_]}.xlsx"
        write_table(path, name="Tài khoản", headings=HEADINGS, rows=rows)


def _row(person: Person, account: Account, branch: str) -> list[Cell]:
    holder = person.payee
    return [
        person.main.code,
        account.holder,
        printed_number(holder.number if holder else person.number),
        f"{holder.born if holder else person.born:%d/%m/%Y}",
        account.number,
        branch,
        f"{account.opened_on:%d/%m/%Y}",
        "Đã đóng" if account.listed_closed else "Hoạt động",
        _HOLDER_KINDS[person.relation],
    ]


def write_bank_truth(*, world: World, out: Path) -> None:
    """`bank/accounts.csv`: every account that exists, with the day from which each status holds."""
    rng = np.random.default_rng([world.quotas.seed, 8])
    lines: set[str] = set()
    for person in world.people:
        account = person.account
        if account is None:
            continue
        turned = _turned_on(account, rng)
        if account.failure is Status.MISSING:
            continue
        known_as = f"{account.bin},{account.number},{account.holder}"
        lines.add(f"{known_as},{Status.OPEN},{account.opened_on.isoformat()}")
        if turned is not None:
            status = Status.CLOSED if account.listed_closed else account.failure
            lines.add(f"{known_as},{status},{turned.isoformat()}")
    path = out / "bank" / "accounts.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "\n".join(["routing_number,account_number,holder_name,status,from_date", *sorted(lines)]) + "\n",
        encoding="utf-8",
    )


def _turned_on(account: Account, rng: np.random.Generator) -> date | None:
    """The day the account stops taking money: after the last payment that reached it, before the first that fails."""
    days = int(rng.integers(9))
    if account.listed_closed:
        return account.opened_on + timedelta(days=1)
    if account.fails_from is None:
        return None
    return date(2024, account.fails_from - 1, 20) + timedelta(days=days)
