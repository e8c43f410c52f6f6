"""Write down the bytes of what is handed out, so that it is known again whatever the program draws by then."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from reconciliation.models import IssuedFile
from reconciliation.reports.issued_marks import mark_of_file


def note_issued(*, names: str, files: Iterable[tuple[str, bytes]], now: datetime) -> None:
    """`files` as (suffix, content), `names` the digest they print; the same bytes again are the same row."""
    IssuedFile.objects.bulk_create(
        (_marked(names=names, suffix=suffix, content=content, now=now) for suffix, content in files),
        ignore_conflicts=True,
    )


def _marked(*, names: str, suffix: str, content: bytes, now: datetime) -> IssuedFile:
    digest = hashlib.sha256(content).hexdigest()
    file = IssuedFile(names=names, suffix=suffix, size=len(content), digest=digest, issued_at=now)
    file.mark = mark_of_file(file)
    return file


def note_issued_paths(*, names: str, paths: Iterable[Path], now: datetime) -> None:
    """The same of files on disk."""
    note_issued(names=names, files=((path.suffix, path.read_bytes()) for path in paths), now=now)
