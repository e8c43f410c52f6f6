"""Write down the bytes of what is handed out, so that it is known again whatever the program draws by then."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from reconciliation.models import IssuedFile


def note_issued(*, names: str, files: Iterable[tuple[str, bytes]], now: datetime) -> None:
    """`files` as (suffix, content), `names` the digest they print; the same bytes again are the same row."""
    IssuedFile.objects.bulk_create(
        (
            IssuedFile(
                names=names,
                suffix=suffix,
                size=len(content),
                digest=hashlib.sha256(content).hexdigest(),
                issued_at=now,
            )
            for suffix, content in files
        ),
        ignore_conflicts=True,
    )


def note_issued_paths(*, names: str, paths: Iterable[Path], now: datetime) -> None:
    """The same of files on disk."""
    note_issued(names=names, files=((path.suffix, path.read_bytes()) for path in paths), now=now)
