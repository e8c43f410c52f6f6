"""The lines of a roll as CSV: embedded in the PDF, so that nobody types a list again."""

import csv
import io

from reconciliation.reports.rolls.roll import Roll

CSV_NAME = "danh-sach.csv"


def roll_csv(roll: Roll) -> bytes:
    """UTF-8 with a mark, so that Excel reads Vietnamese; money as bare digits."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([each.heading for each in roll.fields])
    writer.writerows(roll.cells)
    return stream.getvalue().encode("utf-8-sig")
