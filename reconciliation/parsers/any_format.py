"""Which format a statement file has is read off its first bytes, never off its name."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import BinaryIO

from reconciliation.parsers.camt053 import CamtParser
from reconciliation.parsers.interface import DEFAULT_MAX_BYTES, ParsedStatement, StatementParser, StatementReading
from reconciliation.parsers.mt940 import Mt940Parser
from reconciliation.parsers.pages import Series, join_pages, series_of
from reconciliation.parsers.table import TableForm, TableParser

LOOK = 4096
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


NO_FORM = TableForm()


def read_files(
    sources: Sequence[BinaryIO], *, max_bytes: int = DEFAULT_MAX_BYTES, form: TableForm = NO_FORM
) -> Iterator[StatementReading]:
    """The statements in files of any format we know, oldest first; see `StatementParser.read`. `form` helps where a file is a table.

    The pages of one statement are joined in whatever order their files come. Raises StatementRefused.
    """
    ordered = sources if len(sources) == 1 else _in_order(sources, max_bytes=max_bytes)
    yield from join_pages(chain.from_iterable(_read(source, max_bytes=max_bytes, form=form) for source in ordered))


def _read(source: BinaryIO, *, max_bytes: int, form: TableForm) -> Iterator[StatementReading]:
    source.seek(0)
    start = source.read(LOOK)
    source.seek(0)
    return _parser_for(start, form=form).read(source, max_bytes=max_bytes)


def _in_order(sources: Sequence[BinaryIO], *, max_bytes: int) -> list[BinaryIO]:
    """By account and the day a statement begins, as its first page says: other pages may name no days at all."""
    heads = [_head(source, max_bytes=max_bytes) for source in sources]
    begins: dict[Series, date] = {}
    for head in sorted((head for head in heads if head), key=lambda head: head.page):
        begins.setdefault(series_of(head), head.from_on)

    def place(position: int) -> tuple[str, str, str, int]:
        head = heads[position]
        if head is None:
            return "", "", "", 0
        begin = head.from_on if head.page == 1 else begins[series_of(head)]
        return head.account, begin.isoformat(), str(series_of(head)[-1]).zfill(18), head.page

    return [sources[position] for position in sorted(range(len(sources)), key=place)]


def _head(source: BinaryIO, *, max_bytes: int) -> ParsedStatement | None:
    """Of a file's first statement; only ISO 20022 has pages in files of their own."""
    source.seek(0)
    if not isinstance(_parser_for(source.read(LOOK), form=NO_FORM), CamtParser):
        return None
    source.seek(0)
    return next(CamtParser().read(source, max_bytes=max_bytes)).statement


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
