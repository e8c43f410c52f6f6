"""Write everything: workbooks of bounded size, of one moment, begun again where it stopped, closed by a manifest that ties to the books."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import connection
from django.utils import timezone
from psycopg import sql

from reconciliation.reports.frozen_view import frozen_view
from reconciliation.services.export.cells import Cell, Reader, readers_of
from reconciliation.services.export.tables import LEFT_OUT, SEALED, Table, tables
from reconciliation.services.export.ties import proofs, ties

MANIFEST, PROGRESS = "ban-ke.json", "dang-xuat.json"
ROWS_OF_A_FILE = 100_000
FETCHED = 2_000
_DIGEST = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {table} t"


class NotTheSameOrder(Exception):
    """The folder holds what another order, or one with other numbers, has begun."""


@dataclass(frozen=True)
class Written:
    """What was handed over: how much, and the digest of the manifest that names all of it."""

    row_total: int
    files: int
    manifest_digest: str


def write_export(
    *,
    folder: Path,
    order: int,
    document: str,
    with_numbers: bool,
    now: datetime,
    rows_of_a_file: int = ROWS_OF_A_FILE,
    tell: Callable[[str, int], None] = lambda title, rows: None,
) -> Written:
    """Write all tables below `folder` (0700, nobody else reads it) as they are at one moment; return what was written.

    Stopped and called again, it keeps the files of tables that are still the same and writes the others anew: what counts is the moment of
    the last call. Raises `NotTheSameOrder`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    began = _progress(folder, {"order": order, "with_numbers": with_numbers, "rows_of_a_file": rows_of_a_file})
    with frozen_view():
        said = []
        for table in tables():
            kept = _same(began["tables"].get(table.label), table=table, folder=folder)
            if kept is None:
                kept = {"content": _content_of(table), "files": [], "whole": False}
                began["tables"][table.label] = kept
            _write_rest(table, kept, folder=folder, with_numbers=with_numbers, most=rows_of_a_file, began=began)
            said.append(_of_table(table, kept["files"]))
            tell(table.title, said[-1]["rows"])
        manifest = {
            "version": 1,
            "order": order,
            "document": document,
            "with_numbers": with_numbers,
            "written_at": timezone.localtime(now).isoformat(timespec="seconds"),
            "tables": said,
            "left_out": LEFT_OUT,
            "sealed": SEALED,
            "ties": ties(),
            "cycles": proofs(),
        }
    content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    _put(folder / MANIFEST, content)
    (folder / PROGRESS).unlink()
    files = sum(len(table["files"]) for table in said)
    return Written(sum(table["rows"] for table in said), files, hashlib.sha256(content).hexdigest())


def _progress(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    path = folder / PROGRESS
    if not path.exists():
        if any(folder.iterdir()):
            raise NotTheSameOrder(f"{folder} không trống")
        return asked | {"tables": {}}
    began: dict[str, Any] = json.loads(path.read_text())
    if any(began[name] != value for name, value in asked.items()):
        raise NotTheSameOrder(f"{folder} đang dở của lệnh khác (lệnh {began['order']})")
    return began


def _content_of(table: Table) -> list[Any]:
    """How many rows, and a sum over all of them that changes with any."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(_DIGEST).format(table=sql.Identifier(table.model._meta.db_table)))
        return list(cursor.fetchone())


def _same(kept: dict[str, Any] | None, *, table: Table, folder: Path) -> dict[str, Any] | None:
    """What an earlier call wrote of the table, if the table is still the same and the files are there as they were written."""
    if kept is None:
        return None
    there = all(
        (folder / one["name"]).exists() and digest_of(folder / one["name"]) == one["sha256"] for one in kept["files"]
    )
    return kept if there and kept["content"] == _content_of(table) else None


def _write_rest(
    table: Table, kept: dict[str, Any], *, folder: Path, with_numbers: bool, most: int, began: dict[str, Any]
) -> None:
    while not kept["whole"]:
        number = len(kept["files"]) + 1
        after = kept["files"][-1]["last"] if kept["files"] else None
        made = _write_file(table, folder=folder, number=number, after=after, most=most, with_numbers=with_numbers)
        # A table without rows has one file with its headings; a full last file is followed by none.
        if made["rows"] or number == 1:
            kept["files"].append(made)
        else:
            (folder / made["name"]).unlink()
        kept["whole"] = made["rows"] < most
        _put(folder / PROGRESS, json.dumps(began).encode())


def _write_file(
    table: Table, *, folder: Path, number: int, after: Any, most: int, with_numbers: bool
) -> dict[str, Any]:
    name = f"{table.stem}-{number:03}.xlsx"
    part = folder / f".{name}.dang-ghi"
    readers = readers_of(table, with_numbers=with_numbers)
    money = {column.heading for column in table.columns if column.money}
    sums = dict.fromkeys(sorted(money), 0)
    workbook = xlsxwriter.Workbook(str(part), {"constant_memory": True})
    sheet = workbook.add_worksheet(table.title.replace("/", "-")[:31])
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
    formats = {
        date: workbook.add_format({"num_format": "dd/mm/yyyy"}),
        datetime: workbook.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}),
    }
    whole = workbook.add_format({"num_format": "#,##0"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(readers) - 1, 18)
    sheet.write_row(0, 0, [heading for heading, _, _ in readers], bold)
    rows, last = 0, after
    for pk, values in _rows(table, readers, after=after, most=most):
        rows, last = rows + 1, pk
        for at, ((heading, _, read), value) in enumerate(zip(readers, values, strict=True)):
            cell = read(value)
            if heading in money:
                sums[heading] += int(value or 0)
            _write(sheet, rows, at, cell, formats, whole if heading in money else None)
    workbook.close()
    part.chmod(0o600)
    part.rename(folder / name)
    return {"name": name, "rows": rows, "sums": sums, "last": last, "sha256": digest_of(folder / name)}


def _rows(
    table: Table, readers: list[tuple[str, str, Reader]], *, after: Any, most: int
) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    rows = table.model._default_manager.order_by("pk")
    found = rows if after is None else rows.filter(pk__gt=after)
    for pk, *values in found.values_list("pk", *(field for _, field, _ in readers))[:most].iterator(FETCHED):
        yield pk, tuple(values)


def _write(sheet: Any, row: int, at: int, cell: Cell, formats: dict[type[date], Any], money: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(row, at, cell)  # never a formula, whatever it begins with
    elif isinstance(cell, date):
        sheet.write_datetime(row, at, cell, formats[type(cell)])
    else:
        sheet.write_number(row, at, cell, money)


def _of_table(table: Table, files: list[dict[str, Any]]) -> dict[str, Any]:
    headings = files[0]["sums"]
    return {
        "table": table.label,
        "title": table.title,
        "rows": sum(one["rows"] for one in files),
        "sums": {heading: sum(one["sums"][heading] for one in files) for heading in headings},
        "not_written": list(table.sealed),
        "files": [{name: value for name, value in one.items() if name != "last"} for one in files],
    }


def digest_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _put(path: Path, content: bytes) -> None:
    """All of it or what was there before."""
    part = path.with_name(f".{path.name}.dang-ghi")
    part.write_bytes(content)
    part.chmod(0o600)
    part.rename(path)
