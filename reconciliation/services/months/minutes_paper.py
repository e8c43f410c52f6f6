"""Biên bản đối chiếu as the paper both sides sign: it bears its code and, embedded, its rows (ADR 77, 83)."""

from datetime import UTC

from django.template.loader import render_to_string

from payments.money import format_amount
from reconciliation.reports.rolls.roll import Roll
from reconciliation.reports.rolls.roll_csv import CSV_NAME, roll_csv
from reconciliation.services.months.minutes import Minutes
from reconciliation.services.months.minutes_roll import conclusion
from staff.printing import Embedded, archive_pdf


def render_minutes(minutes: Minutes, roll: Roll) -> bytes:
    """The PDF of the minutes (practice: theo đơn vị, theo tổ chức dịch vụ chi trả, chênh lệch, nguyên nhân) with both signature blocks.

    `roll` is theirs (`minutes_roll`): its code, its rows and its moment; the same ones give the same bytes.
    """
    rows = [
        (row.name, format_amount(row.ours), _shown(row.theirs), _shown(row.difference), row.cause, row.difference != 0)
        for row in minutes.rows
    ]
    said = {
        "minutes": minutes, "rows": rows, "agency": roll.agency, "place": roll.place, "conclusion": conclusion(minutes), "digest": roll.digest,
        "code": roll.code, "created": roll.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }  # fmt: skip
    lines = Embedded(name=CSV_NAME, description="Các dòng của biên bản", content=roll_csv(roll), modified=roll.made_at)
    html = render_to_string("reconciliation/minutes.html", said)
    return archive_pdf(html, identifier=bytes.fromhex(roll.digest), files=[lines])


def _shown(amount: int | None) -> str:
    return "..." if amount is None else format_amount(amount)
