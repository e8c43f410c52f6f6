"""Roll to lines of fixed width: text wraps inside its column, nothing is cut off, and pages are filled by lines."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reconciliation.reports.rolls.roll import Roll, sums, text_of

GAP = 1
FIRST_PAGE_MM, TITLE_MM, BELOW_TITLE_MM, PAGE_MM, PADDING_MM = 158.0, 6.0, 5.1, 172.0, 0.7
_TITLE_CHARACTERS, _BELOW_CHARACTERS = 72, 125  # a line of either holds at least so many
_CLOSING_MM, _NOTE_MM, _SIGNATURES_MM = 13.0, 9.0, 44.0
_ROWS_WITH_SIGNATURES = 2
_LONGEST = "Số mang sang"


@dataclass(frozen=True)
class Page:
    """Rows as blocks of lines; `carried` and `subtotal` are preformatted sum lines, empty where there is nothing to say."""

    carried: str
    rows: tuple[str, ...]
    subtotal: str
    total: str


def widths(roll: Roll) -> list[int]:
    """Printed width of each column in characters, the gap included."""
    return [each.width + GAP for each in roll.fields]


def fitted(roll: Roll) -> Roll:
    """The roll with columns of money as wide as the largest amount or sum in them: a wider one pushes all that follows it over the rules."""
    totals = sums(roll)

    def widest(at: int) -> int:
        amounts = [*(row[at] for row in roll.cells), *([totals[at]] if at in totals else [])]
        return max((len(text_of(amount, money=True)) for amount in amounts), default=0)

    fields = (
        replace(each, width=max(each.width, widest(at))) if each.money else each for at, each in enumerate(roll.fields)
    )
    return replace(roll, fields=tuple(fields))


def heading_block(roll: Roll) -> str:
    """The headings, wrapped and centred, all at the height of the deepest."""
    wrapped = [_wrap(each.heading, each.width) for each in roll.fields]
    deepest = max(len(lines) for lines in wrapped)
    padded = [[""] * ((deepest - len(lines)) // 2) + lines for lines in wrapped]
    return _block(
        [[line.center(each.width) for line in lines] for lines, each in zip(padded, roll.fields, strict=True)], roll
    )


def number_line(roll: Roll) -> str:
    """(1) (2) … below the headings."""
    return _block([[f"({nth})".center(each.width)] for nth, each in enumerate(roll.fields, start=1)], roll)


def pages_of(roll: Roll, *, line_mm: float) -> Iterator[Page]:
    """The roll page by page, with what is carried over from the pages before, the page's own sum, and the total on the last page."""
    blocks = [_row(roll, row) for row in roll.cells]
    start, summed = 0, any(each.summed for each in roll.fields)
    heights = [_height(block, line_mm=line_mm) for block in blocks]
    around = (heading_block(roll).count("\n") + 2) * line_mm + 6 * PADDING_MM  # headings and numbers
    end_mm = (
        (_CLOSING_MM if roll.counted else 0) + _NOTE_MM * len(roll.notes) + (_SIGNATURES_MM if roll.signatures else 0)
    )
    if sum(heights) + around + line_mm + end_mm <= _first_page(roll):  # one sum is printed, and all is on one page
        yield Page(
            carried="",
            rows=tuple(blocks),
            subtotal="",
            total=_sum_line(roll, "Tổng cộng", sums(roll)) if summed else "",
        )
        return
    while True:
        room = (PAGE_MM if start else _first_page(roll)) - around - 3 * line_mm  # up to three sums
        end = start
        while end < len(blocks) and room >= heights[end]:
            room, end = room - heights[end], end + 1
        end = max(end, min(start + 1, len(blocks)))
        if end == len(blocks) and room < end_mm and end - start > 2 * _ROWS_WITH_SIGNATURES:
            end -= _ROWS_WITH_SIGNATURES  # nobody signs a page without a line of the list on it
        last = end == len(blocks)
        several = summed and not (last and start == 0)
        yield Page(
            carried=_sum_line(roll, "Số mang sang", sums(roll, upto=start)) if start and summed else "",
            rows=tuple(blocks[start:end]),
            subtotal=_sum_line(roll, "Cộng trang", sums(roll, start=start, upto=end)) if several else "",
            total=_sum_line(roll, "Tổng cộng", sums(roll)) if last and summed else "",
        )
        if last:
            return
        start = end


def _first_page(roll: Roll) -> float:
    """What the head of the first page leaves, mm."""
    below = sum(-(-len(line) // _BELOW_CHARACTERS) for line in roll.lines_below_title if line)
    return FIRST_PAGE_MM - TITLE_MM * -(-len(roll.title) // _TITLE_CHARACTERS) - BELOW_TITLE_MM * below


def _height(block: str, *, line_mm: float) -> float:
    return (block.count("\n") + 1) * line_mm


def _row(roll: Roll, row: tuple[int | str, ...]) -> str:
    columns = []
    for value, each in zip(row, roll.fields, strict=True):
        text = text_of(value, money=each.money)
        columns.append([text.rjust(each.width)] if each.money else _wrap(text, each.width))
    return _block(columns, roll)


def _sum_line(roll: Roll, label: str, totals: dict[int, int]) -> str:
    cells = [
        text_of(totals[position], money=True).rjust(each.width) if position in totals else " " * each.width
        for position, each in enumerate(roll.fields)
    ]
    # In the first column that holds it: the rules between columns are drawn through everything.
    holds = next((at for at, each in enumerate(roll.fields) if each.width >= len(_LONGEST) and at not in totals), None)
    if holds is None:
        first = min(totals)
        return (
            " " + label.ljust(sum(each.width + GAP for each in roll.fields[:first])) + " ".join(cells[first:])
        ).rstrip()
    cells[holds] = label.ljust(roll.fields[holds].width)
    return (" " + " ".join(cells)).rstrip()


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=True) or [""]


def _block(columns: list[list[str]], roll: Roll) -> str:
    depth = max(len(lines) for lines in columns)
    return "\n".join(
        (
            " "
            + " ".join(
                (lines[nth] if nth < len(lines) else "").ljust(each.width)
                for lines, each in zip(columns, roll.fields, strict=True)
            )
        ).rstrip()
        for nth in range(depth)
    )
