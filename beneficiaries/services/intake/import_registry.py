"""Take in a ward's registry list at once: every row kept as received, what can be read becomes people, enrolments, decisions, accounts."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from beneficiaries.errors.files import ColumnsMissing, UnknownUnit
from beneficiaries.models import HeadingMapping, Outcome, ReceivedFile
from beneficiaries.parsers.registry import CellError, RegistryList, open_registry
from beneficiaries.parsers.registry_rows import Ignored
from beneficiaries.services.intake.assess_registry import Assessment, Gone, assess_registry
from beneficiaries.services.intake.receive import note_received
from beneficiaries.services.intake.take_in import take_in
from staff.models import AdministrativeUnit, User
from staff.rights import Right, may, require


@dataclass(frozen=True)
class Intake:
    """What taking in one file did; `remarks` are (row number, what is wrong). `repeated`: the same content was there before."""

    rows: int
    added: int
    known: int
    rejected: int
    remarks: list[tuple[int, CellError]]
    repeated: bool = False
    changed: int = 0
    gone: list[Gone] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    elsewhere: int = 0


@transaction.atomic
def import_registry(
    *, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime, sheet: str | None = None
) -> Intake:
    """Import one commune's list. Raises `FileUnreadable` (nothing written) or `NotAllowed`.

    A row that can't be taken in is kept with its errors and does not stop the others; a code that is known is not touched: what changes
    an enrolment is a decision.
    """
    require_intake(actor, unit=unit)
    assessment = assess_registry(read_for(unit, content=content, sheet=sheet), unit=unit)
    file = note_list(assessment, unit=unit, actor=actor, now=now)
    if file is None:
        known = len(assessment.rows)
        old = [(row.entry.row_number, error) for row in assessment.rows for error in row.entry.errors]
        old = [(at, error) for at, error in old if error.code == "CORRECTED_SINCE"]
        return Intake(
            rows=known, added=0, known=known, rejected=0, remarks=old, repeated=True, changed=len({at for at, _ in old})
        )
    added = take_in(assessment.rows, file=file, unit=unit, take_over=may(actor, Right.TAKE_OVER), now=now)
    counts = assessment.counts
    return Intake(
        rows=len(assessment.rows),
        added=added,
        known=counts[Outcome.CHANGED] + counts[Outcome.UNCHANGED],
        rejected=counts[Outcome.WRONG],
        remarks=[(row.entry.row_number, error) for row in assessment.rows for error in row.entry.errors],
        changed=counts[Outcome.CHANGED],
        gone=assessment.gone,
        ignored=assessment.ignored,
        elsewhere=sum(row.elsewhere for row in assessment.rows),
    )


def require_intake(actor: User, *, unit: AdministrativeUnit) -> None:
    """Raise `NotAllowed`, or `UnknownUnit` for a unit that keeps no registry."""
    require(actor, Right.IMPORT_REGISTRY, unit=unit)
    if unit.kind != AdministrativeUnit.Kind.COMMUNE:
        raise UnknownUnit("Danh sách đối tượng là của một xã, phường; mời chọn đúng mã xã.")


def read_for(unit: AdministrativeUnit, *, content: bytes, sheet: str | None = None) -> RegistryList:
    """Read a list; headings that are not recognised, with what this unit confirmed about just these. Raises `FileUnreadable`."""
    try:
        return open_registry(content, sheet=sheet)
    except ColumnsMissing as missing:
        mapping = HeadingMapping.objects.filter(
            unit=unit, kind=ReceivedFile.Kind.REGISTRY, fingerprint=missing.fingerprint
        ).first()
        if mapping is None:
            raise
        return open_registry(content, saved=mapping.columns, sheet=sheet)


def note_list(assessment: Assessment, *, unit: AdministrativeUnit, actor: User, now: datetime) -> ReceivedFile | None:
    """Note the file, or return None when the same rows were received before and nothing in them is new.

    The same rows may bring somebody new when what was wrong with them was ours: a category the catalogue lacked.
    """
    counts = assessment.counts
    for about in ("", f"{counts[Outcome.WRONG]} not taken in"):
        file = note_received(
            kind=ReceivedFile.Kind.REGISTRY,
            digests=assessment.digests,
            unit=unit,
            actor=actor,
            now=now,
            rejected=counts[Outcome.WRONG],
            about=about,
        )
        if file is not None or not counts[Outcome.NEW]:
            return file
    return None
