"""Who must act now and since when: lists waiting for a signature, slips waiting for theirs. Derived from rows each time it is asked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, QuerySet

from payments.models import PaymentBatch, RemovalSlip, Signature
from payments.states import BatchStatus, Step
from staff.models import AdministrativeUnit, Delegation, User
from staff.rights import Right, who_may
from staff.time_zone import VIETNAM

OVERDUE_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Awaiting:
    """One thing somebody must sign; `people` are the names of those who may, delegates too, `user_ids` who they are: names are not unique.

    `slip_id` is None for the list itself. `ask`: who lets somebody sign when nobody is left who may, since one person signs a list once; else "".
    """

    batch: PaymentBatch
    slip_id: int | None
    step: Step
    since: datetime
    overdue: bool
    people: list[str]
    user_ids: frozenset[int]
    ask: str = ""


_NEXT = """
SELECT b.id, (payments_required_steps(b.id))[count(s.id) + 1], coalesce(max(s.signed_at), b.status_at)
FROM payments_paymentbatch b LEFT JOIN payments_signature s ON s.batch_id = b.id AND s.revision = b.revision
WHERE b.id = ANY(%s) GROUP BY b.id
"""


def awaiting(*, batches: QuerySet[PaymentBatch], now: datetime) -> list[Awaiting]:
    """What of these lists waits for a person, the longest waiting first."""
    waiting = batches.filter(status__in=(BatchStatus.DRAFT, BatchStatus.SUBMITTED, BatchStatus.APPROVED))
    lists = {batch.pk: batch for batch in waiting.select_related("paying_unit", "cycle", "programme")}
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [list(lists)])
        rows: list[tuple[PaymentBatch, int | None, Step, datetime]] = [
            (lists[pk], None, Step(step), since) for pk, step, since in cursor.fetchall()
        ]
    slips = (
        RemovalSlip.objects.filter(payment__batch__in=batches, refused_at__isnull=True)
        .select_related("payment__batch__paying_unit", "payment__batch__cycle", "payment__batch__programme")
        .prefetch_related("signatures")
    )
    for slip in slips:
        signed = {signature.step for signature in slip.signatures.all()}
        rows += [
            (slip.payment.batch, slip.pk, step, slip.requested_at)
            for step in (Step.CHECKER, Step.RELEASER)
            if step not in signed
        ]
    people = _people((batch.paying_unit for batch, *_ in rows), now=now)
    signed_by = _signed_by(lists)
    helped: dict[int, str] = {}
    found = []
    for batch, slip_id, step, since in sorted(rows, key=lambda row: (row[3], row[0].pk)):
        able = people[batch.paying_unit_id, step]
        left = {pk for _, pk in able} - (signed_by.get(batch.pk, set()) if slip_id is None else set())
        if not left and batch.paying_unit_id not in helped:
            helped[batch.paying_unit_id] = who_may(batch.paying_unit, Right.ASSIGN_ROLES)
        found.append(
            Awaiting(
                batch,
                slip_id,
                step,
                since,
                now - since > OVERDUE_AFTER,
                [name for name, _ in able],
                frozenset(pk for _, pk in able),
                "" if left else _whom_to_ask(step, named=bool(able), assigning=helped[batch.paying_unit_id]),
            )
        )
    return found


def _whom_to_ask(step: Step, *, named: bool, assigning: str) -> str:
    why = "Những người ký được bước này đều đã ký bước khác của danh sách" if named else "Chưa có ai giữ vai trò này"
    return (
        f"{why}; ba chữ ký phải của ba người. Mời đề nghị {assigning} phân thêm một người làm {step.label}, "
        "hoặc người giữ vai trò này ở cấp trên ủy quyền ký (trang Ủy quyền ký)."
    )


def _signed_by(batch_ids: Iterable[int]) -> dict[int, set[int]]:
    """Who signed the present revision of which list."""
    signed: dict[int, set[int]] = defaultdict(set)
    present = Signature.objects.filter(batch__in=list(batch_ids), revision=F("batch__revision"))
    for batch_id, signer_id in present.values_list("batch_id", "signer_id"):
        signed[batch_id].add(signer_id)
    return signed


def _people(units: Iterable[AdministrativeUnit], *, now: datetime) -> dict[tuple[int, str], list[tuple[str, int]]]:
    """Names and user ids by unit and step: who has the role and reaches the unit, then who stands in today."""
    today = now.astimezone(VIETNAM).date()
    by_id = {unit.pk: unit for unit in units}
    staff = (
        User.objects.filter(is_active=True, role__in=Step.values, unit__isnull=False)
        .select_related("unit")
        .order_by("full_name", "pk")
    )
    standing_in = Delegation.objects.in_force(on=today).select_related("delegate__unit", "delegator__unit", "unit")
    names: dict[tuple[int, str], list[tuple[str, int]]] = defaultdict(list)
    for unit in by_id.values():
        for user in staff:
            if user.reaches(unit):
                names[unit.pk, user.role].append((user.full_name, user.pk))
        for delegation in standing_in:
            both = delegation.delegator.reaches(unit) and delegation.delegate.reaches(unit)
            if both and unit.path.startswith(delegation.unit.path):
                names[unit.pk, delegation.role].append(
                    (f"{delegation.delegate.full_name} ({delegation.form}.)", delegation.delegate_id)
                )
    return names
