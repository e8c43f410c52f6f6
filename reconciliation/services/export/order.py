"""Who lets everything be handed over: one orders, another allows the numbers, the server writes it down when it is done."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from reconciliation.services.export.write import Written
from staff.errors import ExportIsSettled, ExportNeedsAnother, ExportNotReady
from staff.models import AdministrativeUnit, DataExport, User
from staff.rights import Right, may, no_right, out_of_reach


def _require(actor: User, right: Right) -> None:
    """It is the whole database: only somebody of the province."""
    if not may(actor, right):
        raise no_right(actor, right)
    if actor.unit is None or actor.unit.kind != AdministrativeUnit.Kind.PROVINCE:
        raise out_of_reach(actor, right)


def order_export(*, document: str, with_numbers: bool, actor: User, now: datetime) -> DataExport:
    """Ask for everything, on a paper. The same again while it is not written is the same. Raises `NotAllowed`."""
    _require(actor, Right.ORDER_EXPORT)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # a button pressed twice waits for itself
        asked = {"document": document, "with_numbers": with_numbers, "ordered_by": actor}
        again = DataExport.objects.filter(**asked, written_at=None).exclude(accepted=False).first()
        return again or DataExport.objects.create(**asked, ordered_at=now)


@transaction.atomic
def decide_export(*, export_id: int, accepted: bool, actor: User, now: datetime) -> DataExport:
    """The second person's word about numbers in clear. Raises `ExportNeedsAnother`, `ExportIsSettled`, `NotAllowed`, `DataExport.DoesNotExist`."""
    _require(actor, Right.APPROVE_EXPORT)
    export = DataExport.objects.select_for_update(of=("self",)).get(pk=export_id)
    if export.ordered_by_id == actor.pk:
        raise ExportNeedsAnother
    if not export.waits:
        raise ExportIsSettled(conflicts=[str(export_id)])
    export.decided_by, export.decided_at, export.accepted = actor, now, accepted
    export.save(update_fields=["decided_by", "decided_at", "accepted"])
    return export


def ready_export(export_id: int) -> DataExport:
    """The order, if it may be written now. Raises `ExportNotReady`."""
    export = DataExport.objects.filter(pk=export_id).first()
    if export is None or not export.ready:
        raise ExportNotReady(conflicts=[str(export_id)])
    return export


@transaction.atomic
def note_written(*, export_id: int, folder: Path, written: Written, now: datetime) -> None:
    """It is done: where, how much, and the digest of its manifest. Raises `ExportNotReady`."""
    export = DataExport.objects.select_for_update(of=("self",)).filter(pk=export_id).first()
    if export is None or not export.ready:
        raise ExportNotReady(conflicts=[str(export_id)])
    export.written_at, export.folder = now, str(folder)[:300]
    export.row_total, export.manifest_digest = written.row_total, written.manifest_digest
    export.save(update_fields=["written_at", "folder", "row_total", "manifest_digest"])
