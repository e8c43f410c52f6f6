"""Is what lies in the folder what was handed over: every file by its digest, every row and sum counted again, the books added up from the files."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from payments.models import LedgerAccount, Payment, PaymentBatch, Posting
from payments.states import PaymentStatus
from reconciliation.reports.frozen_view import frozen_view
from reconciliation.services.export.tables import tables
from reconciliation.services.export.ties import BALANCED, OF_PAYMENTS
from reconciliation.services.export.write import MANIFEST, PROGRESS, digest_of
from staff.models import DataExport

ID, AMOUNT = "Mã số", "Số tiền (đ)"
EMPTIED = frozenset({"staff.SignIn"})  # whose rows go by themselves


@dataclass
class Verified:
    """What was counted, and in sentences what does not agree."""

    files: int = 0
    rows: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.faults


def verify_export(*, folder: Path, with_database: bool) -> Verified:
    """Count everything again. `with_database`: also whether this manifest is the one the order names, and nothing is gone since; more may have come."""
    found = Verified()
    if (folder / PROGRESS).exists() or not (folder / MANIFEST).exists():
        found.faults.append("Việc xuất chưa xong: chưa có bản kê; chạy lại lệnh xuất với cùng thư mục.")
        return found
    manifest = json.loads((folder / MANIFEST).read_text())
    named = {one["name"] for table in manifest["tables"] for one in table["files"]}
    for path in sorted(folder.iterdir()):
        if path.name not in named | {MANIFEST}:
            found.faults.append(f"{path.name}: không có trong bản kê.")
    for table in manifest["tables"]:
        _verify_table(table, folder=folder, found=found)
    if found.holds:
        _verify_ties(manifest, folder=folder, found=found)
    if with_database:
        _verify_database(manifest, digest=digest_of(folder / MANIFEST), found=found)
    return found


def _verify_table(table: dict[str, Any], *, folder: Path, found: Verified) -> None:
    rows, sums = 0, dict.fromkeys(table["sums"], 0)
    for one in table["files"]:
        path = folder / one["name"]
        if not path.exists():
            found.faults.append(f"{one['name']}: thiếu tệp.")
            return
        if digest_of(path) != one["sha256"]:
            found.faults.append(f"{one['name']}: tệp đã thay đổi từ khi xuất.")
            return
        found.files += 1
        for row in rows_of(path):
            rows += 1
            for heading in sums:
                sums[heading] += int(row[heading] or 0)
    found.rows += rows
    if rows != table["rows"]:
        found.faults.append(f"{table['title']}: {rows} dòng, bản kê ghi {table['rows']}.")
    for heading, total in sums.items():
        if total != table["sums"][heading]:
            found.faults.append(f"{table['title']}, cột {heading}: cộng {total}, bản kê ghi {table['sums'][heading]}.")


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a workbook of ours by heading."""
    with path.open("rb") as content:
        rows = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python(skip_empty_area=False)
    headings = [str(heading) for heading in rows[0]] if rows else []
    for row in rows[1:]:
        yield dict(zip(headings, row, strict=True))


def _verify_ties(manifest: dict[str, Any], *, folder: Path, found: Verified) -> None:
    files = {table["table"]: [folder / one["name"] for one in table["files"]] for table in manifest["tables"]}

    def read(model: Any) -> Iterator[dict[str, Any]]:
        return (row for path in files[model._meta.label] for row in rows_of(path))

    channels = {int(row[ID]): str(row["Hình thức chi"]) for row in read(PaymentBatch)}
    kinds = {int(row[ID]): str(row["Loại"]) for row in read(LedgerAccount)}
    paid: dict[str, int] = defaultdict(int)
    for row in read(Payment):
        if row["Trạng thái"] == PaymentStatus.POSTED.label:
            paid[channels[int(row["Danh sách chi trả (mã số)"])]] += int(row[AMOUNT])
    booked: dict[str, int] = defaultdict(int)
    entries: dict[int, int] = defaultdict(int)
    for row in read(Posting):
        booked[kinds[int(row["Tài khoản (mã số)"])]] += int(row[AMOUNT])
        entries[int(row["Bút toán (mã số)"])] += int(row[AMOUNT])
    said = {one["name"]: (one["ours"], one["theirs"]) for one in manifest["ties"]}
    counted = {BALANCED: (sum(booked.values()), 0)} | {
        name: (paid[channel.label], sum(booked[kind.label] for kind in of_books))
        for name, channel, of_books in OF_PAYMENTS
    }
    for name, pair in counted.items():
        if said.get(name) != pair:
            found.faults.append(f"{name}: cộng từ tệp {pair}, bản kê ghi {said.get(name)}.")
    uneven = sum(1 for total in entries.values() if total)
    if uneven:
        found.faults.append(f"{uneven} bút toán không cân Nợ - Có.")


def _verify_database(manifest: dict[str, Any], *, digest: str, found: Verified) -> None:
    if not DataExport.objects.filter(pk=manifest["order"], manifest_digest=digest).exists():
        found.faults.append(f"Bản kê không phải bản đã ghi ở lệnh xuất số {manifest['order']}.")
    said = {table["table"]: table["rows"] for table in manifest["tables"]}
    with frozen_view():
        for table in tables():
            now = table.model._default_manager.count()
            if now < said.get(table.label, 0) and table.label not in EMPTIED:
                found.faults.append(f"{table.title}: cơ sở dữ liệu nay còn {now} dòng, đã xuất {said[table.label]}.")
            if table.label not in said:
                found.faults.append(f"{table.title}: không có trong bản kê.")
