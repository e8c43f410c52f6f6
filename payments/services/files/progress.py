"""How far files have come, counted from the payments each time it is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum

from payments.models import Payment, PaymentFile
from payments.states import BatchStatus, FileStatus, PaymentStatus


@dataclass(frozen=True)
class FileProgress:
    """One file: where it stands since when, and its payments per status as (people, đồng)."""

    message_id: str
    batch_id: int
    status: FileStatus
    since: datetime
    count: int
    total: int
    reason: str
    payments: dict[PaymentStatus, tuple[int, int]]

    @property
    def sentence(self) -> str:
        """For the terminal."""
        parts = [f"{people} {status.label.lower()}" for status, (people, _) in self.payments.items()]
        return f"{self.message_id} · {self.status.label} · {self.count} khoản · {', '.join(parts) or 'không còn khoản nào'}"


def file_progress(*, batch_ids: Iterable[int] | None = None) -> list[FileProgress]:
    """The files of these lists, or of all open lists, oldest first."""
    files = PaymentFile.objects.defer("sealed").order_by("pk")
    files = (
        files.filter(batch__status=BatchStatus.RELEASED)
        if batch_ids is None
        else files.filter(batch_id__in=list(batch_ids))
    )
    found = list(files)
    rows = (
        Payment.objects.filter(batch_id__in={file.batch_id for file in found}, file__isnull=False)
        .values_list("file_id", "status")
        .annotate(people=Count("id"), amount=Sum("amount"))
        .order_by()
    )
    counted: dict[int, dict[PaymentStatus, tuple[int, int]]] = {}
    for file_id, status, people, amount in rows:
        counted.setdefault(file_id, {})[PaymentStatus(status)] = (people, amount)
    return [
        FileProgress(
            message_id=file.message_id,
            batch_id=file.batch_id,
            status=FileStatus(file.status),
            since=file.status_at,
            count=file.count,
            total=file.total,
            reason=file.reason,
            payments=counted.get(file.pk, {}),
        )
        for file in found
    ]
