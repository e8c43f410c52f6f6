"""Funeral files: opened by a registered death, moved by what the one-stop desk says, counted with their reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from beneficiaries.errors import FuneralFileRefused
from beneficiaries.models import LIVE, Case, Enrolment, FuneralFile, FuneralFileStep
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

Status = FuneralFileStep.Status
NOT_APPLIED = "gia đình chưa nộp hồ sơ"
DEATH_WITHDRAWN = "sự kiện khai tử đã được thu hồi"
# What the one-stop desk may say next: a file goes on, and one that ended stays ended; only a death registered again reopens one that was stopped.
_ON = frozenset({Status.REFUSED, Status.SUPPLEMENT, Status.IN_PROGRESS, Status.STOPPED, Status.SETTLED})
GOES_ON: dict[Status, frozenset[Status]] = {
    Status.NOT_RECEIVED: _ON | {Status.NOT_RECEIVED},
    Status.SUPPLEMENT: _ON,
    Status.IN_PROGRESS: _ON,
    Status.REFUSED: frozenset({Status.SUPPLEMENT, Status.IN_PROGRESS}),
    Status.STOPPED: frozenset(),
    Status.SETTLED: frozenset(),
}
ENDED = (Status.SETTLED, Status.REFUSED, Status.STOPPED)


@dataclass(frozen=True)
class FuneralCount:
    """How many files stand in a status for one reason; reasons of one status add up to the status."""

    status: str
    reason: str
    files: int


def with_status(files: QuerySet[FuneralFile]) -> QuerySet[Any]:
    """Files with `status` and `reason` of their last step, and the code of the record the `allowance` is paid under (None: not granted)."""
    last = FuneralFileStep.objects.filter(file=OuterRef("pk")).order_by("-pk")
    granted = Enrolment.objects.filter(concerning=Coalesce(OuterRef("beneficiary__same_as"), OuterRef("beneficiary")))
    return files.annotate(
        status=Subquery(last.values("status")[:1]),
        reason=Subquery(last.values("reason")[:1]),
        allowance=Subquery(granted.order_by("pk").values("code")[:1]),
    )


def keep_funeral_files(*, dead: Sequence[int], alive: Sequence[int], actor: User, now: datetime) -> None:
    """Open a file for each of the `dead` who has none, reopen what a withdrawn death had stopped, stop those of the `alive`."""
    FuneralFile.objects.bulk_create(
        [FuneralFile(beneficiary_id=pk, opened_at=now) for pk in dead], ignore_conflicts=True, batch_size=1000
    )
    files = with_status(FuneralFile.objects.all())
    steps = [
        FuneralFileStep(
            file_id=file.pk, status=Status.NOT_RECEIVED, reason=NOT_APPLIED, recorded_by=actor, recorded_at=now
        )
        for file in files.filter(beneficiary__in=dead)
        if file.status is None or (file.status, file.reason) == (Status.STOPPED, DEATH_WITHDRAWN)
    ]
    steps += [
        FuneralFileStep(
            file_id=file.pk, status=Status.STOPPED, reason=DEATH_WITHDRAWN, recorded_by=actor, recorded_at=now
        )
        for file in files.filter(beneficiary__in=alive).exclude(status__in=ENDED)
    ]
    FuneralFileStep.objects.bulk_create(steps, batch_size=1000)


@transaction.atomic
def record_funeral_status(
    *, file_id: int, status: str, reason: str, file_number: str, actor: User, now: datetime
) -> FuneralFile:
    """What the one-stop desk said of a file. Raises `FuneralFileRefused`, `NotAllowed`."""
    file = FuneralFile.objects.select_for_update(of=("self",)).select_related("beneficiary__unit").get(pk=file_id)
    require(actor, Right.DECIDE_CASE, unit=file.beneficiary.unit)
    if status not in (Status.IN_PROGRESS, Status.SETTLED) and not reason.strip():
        raise FuneralFileRefused("Trạng thái này phải ghi lý do.")
    last = file.steps.order_by("-pk").values_list("status", flat=True).first()
    if last is not None and status not in GOES_ON[Status(last)]:
        raise FuneralFileRefused(
            f"Hồ sơ đang “{Status(last).label}”, không ghi lùi thành “{Status(status).label}” được; mời tải lại trang xem trạng thái hiện tại."
        )
    if file_number and file.file_number not in ("", file_number):
        raise FuneralFileRefused("Hồ sơ đã có mã hồ sơ khác.", conflicts=[file.file_number])
    if file_number and FuneralFile.objects.filter(file_number=file_number).exclude(pk=file_id).exists():
        raise FuneralFileRefused("Mã hồ sơ này là của hồ sơ khác.", conflicts=[file_number])
    if file_number and not file.file_number:
        file.file_number = file_number
        file.save(update_fields=["file_number"])
    FuneralFileStep.objects.create(file=file, status=status, reason=reason.strip(), recorded_by=actor, recorded_at=now)
    if status in ENDED:
        Case.objects.filter(beneficiary=file.beneficiary, kind=Case.Kind.FUNERAL, status__in=LIVE).update(
            status=Case.Status.SOLVED, decided_by=actor, decided_at=now, note=Status(status).label
        )
    return file


def count_funeral_files(*, unit: AdministrativeUnit) -> list[FuneralCount]:
    """Files of the subtree by status and reason: whatever is not settled has one."""
    files = with_status(FuneralFile.objects.filter(beneficiary__unit__path__startswith=unit.path))
    rows = files.values_list("status", "reason").annotate(Count("pk")).order_by("status", "reason")
    return [FuneralCount(status=status, reason=reason, files=count) for status, reason, count in rows]
