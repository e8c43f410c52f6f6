"""Minutes that come back, read against what went out: which figure is another one in the file, or on its pages, and what the books say today."""

import re
from dataclasses import replace

from payments.money import format_amount
from payments.services.pdfs.pdfs_apart import carried_in, text_of
from reconciliation.reports.rolls.docx import roll_docx
from reconciliation.reports.rolls.roll import Roll
from reconciliation.reports.rolls.roll_csv import CSV_NAME, read_roll_csv
from reconciliation.reports.verify import kind_of, reading, was_issued, word_grids
from reconciliation.reports.verify_paper import PaperVerdict
from reconciliation.services.months.minutes import write_minutes
from reconciliation.services.months.minutes_roll import minutes_roll
from reconciliation.services.months.minutes_workbook import read_minutes
from reconciliation.services.papers.issue_minutes import minutes_of

_MOST_NAMED = 20
_AMOUNT = re.compile(r"(?<!\S)(?:-?\d{1,3}(?:\.\d{3})*|\.\.\.)(?!\S)")
Grid = list[list[str]]


def judge_minutes(content: bytes, verdict: PaperVerdict) -> PaperVerdict:
    """`verdict` by the bytes, made by the rows: minutes name nobody, so both figures are told. Raises `NotAReport` for what can't be read."""
    went_out = minutes_of(verdict.paper)
    if went_out is None:
        broken = (
            "Số liệu lưu khi phát hành biên bản không còn khớp với mã số liệu của chính nó; mời báo quản trị hệ thống."
        )
        return replace(verdict, differences=[broken, *verdict.differences])
    suffix = kind_of(content)
    original = verdict.original or was_issued(content, suffix, verdict.paper.digest)
    roll = minutes_roll(went_out, now=verdict.paper.made_at)
    found = [] if original else _differences(content, suffix, roll)[:_MOST_NAMED]
    today = minutes_roll(write_minutes(account=went_out.account, month=went_out.month), now=verdict.paper.made_at)
    recount = _rows(_texts(roll), _texts(today), roll, other="nay")
    return replace(verdict, original=original, differences=found, recount=recount[:_MOST_NAMED])


def _differences(content: bytes, suffix: str, roll: Roll) -> list[str]:
    with reading():
        if suffix == ".docx":
            return _rows(_words(roll_docx(roll), roll), _words(content, roll), roll, other="trong tệp")
        if suffix == ".xlsx":
            return _rows(_texts(roll), read_minutes(content, rows=len(roll.cells)), roll, other="trong tệp")
        if suffix != ".pdf":
            return ["Tệp không phải bản hệ thống đã lập."]
        embedded = read_roll_csv(carried_in(content, CSV_NAME))
        pages = text_of(content)
    found = [
        *_rows(_texts(roll), embedded, roll, other="trong dữ liệu đính kèm"),
        *_rows(_texts(roll), _printed(pages, roll), roll, other="trên trang in"),
    ]
    return found or ["Các dòng đính kèm đúng, nhưng các trang không phải bản PDF hệ thống đã lập."]


def _printed(pages: str, roll: Roll) -> Grid:
    """The rows as their pages show them: amounts stand behind the name of their row, in the order of the columns."""
    text = " ".join(pages.split())
    shown, at = [], 0
    for row, after in zip(roll.cells, [*(each[0] for each in roll.cells[1:]), None], strict=True):
        start = text.find(str(row[0]), at)
        if start < 0:
            shown.append([str(row[0])])
            continue
        at = start + len(str(row[0]))
        end = text.find(str(after), at) if after else -1
        amounts = iter(_AMOUNT.findall(text[at : end if end > 0 else len(text)]))
        shown.append(
            [
                next(amounts, "").replace(".", "") or "..." if each.money else str(cell)
                for each, cell in zip(roll.fields, row, strict=True)
            ]
        )
    return shown


def _texts(roll: Roll) -> Grid:
    return [[str(cell) for cell in row] for row in roll.cells]


def _words(content: bytes, roll: Roll) -> Grid:
    headings = [each.heading for each in roll.fields]
    return next((grid for grid in word_grids(content) if grid and grid[0] == headings), [])[2:]


def _rows(ours: Grid, theirs: Grid, roll: Roll, *, other: str) -> list[str]:
    if len(ours) != len(theirs):
        return [f"Số dòng: đã phát hành {len(ours)}, {other} {len(theirs)}."]
    return [
        f"“{mine[0]}”, cột {each.heading}: đã phát hành {_said(a)}, {other} {_said(b)}."
        for mine, row in zip(ours, theirs, strict=True)
        for each, a, b in zip(roll.fields, mine, row, strict=False)
        if a != b
    ]


def _said(text: str) -> str:
    bare = text.removeprefix("-")
    return f"{format_amount(int(text))} đ" if bare.isascii() and bare.isdigit() and len(bare) < 19 else f"“{text[:80]}”"
