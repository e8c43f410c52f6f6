"""Papers that take a while: asked for, made in the background by one worker each, fetched by whoever asked."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from reconciliation.errors import PaperIsForgotten, PaperNotReady, TooManyPapers
from reconciliation.models import IssuedPaper, PaperKind, PaperOrder
from reconciliation.services.papers.write_dossier import bind_dossier, require_dossier
from reconciliation.services.papers.write_lists import pack_lists, require_lists
from staff.encryption import seal, unseal
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User

ORDERED = "paper-order"
LEASE = timedelta(minutes=10)
KEPT = timedelta(days=7)
MOST_ATTEMPTS = 3
MOST_OPEN = 10
Clock = Callable[[], datetime]
Status = PaperOrder.Status
_REQUIRE = {PaperKind.LISTS: require_lists, PaperKind.DOSSIER: require_dossier}


def order_paper(*, kind: PaperKind, unit: AdministrativeUnit, month: date, actor: User, now: datetime) -> PaperOrder:
    """Ask for a paper; asked for again while it is being made, it is the same order. Raises `NotAllowed`, `TooManyPapers`."""
    _REQUIRE[kind](actor, unit=unit)
    asked = {"kind": kind, "unit": unit, "month": month, "asked_by": actor}
    own = PaperOrder.objects.filter(status__in=(Status.WAITING, Status.WORKING), asked_by=actor)
    with transaction.atomic(), connection.cursor() as cursor:
        # One after the other for one person: a double click finds the order of the first, and nobody counts past the limit.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('order_paper'), %s::int)", [actor.pk])
        if found := own.filter(**asked).first():
            return found
        if own.count() >= MOST_OPEN:
            raise TooManyPapers
        return PaperOrder.objects.create(asked_at=now, **asked)


def open_paper(*, order: PaperOrder, actor: User) -> bytes:
    """The finished content, for whoever asked and still may. Raises `PaperNotReady`, `PaperIsForgotten`, `NotAllowed`."""
    _REQUIRE[PaperKind(order.kind)](actor, unit=order.unit)
    if order.status == Status.FORGOTTEN:
        raise PaperIsForgotten
    if order.status != Status.DONE or order.sealed is None:
        raise PaperNotReady(order.problem or None)
    return unseal(bytes(order.sealed), purpose=ORDERED)


def make_papers(*, clock: Clock) -> int:
    """Make what waits, and what a worker left behind, oldest first; return how many were worked on."""
    made = 0
    while (order := _claim(now=clock())) is not None:
        _make(order, clock=clock)
        made += 1
    return made


def forget_papers(*, now: datetime) -> int:
    """Drop the content of papers finished longer ago than `KEPT`; that they were handed out stays written down."""
    old = PaperOrder.objects.filter(status=Status.DONE, finished_at__lt=now - KEPT)
    return old.update(status=Status.FORGOTTEN, sealed=None)


@transaction.atomic
def _claim(*, now: datetime) -> PaperOrder | None:
    free = Q(status=Status.WAITING) | Q(status=Status.WORKING, lease_until__lt=now)
    order = (
        PaperOrder.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("unit", "asked_by__unit")
        .filter(free)
        .order_by("pk")
        .first()
    )
    if order is None:
        return None
    order.attempts, order.status, order.lease_until = order.attempts + 1, Status.WORKING, now + LEASE
    order.save(update_fields=["attempts", "status", "lease_until"])
    return order


def _make(order: PaperOrder, *, clock: Clock) -> None:
    """One attempt. A worker that dies leaves the lease behind; after some attempts the order is given up instead of tried for ever."""
    ours = PaperOrder.objects.filter(pk=order.pk, status=Status.WORKING, attempts=order.attempts)
    if order.attempts > MOST_ATTEMPTS:
        ours.update(
            status=Status.REFUSED, finished_at=clock(), problem="Đã thử nhiều lần mà không xong; mời báo quản trị hệ thống."
        )  # fmt: skip
        return

    def tell(done: int, total: int) -> None:
        ours.update(done=done, total=total, lease_until=clock() + LEASE)

    try:
        content, name, papers = _content(order, now=clock(), tell=tell)
    except Refusal as refusal:
        ours.update(status=Status.REFUSED, finished_at=clock(), problem=refusal.sentence[:200])
        return
    with transaction.atomic():
        moved = ours.update(
            status=Status.DONE, finished_at=clock(), sealed=seal(content, purpose=ORDERED), file_name=name, done=F("total")
        )  # fmt: skip
        if moved:
            IssuedPaper.objects.bulk_create(papers)


def _content(
    order: PaperOrder, *, now: datetime, tell: Callable[[int, int], None]
) -> tuple[bytes, str, list[IssuedPaper]]:
    given: dict[str, Any] = {
        "unit": order.unit,
        "month": order.month,
        "actor": order.asked_by,
        "now": now,
        "tell": tell,
    }
    if order.kind == PaperKind.DOSSIER:
        pdf, _, paper = bind_dossier(**given)
        return pdf, f"{paper.name}.pdf", [paper]
    content, papers = pack_lists(**given)
    return content, f"danh-sach-{order.month:%Y-%m}-{order.unit.code}.zip", papers
