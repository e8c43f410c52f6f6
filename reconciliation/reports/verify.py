"""Is a report that comes back the one we issued, and would we count the same today? Reads PDF, Word, Excel and JSON."""

import hashlib
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.opc.exceptions import OpcError
from lxml.etree import LxmlError
from python_calamine import CalamineError, CalamineWorkbook

from beneficiaries.errors.files import FileUnreadable
from beneficiaries.parsers.archive import MAX_PARTS, MAX_UNPACKED_BYTES, refuse_dangerous_archive
from payments.services.pdfs.pdf_signatures import DAMAGED
from payments.services.pdfs.pdfs_apart import PdfUnreadable, carried_in, is_only_signed, signers_in, subject_of
from reconciliation.models import IssuedFile, ReportSnapshot, SignedReport
from reconciliation.reports.definition_versions import of_its_time
from reconciliation.reports.docx import render_docx
from reconciliation.reports.figure_words import figure_in_words
from reconciliation.reports.figures_csv import figures_csv
from reconciliation.reports.issued_marks import file_is_ours
from reconciliation.reports.pdf import CSV_NAME, render_pdf
from reconciliation.reports.snapshot import count_as_known, digest_of
from reconciliation.reports.tables import report_tables
from reconciliation.reports.workbook import render_workbook
from staff.time_zone import VIETNAM

LARGEST_FILE = 60_000_000
MOST_TAGS = 15_000_000  # a list of 26,794 people has six
_MOST_NAMED = 20
_DIGEST = re.compile(r"Mã số liệu ([0-9a-f]{64})")
_END_WITHIN = 1024  # as readers of PDF look for it
_ENDS = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
_TABLE = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")
_IS_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNREADABLE = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    CalamineError,
    OpcError,
    LxmlError,
    FileUnreadable,
    *DAMAGED,
)
Grid = list[list[str]]


class NotAReport(ValueError):
    """The file names no snapshot we know, or can't be read at all."""


@contextmanager
def reading() -> Iterator[None]:
    """Around what reads a stranger's file and nothing else: whatever is wrong in there is one refusal."""
    try:
        yield
    except NotAReport:
        raise
    except PdfUnreadable as error:
        raise NotAReport("Không đọc được tệp PDF: tệp hỏng hoặc đã bị sửa; mời gửi đúng tệp đã phát hành.") from error
    except _UNREADABLE as error:
        raise NotAReport("Không đọc được tệp.") from error


@dataclass(frozen=True)
class Verdict:
    """What was found: `original` when the bytes are ours, `differences` of the file, `recount` of today's count, `signers` one line each.

    `received`: when this very file was handed in to us, and by whom; `definitions`: of which version its figures are, if not of today's.
    """

    snapshot: ReportSnapshot
    original: bool
    differences: list[str]
    recount: list[str]
    signers: list[str]
    received: list[str]
    definitions: list[str]

    @property
    def holds(self) -> bool:
        """Whether every figure in the file is the frozen one, and the frozen ones are still what counting gives."""
        return not self.differences and not self.recount


def verify_report(content: bytes) -> Verdict:
    """Compare a file with the snapshot it names, and the snapshot with a new count. Raises `NotAReport`."""
    if len(content) > LARGEST_FILE:
        raise NotAReport("Tệp quá lớn.")
    suffix = kind_of(content)
    snapshots = list(
        ReportSnapshot.objects.filter(digest=digest_in(content, suffix)).select_related("unit").order_by("pk")
    )
    if not snapshots:
        raise NotAReport("Mã số liệu trong tệp không phải của báo cáo nào đã chốt trên hệ thống.")
    snapshot = next((each for each in snapshots if is_ours(content, suffix, each)), None)
    chosen = snapshot or snapshots[-1]
    differences = [] if snapshot else _compare(content, suffix, chosen)
    if digest_of(chosen.figures) != chosen.digest:
        differences.insert(0, "Số liệu đã chốt trên hệ thống không còn khớp với mã số liệu của chính nó.")
    counted, definitions = of_its_time(chosen.figures, count_as_known(chosen))
    recount = [] if digest_of(counted) == chosen.digest else list(_paths(chosen.figures, counted))
    return Verdict(
        snapshot=chosen, original=snapshot is not None, differences=differences[:_MOST_NAMED], recount=recount[:_MOST_NAMED],
        signers=signers_in(content) if suffix == ".pdf" else [], received=_received(content, chosen), definitions=definitions,
    )  # fmt: skip


def kind_of(content: bytes) -> str:
    """`.pdf`, `.docx`, `.xlsx` or `.json`, by content. Raises `NotAReport`."""
    if content.startswith(b"%PDF-"):
        _refuse_untidy(content)
        return ".pdf"
    if content.startswith(b"PK"):
        with reading():
            refuse_dangerous_archive(content)  # whatever reads it later unpacks it whole
            names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
        if "word/document.xml" not in names:
            return ".xlsx"
        _refuse_endless(content)
        return ".docx"
    return ".json"


def _refuse_endless(content: bytes) -> None:
    """Whoever reads a Word file holds every element of it at once, some hundred bytes for each: sixty megabytes of empty ones are ten million."""
    with reading(), zipfile.ZipFile(io.BytesIO(content)) as parts:
        tags = sum(parts.read(part).count(b"<") for part in parts.infolist())
    if tags > MOST_TAGS:
        raise NotAReport("Không đọc được tệp: tệp Word quá nhiều phần tử; mời gửi đúng tệp đã phát hành.")


def unpacks_to(content: bytes) -> int:
    """How many bytes a reader will hold of it, as its list of parts says, which nobody here reads beyond. Raises `NotAReport` beyond any of ours."""
    if not content.startswith(b"PK"):
        return len(content)
    with reading(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES:
        raise NotAReport("Không đọc được tệp.")
    return unpacked


def _refuse_untidy(content: bytes) -> None:
    """A PDF ends with the place of its table of objects. One that does not is searched whole by whoever reads it, for minutes."""
    ends = _ENDS.findall(content[-_END_WITHIN:])
    at = int(ends[-1]) if ends else len(content)
    table = content[at : at + 40]
    if not _TABLE.match(table):
        raise NotAReport("Không đọc được tệp: PDF bị cắt, hoặc có phần thừa ở cuối; mời gửi đúng tệp đã phát hành.")


def digest_in(content: bytes, suffix: str) -> str:
    """The digest the file says it has. Raises `NotAReport`."""
    with reading():
        if suffix == ".json":
            said = json.loads(content)["digest"]
            text = f"Mã số liệu {said}" if isinstance(said, str) and _IS_DIGEST.fullmatch(said) else ""
        elif suffix == ".pdf":
            text = subject_of(content)
        else:
            with zipfile.ZipFile(io.BytesIO(content)) as parts, parts.open("docProps/core.xml") as part:
                text = part.read(100_000).decode()
    found = _DIGEST.search(text)
    if found is None:
        raise NotAReport("Tệp không ghi mã số liệu của báo cáo nào.")
    return found[1]


def was_issued(content: bytes, suffix: str, digest: str) -> bool:
    """Whether these very bytes were handed out under the digest they name, whatever the program draws today; a PDF with signatures behind them too."""
    issued = IssuedFile.objects.filter(names=digest, suffix=suffix, size__lte=len(content)).order_by("-size", "pk")
    for file in issued:
        if (file.size != len(content) and suffix != ".pdf") or not file_is_ours(file):
            continue
        made = content[: file.size]
        if hashlib.sha256(made).hexdigest() == file.digest and (made == content or is_only_signed(made, content)):
            return True
    return False


def is_ours(content: bytes, suffix: str, snapshot: ReportSnapshot) -> bool:
    """Bytes that were handed out, or the very ones that would be now; of a PDF with nothing but signatures appended: what a page shows may change in

    what is appended too."""
    if was_issued(content, suffix, snapshot.digest):
        return True
    if suffix == ".pdf":
        made = render_pdf(snapshot=snapshot)
        return content == made or is_only_signed(made, content)
    if suffix == ".json":
        return bool(json.loads(content).get("figures") == snapshot.figures)
    return content == (render_docx if suffix == ".docx" else render_workbook)(snapshot=snapshot)


def _received(content: bytes, snapshot: ReportSnapshot) -> list[str]:
    kept = SignedReport.objects.filter(snapshot=snapshot, content_digest=hashlib.sha256(content).hexdigest())
    return [
        f"Bản này đã được nộp lại lúc {paper.received_at.astimezone(VIETNAM):%H:%M %d/%m/%Y} (người nộp: {paper.received_by.full_name})."
        for paper in kept.select_related("received_by").defer("sealed")
    ]


def _compare(content: bytes, suffix: str, snapshot: ReportSnapshot) -> list[str]:
    if suffix == ".json":
        return list(_paths(snapshot.figures, json.loads(content).get("figures")))
    if suffix == ".pdf":
        with reading():
            embedded = carried_in(content, CSV_NAME)
        if embedded != figures_csv(report_tables(snapshot.figures)).encode():
            return ["Số liệu đính kèm trong PDF khác số liệu đã chốt."]
        return ["Số liệu đính kèm đúng với số liệu đã chốt, nhưng các trang không phải bản PDF hệ thống đã phát hành."]
    read, render = (_sheets, render_workbook) if suffix == ".xlsx" else (_word_tables, render_docx)
    with reading():
        theirs = read(content)
    return _grids(read(render(snapshot=snapshot)), theirs)


def _sheets(content: bytes) -> dict[str, Grid]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    }


def word_grids(content: bytes) -> list[Grid]:
    """The text of every table of a Word document, cell by cell."""
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(io.BytesIO(content)).tables]


def _word_tables(content: bytes) -> dict[str, Grid]:
    """Tables with a row of column numbers, by position; the text around them is the office's to edit."""
    figures = [grid for grid in word_grids(content) if grid and grid[0][0] == "STT"]
    return {f"Bảng {nth}": grid for nth, grid in enumerate(figures, start=1)}


def _grids(ours: dict[str, Grid], theirs: dict[str, Grid]) -> list[str]:
    found = [f"{name}: bị bỏ khỏi tệp." for name in ours if name not in theirs]
    for name in ours.keys() & theirs.keys():
        if len(ours[name]) != len(theirs[name]):
            found.append(f"{name}: số dòng khác ({len(ours[name])} đã chốt, {len(theirs[name])} trong tệp).")
        for at, (mine, other) in enumerate(zip(ours[name], theirs[name], strict=False), start=1):
            found += [
                f"{name}, dòng {at}, cột {column}: đã chốt “{a}”, trong tệp “{b}”."
                for column, (a, b) in enumerate(zip(mine, other, strict=False), start=1)
                if a != b
            ]
    return sorted(found)


def _paths(ours: Any, theirs: Any, at: str = "") -> list[str]:
    """Where two trees of figures differ, one line each."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        keys = sorted(ours.keys() | theirs.keys())
        return [line for key in keys for line in _paths(ours.get(key), theirs.get(key), f"{at}.{key}".strip("."))]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [line for nth, (a, b) in pairs for line in _paths(a, b, f"{at}[{nth}]")]
    return [] if ours == theirs else [f"{figure_in_words(at)}: đã chốt {_short(ours)}, nay {_short(theirs)}"]


def _short(value: Any) -> str:
    if isinstance(value, dict | list):
        return f"{len(value)} mục"
    return "không có" if value is None else json.dumps(value, ensure_ascii=False)[:80]
