"""The answers to an enquiry as they came back, with one column more: which row can't be taken in and why."""

from datetime import datetime

from beneficiaries.models import IdentityEnquiry
from beneficiaries.parsers.verdicts import COLUMNS
from beneficiaries.parsers.workbook import open_columns
from beneficiaries.services.identity.import_verdicts import check_verdicts
from beneficiaries.services.intake.annotated_file import NOT_TAKEN, annotate
from staff.models import User
from staff.rights import Right, require


def annotated_answers(*, content: bytes, enquiry: IdentityEnquiry, actor: User, now: datetime) -> bytes:
    """The list as .xlsx with its reasons; writes nothing. Corrected and sent in it is taken in. Raises `FileUnreadable`, `NotAllowed`."""
    require(actor, Right.ASK_IDENTITY, unit=enquiry.unit)
    _, problems = check_verdicts(content=content, enquiry=enquiry, now=now)
    reasons = {row: NOT_TAKEN + problem[:1].upper() + problem[1:] for row, problem in problems.items()}
    return annotate(open_columns(content, columns=COLUMNS, optional=frozenset({"note"})), reasons)
