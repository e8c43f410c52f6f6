"""The same rows as every kind of file an office sends."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import xlwt

from beneficiaries.parsers.encodings import to_tcvn3, to_vni
from beneficiaries.parsers.registry import COLUMNS
from tests.beneficiaries.office_files import registry_file

Rows = Iterable[Mapping[str, Any]]
HEAD = ['office:value-type="string"']


def matrix(rows: Rows) -> list[list[Any]]:
    """Title, headings, people."""
    return [
        ["UBND XÃ PHƯỚC THUẬN"],
        list(COLUMNS.values()),
        *[[row.get(key) for key in COLUMNS] for row in rows],
        [None, "Tổng cộng"],
    ]


def as_text(rows: Rows, *, delimiter: str, encoding: str, bom: bytes = b"", comma: bool = False) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    for row in matrix(rows):
        writer.writerow([_typed(cell, comma=comma) for cell in row])
    text = stream.getvalue()
    if encoding == "tcvn3":
        return to_tcvn3(text).encode("latin-1")
    if encoding == "vni":
        return to_vni(text).encode("latin-1")
    return bom + text.encode(encoding)


def as_xls(rows: Rows) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Danh sách")
    dates = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for at, row in enumerate(matrix(rows)):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(at, column, cell, *([dates] if isinstance(cell, date) else []))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_ods(rows: Rows, *, repeated: str = "") -> bytes:
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in matrix(rows))
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="Danh sách">{lines}{repeated}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def _typed(cell: Any, *, comma: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell).replace(".", ",") if comma and isinstance(cell, float) else str(cell)


FORMATS: dict[str, Callable[[Rows], bytes]] = {
    "xlsx": registry_file,
    "xls": as_xls,
    "ods": as_ods,
    "csv, UTF-8": lambda rows: as_text(rows, delimiter=",", encoding="utf-8"),
    "csv, UTF-8 with a mark, semicolons": lambda rows: as_text(
        rows, delimiter=";", encoding="utf-8", bom=b"\xef\xbb\xbf", comma=True
    ),
    "tsv, UTF-16 as Excel writes it": lambda rows: as_text(rows, delimiter="\t", encoding="utf-16"),
    "tsv, UTF-16 without a mark": lambda rows: as_text(rows, delimiter="\t", encoding="utf-16-le"),
    "csv, TCVN3": lambda rows: as_text(rows, delimiter=";", encoding="tcvn3", comma=True),
    "csv, VNI": lambda rows: as_text(rows, delimiter=",", encoding="vni"),
    "xlsx in a TCVN3 font": lambda rows: registry_file([_in_font(row, to_tcvn3) for row in rows]),
    "xlsx in a VNI font": lambda rows: registry_file([_in_font(row, to_vni) for row in rows]),
}


def _in_font(row: Mapping[str, Any], encode: Callable[[str], str]) -> dict[str, Any]:
    return {key: encode(cell) if isinstance(cell, str) else cell for key, cell in row.items()}
