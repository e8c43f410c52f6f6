"""Is a monthly list, a dossier or a person's history that comes back the one we handed out, and would it be the same today?"""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime

from python_calamine import CalamineWorkbook

from payments.services.pdfs.pdfs_apart import carried_in, is_only_signed, signers_in
from reconciliation.models import IssuedPaper
from reconciliation.reports.issued_marks import paper_is_ours
from reconciliation.reports.rolls.docx import roll_docx
from reconciliation.reports.rolls.of_month import Kind, rolls_of_kind
from reconciliation.reports.rolls.roll import Roll
from reconciliation.reports.rolls.roll_csv import CSV_NAME, read_roll_csv
from reconciliation.reports.rolls.workbook import roll_workbook
from reconciliation.reports.verify import (
    LARGEST_FILE,
    NotAReport,
    digest_in,
    kind_of,
    reading,
    was_issued,
    word_grids,
)

_MOST_NAMED = 20
ROLLS = (Kind.ACCOUNT_LIST, Kind.CASH_LIST, Kind.CHANGES, Kind.UNPAID)
Grid = list[list[str]]


@dataclass(frozen=True)
class PaperVerdict:
    """`original`: the bytes are ours; `differences` of the file, `recount` of today's count, by row and heading, never by what stands there."""

    paper: IssuedPaper
    original: bool
    differences: list[str]
    recount: list[str]
    signers: list[str]

    @property
    def holds(self) -> bool:
        """Nothing differs in the file, and nothing has changed since."""
        return not self.differences and not self.recount


def verify_paper(content: bytes, *, now: datetime) -> PaperVerdict:
    """Compare a file with the paper it says it is. Raises `NotAReport`. Dossiers and histories are known by their bytes alone."""
    if len(content) > LARGEST_FILE:
        raise NotAReport("Tệp quá lớn.")
    suffix = kind_of(content)
    named = IssuedPaper.objects.filter(digest=digest_in(content, suffix)).select_related("unit", "made_for")
    papers = [paper for paper in named.order_by("pk") if paper_is_ours(paper)]
    if not papers:
        raise NotAReport("Mã số liệu trong tệp không phải của giấy tờ nào đã lập trên hệ thống.")
    ours = next((each for each in papers if suffix == ".pdf" and same_bytes(content, each)), None)
    paper = ours or papers[-1]
    signers = signers_in(content) if suffix == ".pdf" else []
    if paper.kind not in ROLLS:
        changed = [] if ours else ["Tệp không phải bản hệ thống đã lập."]
        return PaperVerdict(paper, ours is not None, changed, [], signers)
    return _judge_roll(content, suffix, paper, original=ours is not None, signers=signers, now=now)


def same_bytes(content: bytes, paper: IssuedPaper) -> bool:
    """Whether this is the PDF that was handed out, with nothing but signatures behind it."""
    made = content[: paper.pdf_size]
    return hashlib.sha256(made).hexdigest() == paper.pdf_digest and (made == content or is_only_signed(made, content))


def _judge_roll(
    content: bytes, suffix: str, paper: IssuedPaper, *, original: bool, signers: list[str], now: datetime
) -> PaperVerdict:
    assert paper.month is not None
    original = original or was_issued(content, suffix, paper.digest)
    made = rolls_of_kind(kind=Kind(paper.kind), unit=paper.unit, month=paper.month, now=paper.made_at)
    today = next((roll for roll in made if roll.name == paper.name), None)
    if today is None:
        gone = ["Nay không còn danh sách này."]
        return PaperVerdict(paper, original, [] if original else ["Không còn gì để so sánh từng dòng."], gone, signers)
    ours = _words(roll_docx(today), today) if suffix == ".docx" else _grid(today)
    with reading():
        theirs = _READ[suffix](content, today)
    found = _compare(ours, theirs, ["" if each.beside else each.heading for each in today.fields])
    unchanged = today.digest == paper.digest
    if suffix != ".pdf" and unchanged and not original:
        original = content == (roll_workbook if suffix == ".xlsx" else roll_docx)(today)
    if unchanged and not original and not found and suffix == ".pdf":
        found = ["Các dòng đính kèm đúng, nhưng các trang không phải bản PDF hệ thống đã lập."]
    if unchanged:
        return PaperVerdict(paper, original, found[:_MOST_NAMED] if not original else [], [], signers)
    differs = [] if original else ["Tệp không phải bản hệ thống đã lập, và số liệu trên hệ thống đã đổi từ ngày lập."]
    return PaperVerdict(paper, original, differs, found[:_MOST_NAMED] or ["Tiêu đề đã đổi."], signers)


def _grid(roll: Roll) -> Grid:
    return [[str(cell) for cell in row] for row in roll.cells]


def _embedded(content: bytes, roll: Roll) -> Grid:
    return read_roll_csv(carried_in(content, CSV_NAME))


def _sheet(content: bytes, roll: Roll) -> Grid:
    """Rows between the headings and the total; numbers as whole đồng."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    headings = [each.heading for each in roll.fields]
    first = next((nth for nth, row in enumerate(rows, start=1) if [str(cell) for cell in row] == headings), len(rows))
    last = next((nth for nth in range(len(rows) - 1, -1, -1) if "Tổng cộng" in [str(cell) for cell in rows[nth][:2]]), len(rows))  # fmt: skip
    return [[_text(cell) for cell in row] for row in rows[first:last]]


def _words(content: bytes, roll: Roll) -> Grid:
    """Rows of the table with the roll's headings, without those, their numbers and the total; the text around it is the office's to edit."""
    headings = [each.heading for each in roll.fields]
    rows = next((grid for grid in word_grids(content) if grid and grid[0] == headings), [])
    return [row for row in rows[2:] if "Tổng cộng" not in row[:2]]


_READ = {".pdf": _embedded, ".xlsx": _sheet, ".docx": _words, ".json": _embedded}


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _compare(ours: Grid, theirs: Grid, headings: list[str]) -> list[str]:
    found = [f"Số dòng: {len(ours)} trên hệ thống, {len(theirs)} trong tệp."] if len(ours) != len(theirs) else []
    for nth, (mine, other) in enumerate(zip(ours, theirs, strict=False), start=1):
        wrong = [heading for heading, a, b in zip(headings, mine, other, strict=False) if heading and a != b]
        found += [f"Dòng {nth}: khác ở cột {', '.join(wrong)}."] if wrong else []
    return found
