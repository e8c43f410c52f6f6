"""The lists of a month, written into a folder or packed into one archive, and written down as handed out."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from reconciliation.errors import NoListOfMonth
from reconciliation.models import IssuedPaper
from reconciliation.reports.rolls.everyone import lines_of_month, plain_workbook
from reconciliation.reports.rolls.of_month import rolls_of_month
from reconciliation.reports.rolls.writing import documents_of, write_rolls
from reconciliation.services.papers.issue_files import note_issued, note_issued_paths
from reconciliation.services.papers.issue_papers import issued_roll
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

_DAY = (1980, 1, 1, 0, 0, 0)


def require_lists(actor: User, *, unit: AdministrativeUnit) -> None:
    """Lists name people: both rights, and the unit in reach. Raises `NotAllowed`."""
    require(actor, Right.SEE_LISTS, unit=unit)
    require(actor, Right.SEE_PERSONS, unit=unit)


def write_lists(
    *, unit: AdministrativeUnit, month: date, folder: Path, processes: int, actor: User, now: datetime
) -> list[Path]:
    """Every list of the month below the unit as PDF and workbook, and all lines in one plain sheet (bảng kê), readable by this user alone.

    Raises `NoListOfMonth`, `NotAllowed`.
    """
    require_lists(actor, unit=unit)
    rolls = rolls_of_month(unit=unit, month=month, now=now, reader=actor)
    if not rolls:
        raise NoListOfMonth
    paths = write_rolls(rolls=(roll for _, roll in rolls), folder=folder, processes=processes)
    IssuedPaper.objects.bulk_create(
        issued_roll(kind=kind, roll=roll, pdf=path.read_bytes(), unit=unit, month=month, actor=actor, now=now)
        for (kind, roll), path in zip(rolls, [path for path in paths if path.suffix == ".pdf"], strict=True)
    )
    names = {roll.name: roll.digest for _, roll in rolls}
    for written in paths:
        note_issued_paths(names=names[written.stem], paths=[written], now=now)
    path = folder / _everyone(unit, month)
    path.touch(mode=0o600)
    path.write_bytes(plain_workbook(lines_of_month(unit=unit, month=month, now=now), sheet="Bảng kê"))
    return [*paths, path]


def pack_lists(
    *, unit: AdministrativeUnit, month: date, actor: User, now: datetime, tell: Callable[[int, int], None]
) -> tuple[bytes, list[IssuedPaper]]:
    """The same as one .zip, made one after the other in this process, and the rows to write down with it. Raises `NoListOfMonth`, `NotAllowed`."""
    require_lists(actor, unit=unit)
    rolls = rolls_of_month(unit=unit, month=month, now=now, reader=actor)
    if not rolls:
        raise NoListOfMonth
    stream, papers = io.BytesIO(), []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:  # PDF and Excel are compressed already
        for nth, (kind, roll) in enumerate(rolls, start=1):
            documents = documents_of(roll)
            pdf = documents[0][1]
            papers.append(issued_roll(kind=kind, roll=roll, pdf=pdf, unit=unit, month=month, actor=actor, now=now))
            note_issued(names=roll.digest, files=documents, now=now)
            for suffix, content in documents:
                archive.writestr(zipfile.ZipInfo(f"{roll.name}{suffix}", _DAY), content)
            tell(nth, len(rolls))
        everyone = plain_workbook(lines_of_month(unit=unit, month=month, now=now), sheet="Bảng kê")
        archive.writestr(zipfile.ZipInfo(_everyone(unit, month), _DAY), everyone)
    return stream.getvalue(), papers


def _everyone(unit: AdministrativeUnit, month: date) -> str:
    return f"bang-ke-{month:%Y-%m}-{unit.code}.xlsx"
