"""Which format a statement file has is read off its first bytes, never off its name."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import BinaryIO

from reconciliation.parsers.camt053 import CamtParser
from reconciliation.parsers.interface import DEFAULT_MAX_BYTES, StatementParser, StatementReading
from reconciliation.parsers.mt940 import Mt940Parser
from reconciliation.parsers.pages import join_pages
from reconciliation.parsers.table import TableForm, TableParser

LOOK = 4096
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


NO_FORM = TableForm()


def read_statements(
    source: BinaryIO, *, max_bytes: int = DEFAULT_MAX_BYTES, form: TableForm = NO_FORM
) -> Iterator[StatementReading]:
    """The statements in a file of any format we know; see `StatementParser.read`. `form` helps where it is a table. Raises StatementRefused."""
    return read_files([source], max_bytes=max_bytes, form=form)


def read_files(
    sources: Sequence[BinaryIO], *, max_bytes: int = DEFAULT_MAX_BYTES, form: TableForm = NO_FORM
) -> Iterator[StatementReading]:
    """The statements in several files given together, oldest first, the pages of one joined in whatever order their files come."""
    ordered = sources if len(sources) == 1 else sorted(sources, key=partial(_place, max_bytes=max_bytes))
    yield from join_pages(chain.from_iterable(_read(source, max_bytes=max_bytes, form=form) for source in ordered))


def _read(source: BinaryIO, *, max_bytes: int, form: TableForm) -> Iterator[StatementReading]:
    source.seek(0)
    start = source.read(LOOK)
    source.seek(0)
    return _parser_for(start, form=form).read(source, max_bytes=max_bytes)


def _place(source: BinaryIO, *, max_bytes: int) -> tuple[str, str, int, str, int]:
    """Where a file stands among others, by its first statement; only ISO 20022 has pages in files of their own."""
    source.seek(0)
    if not isinstance(_parser_for(source.read(LOOK), form=NO_FORM), CamtParser):
        return "", "", 0, "", 0
    source.seek(0)
    head = next(CamtParser().read(source, max_bytes=max_bytes)).statement
    return head.account, head.from_on.isoformat(), head.sequence_number or 0, head.statement_id, head.page


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
