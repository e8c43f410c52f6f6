"""The lines of a roll as CSV: embedded in the PDF, so that nobody types a list again."""

import csv
import io

from reconciliation.reports.rolls.roll import Roll

CSV_NAME = "danh-sach.csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would reckon, or run, when a text begins with it


def roll_csv(roll: Roll) -> bytes:
    """UTF-8 with a mark, so that Excel reads Vietnamese; money as bare digits; a text is never a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([each.heading for each in roll.fields])
    writer.writerows([as_text(cell) for cell in row] for row in roll.cells)
    return stream.getvalue().encode("utf-8-sig")


def as_text(cell: object) -> object:
    """A cell of any CSV people open: what begins as a formula is told to be a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def read_roll_csv(content: bytes) -> list[list[str]]:
    """The lines of such a file, without its headings, each cell as it was before it was made a text."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig", errors="replace"), newline=""))
    return [
        [cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell for cell in row] for row in rows
    ][1:]
