"""Papers beside their floors in one run: `make bench-reports` (`.venv/bin/python -m benches.reports [--rows 27000] [--export 300000] [--rounds 5]`).

All communes' monthly lists (PDF and Excel, two processes), the report of a province, and every line as one Excel sheet. Each is measured beside
something plain: rows as table cells, the same lines without rules, openpyxl and xlsxwriter. Seconds are wall time; machines differ, so read ratios.
"""

import argparse
import io
import multiprocessing
import os
import re
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import openpyxl  # noqa: E402  (Django first)
import xlsxwriter  # noqa: E402

from payments.states import Channel  # noqa: E402
from reconciliation.reports.docx import render_docx  # noqa: E402
from reconciliation.reports.pdf import render_pdf  # noqa: E402
from reconciliation.reports.rolls.everyone import plain_workbook  # noqa: E402
from reconciliation.reports.rolls.lines import pages_of  # noqa: E402
from reconciliation.reports.rolls.monthly import fields_of  # noqa: E402
from reconciliation.reports.rolls.pdf import render_roll  # noqa: E402
from reconciliation.reports.rolls.roll import Roll, Value  # noqa: E402
from reconciliation.reports.rolls.writing import write_rolls  # noqa: E402
from reconciliation.reports.workbook import render_workbook  # noqa: E402
from staff.printing import archive_pdf  # noqa: E402
from tests.reports.provinces import province_snapshot  # noqa: E402

ROWS_PER_ROLL = 140  # what a commune and programme of the sample province has
SAMPLE = 400
FIELDS = fields_of(Channel.ACCOUNT)
_ID = b"0123456789abcdef"


def row(nth: int) -> tuple[Value, ...]:
    """A line as long as real ones are."""
    return (
        nth, f"97101-{nth:06}", "Nguyễn Thị Hồng Hạnh", "01/01/1940", f"0971{nth:08}", f"Tổ dân phố {nth % 9}", "2118/QĐ-UBND 05/10/2017", "CT-80-KLH", "1",
        500_000, 140_000, "07/2024 07/2024", 0, 0, 640_000, "", f"97{nth:011} Vietcombank", "",
    )  # fmt: skip


def rolls(rows: int) -> Iterator[Roll]:
    """As many lists as the rows fill."""
    for first in range(1, rows + 1, ROWS_PER_ROLL):
        yield Roll(
            name=f"danh-sach-{first}", agency="UBND phường Phước Mỹ", title="DANH SÁCH CHI TRẢ TRỢ CẤP XÃ HỘI HẰNG THÁNG THÁNG 9 NĂM 2024",
            lines_below_title=("Hình thức: chuyển khoản", "", ""), fields=FIELDS, made_at=datetime(2024, 9, 1, tzinfo=UTC), place="Phước Mỹ",
            cells=tuple(row(nth) for nth in range(first, min(first + ROWS_PER_ROLL, rows + 1))),
            signatures=(("NGƯỜI LẬP", "(Ký, họ tên)"), ("KẾ TOÁN TRƯỞNG", "(Ký, họ tên)"), ("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, họ tên, đóng dấu)")),
        )  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak_mb(pid: int) -> int:
    """The most memory a running process held; 0 when it is gone. What `getrusage` says of a child begins with the peak of whoever started it."""
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except FileNotFoundError:
        return 0
    return int(found[1]) // 1024 if found else 0


def watched(work: Callable[[], object]) -> tuple[float, int]:
    """Wall time of one call, and the most MB any process it started held."""
    over, peaks = threading.Event(), [0]

    def watch() -> None:
        while not over.wait(0.1):
            peaks.extend(peak_mb(child.pid) for child in multiprocessing.active_children() if child.pid)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        took = seconds(work)
    finally:
        over.set()
        watcher.join()
    return took, max(peaks)


def bench_all_lists(rows: int) -> None:
    """All communes' lists; first of all, so that the memory here is theirs alone."""
    with tempfile.TemporaryDirectory() as folder:
        took, each = watched(lambda: write_rolls(rolls=rolls(rows), folder=Path(folder), processes=2))
    print(
        f"{rows:,} rows in {-(-rows // ROWS_PER_ROLL)} lists, PDF and Excel, two processes: {took:.1f} s; peak {peak_mb(os.getpid())} MB here, {each} in each"
    )


def bench_few_lists(rounds: int) -> None:
    """A few lists, line by line beside cells and beside bare lines."""
    few = list(rolls(SAMPLE))
    tables = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in cells)}</tr>" for roll in few for cells in roll.cells)  # fmt: skip
    cells_page = f'<html lang="vi"><title>x</title><style>td {{ font: 6pt AnSinhSans; border: 0.3pt solid }}</style><table>{tables}</table>'
    bare = "".join("\n".join(page.rows) + "\n" for roll in few for page in pages_of(roll, line_mm=3.2))
    head = '<html lang="vi"><title>x</title><style>@page { size: A4 landscape } pre { font: 6pt AnSinhMono }</style>'
    bare_page = f"{head}<pre>{escape(bare)}</pre>"
    taken: dict[str, list[float]] = {"lists": [], "as cells": [], "bare lines": []}
    for _ in range(rounds):
        taken["lists"].append(seconds(lambda: [render_roll(roll) for roll in few]))
        taken["as cells"].append(seconds(lambda: archive_pdf(cells_page, identifier=_ID)))
        taken["bare lines"].append(seconds(lambda: archive_pdf(bare_page, identifier=_ID, accessible=False)))
    ours, cells, floor = (statistics.median(taken[name]) for name in taken)
    print(
        f"{SAMPLE} rows, one process, {rounds} rounds: lists {ours:.2f} s ({SAMPLE / ours:.0f} rows/s), as cells {cells:.2f} s, bare lines {floor:.2f} s"
    )
    print(f"  {cells / ours:.1f} × as quick as cells; bare lines take {floor / ours:.2f} of it")


def bench_report(rounds: int) -> None:
    """The report of a province of 65 communes from its snapshot, all three forms."""
    snapshot = province_snapshot(districts=7, communes=9)
    times = [
        [seconds(lambda make=make: make(snapshot=snapshot)) for make in (render_pdf, render_docx, render_workbook)]
        for _ in range(rounds)
    ]
    pdf, word, book = (statistics.median(each) for each in zip(*times, strict=True))
    print(
        f"report of a province (63 communes), {rounds} rounds: PDF {pdf:.1f} s, Word {word:.1f} s, Excel {book:.2f} s, together {pdf + word + book:.1f} s"
    )


def bench_export(rows: int, *, rounds: int) -> None:
    """Every line in one sheet, beside the two usual writers."""
    headings = [each.heading for each in FIELDS]

    def lines() -> Iterator[dict[str, Value]]:
        return (dict(zip(headings, row(nth), strict=True)) for nth in range(1, rows + 1))

    def with_openpyxl() -> None:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append(headings)
        for nth in range(1, rows + 1):
            sheet.append(row(nth))
        book.save(io.BytesIO())

    def with_xlsxwriter() -> None:
        book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True, "strings_to_formulas": False})
        sheet = book.add_worksheet()
        for nth in range(1, rows + 1):
            sheet.write_row(nth, 0, row(nth))
        book.close()

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    taken: dict[str, list[float]] = {"ours": [], "xlsxwriter": [], "openpyxl": []}
    for nth in range(rounds):
        taken["ours"].append(seconds(lambda: plain_workbook(lines(), sheet="Bảng kê")))
        if nth == 0:
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 - before
        taken["xlsxwriter"].append(seconds(with_xlsxwriter))
        taken["openpyxl"].append(seconds(with_openpyxl))
    ours, writer, pyxl = (statistics.median(taken[name]) for name in taken)
    print(
        f"{rows:,} rows × {len(headings)} columns, {rounds} rounds: ours {ours:.1f} s (+{grown} MB), xlsxwriter {writer:.1f} s, openpyxl {pyxl:.1f} s: "
        f"{pyxl / ours:.1f} × openpyxl"
    )


def main() -> None:
    """All three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=27_000)
    parser.add_argument("--export", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=["lists"])
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores")
    bench_all_lists(given.rows)
    if given.only == "lists":
        return
    bench_few_lists(given.rounds)
    bench_report(given.rounds)
    bench_export(given.export, rounds=given.rounds)


if __name__ == "__main__":
    main()
