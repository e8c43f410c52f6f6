"""Who was shown a report, and who of those it is addressed to was not yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reconciliation.models import ReportReading, ReportRun
from reconciliation.services.papers.report_signers import Signer
from staff.models import User


@dataclass(frozen=True)
class Delivery:
    """One person: whether they may sign, and when they were first shown the present figures (None: not yet)."""

    name: str
    addressed: bool
    read_at: datetime | None


def note_reading(*, run: ReportRun, reader: User, now: datetime) -> None:
    """Keep that `reader` was shown the figures `run` has now; again, it stays the first time. Nothing to keep before there are figures."""
    if run.snapshot_id is not None:
        ReportReading.objects.bulk_create(
            [ReportReading(run=run, snapshot_id=run.snapshot_id, reader=reader, read_at=now)], ignore_conflicts=True
        )


def deliveries_of(run: ReportRun, *, signers: Sequence[Signer]) -> list[Delivery]:
    """Those it is addressed to first, read or not; then everybody else who was shown it, in the order they were."""
    readings = (
        ReportReading.objects.filter(snapshot_id=run.snapshot_id).select_related("reader").order_by("read_at", "pk")
    )
    read = {reading.reader_id: reading for reading in readings} if run.snapshot_id is not None else {}
    named = {signer.user.pk: signer for signer in signers}
    addressed = [Delivery(signer.shown, True, read[pk].read_at if pk in read else None) for pk, signer in named.items()]
    others = [
        Delivery(reading.reader.full_name, False, reading.read_at) for pk, reading in read.items() if pk not in named
    ]
    return addressed + others
