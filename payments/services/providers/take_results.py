"""A provider's result list: who was paid and when, who did not come, what came back. The signed list is the last word on who was paid."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from payments.models import HandOver, Payment, PaymentBatch, Provider, ResultLine, ResultList
from payments.money import format_amount
from payments.services.learning.cases import open_payment_cases
from payments.services.providers.booking import BookedLate, book_provider_payments
from payments.services.providers.hand_over import lock_list, require_paid_by_provider
from payments.services.providers.judge import Judged, judge
from payments.services.providers.lines import lines_of
from payments.services.providers.moves import contradicted, move
from payments.services.providers.points import PointFinder
from payments.services.providers.read_results import read_results
from payments.services.providers.templates import form_of
from payments.states import PaymentStatus, payment_label
from staff.encryption import seal
from staff.models import User
from staff.rights import Right, require

Outcome, Problem, SignedBy = ResultLine.Outcome, ResultLine.Problem, ResultLine.SignedBy
SEALED_ROW = "provider-result-row"
_SENTENCES = {
    Problem.NOT_ON_LIST: "khoản chi này không có trong danh sách đã giao.",
    Problem.AMOUNT_DIFFERS: "số tiền khác danh sách đã giao.",
}


@dataclass(frozen=True)
class Results:
    """What a result list did: payments moved, rows said before, and `problems` as sentences with their row."""

    collected: int
    not_collected: int
    returned: int
    known: int
    problems: list[str] = field(default_factory=list)


@transaction.atomic
def take_results(
    *, content: bytes, batch_id: int, actor: User, now: datetime, provider: Provider | None = None
) -> Results:
    """Apply the provider's answer to one list, read by its form. A wrong row is named, kept, and does not stop the rest; again adds nothing.

    A word that comes when its month is closed counts all the same; it is booked in an open month, and a sentence of `problems` says so.
    Amounts must be ours. Who is not on the list is kept as a sealed row. Without `provider`, it is the one the list was handed to.
    Raises `FileUnreadable`, `NotAllowed`, `WrongBatchState`.
    """
    batch = lock_list(batch_id)
    require(actor, Right.RECONCILE, unit=batch.paying_unit)
    handed = HandOver.objects.filter(batch=batch).select_related("provider").first()
    if handed is None:
        require_paid_by_provider(batch)
    provider = provider or (handed.provider if handed else None)
    form = form_of(provider=provider, channel=batch.channel)
    judged = judge(
        read_results(content, form=form), batch=batch, lines=lines_of(batch, points=PointFinder(None)), form=form
    )
    problems = [f"Dòng {one.row.number}: {_sentence(one)}" for one in judged if one.unclear or one.problem]
    moving = [one for one in judged if one.moves]
    moved = move(moving, batch=batch, now=now)
    against = contradicted(moving, now=now)
    fresh = _keep(judged, batch=batch, provider=provider, against=against, actor=actor, now=now)
    problems += [
        f"Dòng {one.row.number}: kết quả khác lần trước ({payment_label(against[one.line.payment.pk], channel=batch.channel)}); mời đối chiếu chữ ký."
        for one in moving
        if one.line is not None and one.line.payment.pk in against
    ]
    problems += _watch_signatures(moving, now=now)
    problems += [_booked_late(late) for late in book_provider_payments(batch=batch, now=now)]
    said = sum(not one.unclear for one in judged)
    return Results(moved.paid, moved.not_collected, moved.returned, known=said - fresh, problems=problems)


def _booked_late(late: BookedLate) -> str:
    return (
        f"Tháng {late.paid_on:%m/%Y} đã khóa sổ: {format_amount(late.amount)} đồng chi ngày {late.paid_on:%d/%m/%Y} được ghi sổ ngày "
        f"{late.booked_on:%d/%m/%Y}. Kết quả từng người vẫn ghi đúng ngày nhận; không phải nạp lại."
    )


def _sentence(one: Judged) -> str:
    return one.unclear or _SENTENCES[Problem(one.problem)]


def _keep(
    judged: list[Judged],
    *,
    batch: PaymentBatch,
    provider: Provider | None,
    against: dict[int, str],
    actor: User,
    now: datetime,
) -> int:
    """Keep what was not said before; returns how many rows that are."""
    said = {one.digest: one for one in judged if not one.unclear}
    known = {bytes(digest) for digest in ResultLine.objects.filter(digest__in=said).values_list("digest", flat=True)}
    fresh = [one for digest, one in said.items() if digest not in known]
    if not fresh:
        return 0
    received = ResultList.objects.create(
        batch=batch, provider=provider, row_count=len(judged), received_by=actor, received_at=now
    )
    ResultLine.objects.bulk_create(
        (
            ResultLine(
                result_list=received,
                row_number=one.row.number,
                payment=one.line.payment if one.line else None,
                outcome=one.row.outcome,
                amount=one.row.amount,
                happened_on=one.row.happened_on,
                reason=one.row.reason,
                signed_by=one.signed_by,
                relation=one.row.relation,
                fingerprint=one.row.fingerprint,
                problem=Problem.CONTRADICTS if one.line and one.line.payment.pk in against else one.problem,
                digest=one.digest,
                sealed=None if one.line else _sealed(one),
            )
            for one in fresh
        ),
        batch_size=2000,
    )
    return len(fresh)


def _sealed(one: Judged) -> bytes:
    return seal(json.dumps(dict(one.row.cells), default=str, ensure_ascii=False).encode(), purpose=SEALED_ROW)


def _watch_signatures(moving: list[Judged], *, now: datetime) -> list[str]:
    """Paid in spite of a stop notice, or signed for by somebody the list does not name: the money is gone, and a person must see to it."""
    paid = {one.line.payment.pk: one for one in moving if one.line and one.row.outcome == Outcome.PAID}
    stopped = set(
        Payment.objects.filter(
            pk__in=paid, status=PaymentStatus.POSTED, stop_notice__isnull=False, stop_notice__withdrawn_at__isnull=True
        ).values_list("pk", flat=True)
    )
    another = [pk for pk, one in paid.items() if one.signed_by == SignedBy.ANOTHER]
    open_payment_cases(
        payment_ids=stopped,
        reason="PAID_AFTER_STOP_NOTICE",
        now=now,
        evidence="Tổ chức chi trả đã chi sau khi có thông báo dừng chi.",
    )
    open_payment_cases(payment_ids=another, reason="SIGNED_BY_ANOTHER", now=now)
    return [
        f"Dòng {one.row.number}: đã chi dù có thông báo dừng chi; mời làm việc với tổ chức chi trả."
        for pk, one in paid.items()
        if pk in stopped
    ] + [f"Dòng {paid[pk].row.number}: người ký nhận không có tên trong danh sách; mời xác minh." for pk in another]
