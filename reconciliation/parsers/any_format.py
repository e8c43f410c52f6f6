"""Which format a statement file has is read off its first bytes, never off its name."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from reconciliation.parsers.camt053 import CamtParser
from reconciliation.parsers.interface import DEFAULT_MAX_BYTES, StatementParser, StatementReading
from reconciliation.parsers.mt940 import Mt940Parser
from reconciliation.parsers.table import TableForm, TableParser

LOOK = 4096
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


NO_FORM = TableForm()


def read_statements(
    source: BinaryIO, *, max_bytes: int = DEFAULT_MAX_BYTES, form: TableForm = NO_FORM
) -> Iterator[StatementReading]:
    """The statements in a file of any format we know; see `StatementParser.read`. `form` helps where it is a table. Raises StatementRefused."""
    source.seek(0)
    start = source.read(LOOK)
    source.seek(0)
    return _parser_for(start, form=form).read(source, max_bytes=max_bytes)


def read_files(
    sources: Sequence[BinaryIO], *, max_bytes: int = DEFAULT_MAX_BYTES, form: TableForm = NO_FORM
) -> Iterator[StatementReading]:
    """The statements in several files given together, one after the other; see `read_statements`."""
    for source in sources:
        yield from read_statements(source, max_bytes=max_bytes, form=form)


def _parser_for(start: bytes, *, form: TableForm) -> StatementParser:
    text = start
    for mark in _MARKS:
        text = text.removeprefix(mark)
    text = text.replace(b"\x00", b"").lstrip()
    if text.startswith(b"<"):
        return CamtParser()
    if text.startswith((b":20:", b"{1:", b"{4:")) or b"\n:20:" in text:
        return Mt940Parser()
    return TableParser(form)
