"""The mark beside what was handed out: made with a key outside the database, so that a row written by SQL vouches for nothing."""

import hmac
import json
from datetime import UTC

from reconciliation.models import IssuedFile, IssuedPaper
from staff.encryption import house_mark

_FILE, _PAPER = "issued-file", "issued-paper"


def mark_of_file(file: IssuedFile) -> str:
    """Over all by which the file is known."""
    return house_mark(json.dumps([file.names, file.suffix, file.size, file.digest]), purpose=_FILE)


def mark_of_paper(paper: IssuedPaper) -> str:
    """Over its bytes and all that is told of it: which paper, of what, when and for whom."""
    said = [
        paper.kind, paper.name, paper.unit_id, str(paper.month), paper.beneficiary_id, paper.digest, paper.lines, paper.pdf_size,
        paper.pdf_digest, paper.purpose, paper.made_at.astimezone(UTC).isoformat(timespec="microseconds"), paper.made_for_id,
    ]  # fmt: skip
    return house_mark(json.dumps(said), purpose=_PAPER)


def file_is_ours(file: IssuedFile) -> bool:
    """Whether we wrote the row."""
    return _same(file.mark, mark_of_file(file))


def paper_is_ours(paper: IssuedPaper) -> bool:
    """Whether we wrote the row."""
    return _same(paper.mark, mark_of_paper(paper))


def _same(told: str, ours: str) -> bool:
    """Of whatever somebody wrote by SQL: letters with marks are compared as bytes alone."""
    return hmac.compare_digest(told.encode(), ours.encode())
