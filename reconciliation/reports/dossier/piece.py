"""What a dossier is made of: pieces in the order of the index, each a few rolls, with what is missing said by name."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

from reconciliation.reports.rolls.roll import Roll
from staff.models import AdministrativeUnit
from staff.printing import Embedded


@dataclass(frozen=True)
class Piece:
    """One line of the index. `missing` are sentences of what should be there and is not; `empty` is said where there was nothing to show."""

    title: str
    rolls: tuple[Roll, ...]
    missing: tuple[str, ...] = ()
    empty: str = "Trong tháng không phát sinh."


@dataclass(frozen=True)
class Dossier:
    """The pieces of a month; `files` are signed papers as they were uploaded, which travel inside the PDF."""

    unit: AdministrativeUnit
    month: date
    pieces: tuple[Piece, ...]
    made_at: datetime
    files: tuple[Embedded, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over titles, what is missing, the digests of the rolls and of the files; the moment doesn't count."""
        content = [
            [self.unit.code, self.month.isoformat()],
            [[piece.title, piece.missing, [roll.digest for roll in piece.rolls]] for piece in self.pieces],
            [[each.name, hashlib.sha256(each.content).hexdigest()] for each in self.files],
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()

    @property
    def missing(self) -> tuple[str, ...]:
        """Everything that is missing, in the order of the index."""
        return tuple(sentence for piece in self.pieces for sentence in piece.missing)
