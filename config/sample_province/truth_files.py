"""`truth/`: expected figures and the truth behind every row. For tests only; the product never opens this folder."""

import json
from pathlib import Path

from config.sample_province.expected import Due
from config.sample_province.figures import HOLDERS, account_reason, figures, has_account, unpaid_reason
from config.sample_province.people import MONTHS
from config.sample_province.province import World
from config.sample_province.residents import printed_number

_PERSON_COLUMNS = (
    "ma_ho_so", "person", "true_number", "true_name", "in_extract", "programme", "category", "folder", "starts", "live_at_end",
    "duplicate_of", "identity", "died_on", "holder", "account_bin", "account_number", "account_delivered", "paid_before",
    "listed_closed", "account_counted", "paid_cashless", "account_reason", "unpaid_reason", "defects",
)  # fmt: skip
_MONTH_COLUMNS = ("blocked", "channel", "reason", "outcome", "regular", "arrears", "carried")


def write_truth(*, world: World, out: Path) -> None:
    """Write `truth.json` (figures) and `rows.csv` (one line per registry row)."""
    folder = out / "truth"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures(world), ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8")
    heading = [*_PERSON_COLUMNS, *(f"{column}_{month:02d}" for month in MONTHS for column in _MONTH_COLUMNS)]
    lines = sorted(_lines(world))
    (folder / "rows.csv").write_text("\n".join([",".join(heading), *lines]) + "\n", encoding="utf-8")


def _lines(world: World) -> list[str]:
    lines: list[str] = []
    for history in world.histories:
        person, account = history.person, history.person.account
        counted = person.live_at_end and has_account(history)
        missed = counted and not history.credited
        for enrolment in person.enrolments:
            assert enrolment.cells is not None
            dues = {due.month: due for due in history.dues if due.enrolment is enrolment}
            cells = [
                enrolment.code, person.main.code, printed_number(person.number), person.name,
                int(not world.off_extract[person.resident]), enrolment.category.programme, enrolment.category.code,
                f"2024-{enrolment.folder:02d}", enrolment.starts, int(enrolment.live_in(MONTHS[-1])),
                enrolment.duplicate_of.code if enrolment.duplicate_of else "", person.identity.value, person.died_on or "",
                HOLDERS[person.relation] if account else "", account.bin if account else "", account.number if account else "",
                account.delivered if account else "", int(account.paid_before) if account else "",
                int(account.listed_closed) if account else "", int(counted), int(counted and history.credited > 0),
                account_reason(history) if missed else "", unpaid_reason(history) if missed and not history.collected else "",
                " ".join(enrolment.cells.defects),
            ]  # fmt: skip
            for month in MONTHS:
                cells += _month_cells(dues.get(month))
            lines.append(",".join(str(cell) for cell in cells))
    return lines


def _month_cells(due: Due | None) -> list[object]:
    if due is None:
        return [""] * len(_MONTH_COLUMNS)
    return [due.blocked, due.channel, due.reason, due.outcome, due.regular, due.arrears, due.carried]
