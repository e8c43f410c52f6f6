"""An office's list as it was sent, with one column more: why a row was not taken in and what to do. Fixed and sent again, it is taken in."""

from collections.abc import Mapping, Sequence

from beneficiaries.errors.files import ColumnsMissing
from beneficiaries.parsers.account_lists import ANSWER_OPTIONAL, VNEID_COLUMNS, VNEID_OPTIONAL
from beneficiaries.parsers.gift_lists import COLUMNS as GIFT_COLUMNS
from beneficiaries.parsers.gift_lists import OPTIONAL as GIFT_OPTIONAL
from beneficiaries.parsers.insurance import COLUMNS as INSURANCE_COLUMNS
from beneficiaries.parsers.life_events import COLUMNS as EVENT_COLUMNS
from beneficiaries.parsers.life_events import OPTIONAL as EVENT_OPTIONAL
from beneficiaries.parsers.office_lists import (
    ACCOUNT_COLUMNS,
    DECISION_COLUMNS,
    DECISION_OPTIONAL,
    REVIEW_COLUMNS,
    REVIEW_OPTIONAL,
    UNCLAIMED_COLUMNS,
    UNCLAIMED_OPTIONAL,
)
from beneficiaries.parsers.workbook import Table, open_columns
from beneficiaries.services.accounts.opening_templates import answer_forms
from beneficiaries.services.intake.annotated_file import NOT_TAKEN, annotate

Headings = tuple[Mapping[str, str], frozenset[str]]
HEADINGS: Mapping[str, Headings] = {
    "ACCOUNTS": (ACCOUNT_COLUMNS, frozenset()),
    "VNEID": (VNEID_COLUMNS, VNEID_OPTIONAL),
    "DECISIONS": (DECISION_COLUMNS, DECISION_OPTIONAL),
    "REVIEWS": (REVIEW_COLUMNS, REVIEW_OPTIONAL),
    "INSURANCE": (INSURANCE_COLUMNS, frozenset()),
    "GIFTS": (GIFT_COLUMNS, GIFT_OPTIONAL),
    "LIFE_EVENTS": (EVENT_COLUMNS, EVENT_OPTIONAL),
    "UNCLAIMED": (UNCLAIMED_COLUMNS, UNCLAIMED_OPTIONAL),
}


def annotated_list(*, kind: str, content: bytes, problems: Sequence[tuple[int, str]]) -> bytes:
    """The list as .xlsx; `problems` are (row as the spreadsheet counts, sentence). A row with several has all of them in its one cell.

    Raises a `FileUnreadable` for what is no list of this `kind` (a `ReceivedFile.Kind`).
    """
    reasons: dict[int, str] = {}
    for row, sentence in problems:
        said = sentence[:1].upper() + sentence[1:]
        reasons[row] = f"{reasons[row]} {said}" if row in reasons else NOT_TAKEN + said
    return annotate(_table(kind, content), reasons)


def _table(kind: str, content: bytes) -> Table:
    if kind in HEADINGS:
        columns, optional = HEADINGS[kind]
        return open_columns(content, columns=columns, optional=optional)
    *others, last = answer_forms()
    for form in others:
        try:
            return open_columns(content, columns=form.columns, optional=ANSWER_OPTIONAL)
        except ColumnsMissing:
            continue
    return open_columns(content, columns=last.columns, optional=ANSWER_OPTIONAL)
