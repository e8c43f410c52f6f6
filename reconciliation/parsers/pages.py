"""One statement on several pages, in one file or in several: banks cut a long statement up, and only the whole of it proves anything.

Pages are joined as they are read. The first says what the statement begins with, the last what it ends with; balances between pages are
checked where the bank prints them.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from reconciliation.parsers.errors import StatementIncomplete
from reconciliation.parsers.interface import Doubt, ParsedLine, ParsedStatement, StatementReading

Series: TypeAlias = tuple[str, str, int | str]


def join_pages(readings: Iterator[StatementReading]) -> Iterator[StatementReading]:
    """Whole statements; one whose lines the caller leaves unread is read to its end. Raises StatementIncomplete for a page that lacks others."""
    for reading in readings:
        head = reading.statement
        if head.page == 1 and head.is_last_page:
            yield reading
            continue
        if head.page != 1:
            raise StatementIncomplete(f"page 1 is missing before page {head.page}")
        whole = _join(reading, readings)
        yield whole
        for _ in whole.lines():
            pass


def _join(first: StatementReading, readings: Iterator[StatementReading]) -> StatementReading:
    def entries() -> Iterator[list[ParsedLine]]:
        pages, lines, count = [first.statement], 0, 0
        page, doubts, counts = first, list(first.doubts), [0]
        while True:
            for entry in page.entries():
                yield entry if len(pages) == 1 else [_moved(line, lines=lines, entries=count) for line in entry]
                counts[-1] += 1
            lines += page.line_count
            count += counts[-1]
            doubts += _doubted(pages, page)
            if page.statement.is_last_page:
                break
            page = _next(readings, after=page.statement)
            pages.append(page.statement)
            counts.append(0)
        whole.end_with(_whole(pages, counts), doubts=doubts)

    whole = StatementReading(first.statement, entries())
    return whole


def _next(readings: Iterator[StatementReading], *, after: ParsedStatement) -> StatementReading:
    following = next(readings, None)
    if (
        following is None
        or series_of(following.statement) != series_of(after)
        or following.statement.page != after.page + 1
    ):
        raise StatementIncomplete(f"page {after.page + 1} is missing")
    return following


def series_of(head: ParsedStatement) -> Series:
    """What the pages of one statement have in common."""
    number = head.statement_id if head.sequence_number is None else head.sequence_number
    return head.format, head.account, number


def _moved(line: ParsedLine, *, lines: int, entries: int) -> ParsedLine:
    return replace(line, ordinal=line.ordinal + lines, entry_ordinal=line.entry_ordinal + entries)


def _doubted(pages: list[ParsedStatement], page: StatementReading) -> Iterator[Doubt]:
    head = page.statement
    if not page.balances_tie:
        yield Doubt(
            key=f"page-{head.page}",
            ours=(head.opening or 0) + page.total,
            theirs=head.closing or 0,
            sentence=f"Trang {head.page} của sao kê: số dư đầu trang cộng phát sinh không bằng số dư cuối trang.",
        )
    before = pages[-2].closing if len(pages) > 1 else None
    if before is not None and head.opening is not None and before != head.opening:
        yield Doubt(
            key=f"pages-{head.page}",
            ours=before,
            theirs=head.opening,
            sentence=f"Trang {head.page} của sao kê: số dư đầu trang không bằng số dư cuối trang trước.",
        )


def _whole(pages: list[ParsedStatement], counts: list[int]) -> ParsedStatement:
    # A page in the middle may name no day but that of its writing, which the statement need not cover.
    first, last = pages[0], pages[-1]
    return replace(
        first,
        to_on=last.to_on if last.closing is not None else max(page.to_on for page in pages),
        closing=last.closing,
        declared_entries=_declared([page.declared_entries for page in pages], read=sum(counts)),
        is_last_page=True,
    )


def _declared(said: list[int | None], *, read: int) -> int | None:
    """Some banks count each page, others say the whole statement's count on every page or on the last."""
    known = [count for count in said if count is not None]
    if not known or set(known) == {read}:
        return known[0] if known else None
    return sum(known) if len(known) == len(said) else known[-1]
